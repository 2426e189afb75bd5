import type { IntegrationDraft, Pair } from './draft.ts';
import { toDraft } from './draft.ts';
import { ALIASES, type Settings } from './settings.ts';

/** Keys that one part of the form stands for, and what it makes of them; what is left out is as the cloud has it by default. */
interface Part {
  readonly keys: readonly string[];
  write(draft: IntegrationDraft): Settings;
}

const text = (key: string, read: (draft: IntegrationDraft) => string): Part => ({
  keys: [key],
  write: (draft) => (read(draft) === '' ? {} : { [key]: read(draft) }),
});
const flag = (key: string, read: (draft: IntegrationDraft) => boolean, unusual = true): Part => ({
  keys: [key],
  write: (draft) => (read(draft) === unusual ? { [key]: unusual } : {}),
});
const pairs = (key: string, read: (draft: IntegrationDraft) => readonly Pair[]): Part => ({
  keys: [key],
  write: (draft) => {
    const object = objectOf(read(draft));
    return Object.keys(object).length === 0 ? {} : { [key]: object };
  },
});

const COMMON: readonly Part[] = [
  { keys: ['integration_type'], write: ({ type }) => (type === 'Webhook' ? {} : { integration_type: type }) },
  text('event', ({ event }) => event),
  text('name', ({ name }) => name),
  text('deviceID', ({ deviceId }) => deviceId),
  { keys: ['products'], write: ({ products }) => (products.length === 0 ? {} : { products: products.map(Number) }) },
  flag('disabled', ({ enabled }) => !enabled),
  { keys: ['mode'], write: ({ mode }) => (mode === 'durable' ? {} : { mode }) },
];
const PUB_SUB: readonly Part[] = [text('topic', ({ topic }) => topic)];
const WEBHOOK: readonly Part[] = [
  text('url', ({ url }) => url),
  { keys: ['requestType'], write: ({ method }) => (method === 'POST' ? {} : { requestType: method }) },
  { keys: ['auth'], write: authOf },
  pairs('headers', ({ headers }) => headers),
  pairs('query', ({ query }) => query),
  { keys: ['form', 'json', 'body'], write: contentOf },
  flag('noDefaults', ({ noDefaults }) => noDefaults),
  flag('rejectUnauthorized', ({ verifyCertificate }) => verifyCertificate, false),
  text('responseTopic', ({ responseTopic }) => responseTopic),
  text('errorResponseTopic', ({ errorResponseTopic }) => errorResponseTopic),
  { keys: ['responseTemplate'], write: responseTemplateOf },
  flag('unchunked', ({ unchunked }) => unchunked),
  flag('dataUrlResponseEvent', ({ dataUrlResponseEvent }) => dataUrlResponseEvent),
  text('signing_secret', ({ signingSecret }) => signingSecret),
];
const PARTS: readonly Part[] = [
  ...COMMON,
  ...WEBHOOK.map((part) => onlyFor('Webhook', part)),
  ...PUB_SUB.map((part) => onlyFor('GoogleCloudPubSub', part)),
];

/**
 * @param draft without problems
 * @param base what the form was made from
 * @returns the base with what the form has changed: keys that the form doesn't know, and the spelling of what nobody touched, stay
 */
export function toSettings(draft: IntegrationDraft, base: Settings): Settings {
  const before = toDraft(base);
  // Another type reads other keys: what it leaves behind goes, and what it finds there counts.
  const sameType = { ...before, type: draft.type };
  const replaced = new Set<string>();
  const written = new Map<string, unknown>();
  for (const { keys, write } of PARTS) {
    const now = write(draft);
    const isUntouched = [before, sameType].every((one) => JSON.stringify(write(one)) === JSON.stringify(now));
    if (isUntouched) continue;
    for (const key of keys) replaced.add(key);
    for (const [key, value] of Object.entries(now)) written.set(key, value);
  }
  const settings = new Map<string, unknown>();
  for (const [spelling, value] of Object.entries(base)) {
    const key = ALIASES[spelling] ?? spelling;
    if (!replaced.has(key)) settings.set(spelling, value);
    else if (written.has(key)) settings.set(key, written.get(key));
  }
  for (const [key, value] of written) settings.set(key, value);
  return Object.fromEntries(settings);
}

function onlyFor(type: IntegrationDraft['type'], { keys, write }: Part): Part {
  return { keys, write: (draft) => (draft.type === type ? write(draft) : {}) };
}

function authOf({ auth: { kind, username, password, bearer } }: IntegrationDraft): Settings {
  if (kind === 'none') return {};
  return { auth: kind === 'bearer' ? { bearer } : { username, password } };
}

function contentOf({ content, form, json, jsonIsText, body }: IntegrationDraft): Settings {
  if (content === 'form') return { form: objectOf(form) };
  if (content === 'json') return { json: jsonIsText ? json : parsed(json) };
  return content === 'body' ? { body } : {};
}

function responseTemplateOf({ responseTemplate, responseTemplateIsObject }: IntegrationDraft): Settings {
  if (responseTemplate.trim() === '') return {};
  return { responseTemplate: responseTemplateIsObject ? parsed(responseTemplate) : responseTemplate };
}

function objectOf(rows: readonly Pair[]): Settings {
  return Object.fromEntries(
    rows
      .filter(({ name, value }) => name !== '' || value !== '')
      .map(({ name, value, isJson }) => [name, isJson ? parsed(value) : value]),
  );
}

/** What is no JSON stays the text that it is: the form says that it cannot be saved. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
