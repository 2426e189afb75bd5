import { DomainError } from '../domain-error.ts';
import { defaultFields, eventScope, type TriggeringEvent } from './event-variables.ts';
import type { TemplateObject, WebhookSettings } from './integration-settings.ts';
import { RenderBudget, renderTemplate, renderTree, type Scope } from './render-template.ts';
import { isSecretField } from './secret-fields.ts';

/** An HTTP request that an event makes of an integration. */
export interface IntegrationRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** http or https; whether it may be called is not decided here. */
  readonly url: string;
  /** By name as it was given; none that the connection needs itself. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly rejectUnauthorized: boolean;
  /** Texts in the request that no log may show. */
  readonly secrets: readonly string[];
}

/** Names the cloud to whom it calls; who looks for `ParticleBot` finds it (section 4.1 of the event notes). */
const USER_AGENT = 'CloudChamber/1.0 (compatible; ParticleBot/1.1)';

/** What the connection itself says. */
const NOT_OURS: readonly string[] = [
  'host',
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** RFC 9110 section 5.5, with bytes beyond ASCII. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const MOST_URL_LENGTH = 16_384;

/** What the parts of a request are made with. */
interface Rendering {
  readonly scope: Scope;
  readonly budget: RenderBudget;
  /** The default fields; none with `noDefaults`. */
  readonly defaults: Readonly<Record<string, string | null>>;
  readonly secrets: Set<string>;
}

/**
 * The request of a webhook for an event (section 4.1 of the event notes). Default fields go to the query of a GET, into a JSON object where it has no
 * such key, else into the form; a raw body gets none.
 * @throws DomainError `integration.bad_request` when what the templates make of the event is no address or no header; `integration.template_too_large`.
 */
export function webhookRequest(settings: WebhookSettings, event: TriggeringEvent): IntegrationRequest {
  const { requestType: method, rejectUnauthorized } = settings;
  const defaults = settings.noDefaults ? {} : defaultFields(event);
  const rendering = { scope: eventScope(event), budget: new RenderBudget(), defaults, secrets: new Set<string>() };
  const content = contentOf(settings, rendering);
  const url = urlOf(settings, rendering);
  const headers = headersOf(settings, rendering, content.headers);
  return { method, url, headers, body: content.body, rejectUnauthorized, secrets: [...rendering.secrets] };
}

interface Content {
  readonly body: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_HEADERS = { accept: 'application/json', 'content-type': 'application/json' };

function contentOf(settings: WebhookSettings, rendering: Rendering): Content {
  const { requestType, body, json, form } = settings;
  const { scope, budget, defaults } = rendering;
  const isGet = requestType === 'GET';
  if (body !== undefined) return { body: renderTemplate(body, scope, budget), headers: {} };
  if (json !== undefined) return { body: jsonOf(json, rendering, isGet ? {} : defaults), headers: JSON_HEADERS };
  if (isGet) return { body: null, headers: {} };
  const fields = withDefaults(renderFields('form', form, rendering), defaults);
  return Object.keys(fields).length === 0 ? { body: null, headers: {} } : { body: urlencoded(fields), headers: FORM };
}

/** A text keeps its spelling, so that numbers stay as exact as they were written. One that is no JSON object gets no default fields. */
function jsonOf(
  json: TemplateObject | string,
  { scope, budget }: Rendering,
  defaults: Readonly<Record<string, string | null>>,
): string {
  if (typeof json !== 'string') {
    return JSON.stringify(withDefaults(asFields(renderTree(json, scope, budget)), defaults));
  }
  const text = renderTemplate(json, scope, budget);
  const fields = parsedObject(text);
  if (fields === undefined) return text;
  const missing = JSON.stringify(withoutKeysOf(fields, defaults)).slice(1, -1);
  if (missing === '') return text;
  const begin = text.trimEnd().slice(0, -1);
  return `${begin}${Object.keys(fields).length === 0 ? '' : ','}${missing}}`;
}

function urlOf(settings: WebhookSettings, rendering: Rendering): string {
  const { scope, budget, defaults } = rendering;
  const isGet = settings.requestType === 'GET';
  const rendered = renderTemplate(settings.url, scope, budget).trim();
  const url = URL.parse(rendered);
  if (url === null || !/^https?:$/.test(url.protocol)) throw badRequest('url', 'is no http or https address');
  const form = isGet ? renderFields('form', settings.form, rendering) : {};
  const query = { ...form, ...renderFields('query', settings.query, rendering) };
  const added = urlencoded(isGet ? withDefaults(query, defaults) : query);
  url.hash = '';
  const separator = url.search === '' ? '?' : '&';
  const whole = added === '' ? url.href : `${url.href.replace(/\?$/, '')}${separator}${added}`;
  if (whole.length > MOST_URL_LENGTH) throw badRequest('url', `is longer than ${MOST_URL_LENGTH} characters`);
  return whole;
}

function headersOf(
  settings: WebhookSettings,
  rendering: Rendering,
  byContent: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const headers = new Map<string, readonly [name: string, value: string]>();
  const set = (name: string, value: string) => headers.set(name.toLowerCase(), [name, value]);
  set('user-agent', USER_AGENT);
  for (const [name, value] of Object.entries(byContent)) set(name, value);
  const authorization = authorizationOf(settings, rendering);
  if (authorization !== undefined) set('authorization', authorization);
  const { scope, budget, secrets } = rendering;
  for (const [nameTemplate, template] of Object.entries(settings.headers)) {
    const name = renderTemplate(nameTemplate, scope, budget).trim();
    const value = renderTemplate(template, scope, budget).trim();
    if (name === '' || NOT_OURS.includes(name.toLowerCase())) continue;
    if (!TOKEN.test(name)) throw badRequest('headers', 'has a name that no header can have');
    const bytes = Buffer.from(value, 'utf8').toString('latin1');
    if (!FIELD_VALUE.test(bytes)) throw badRequest(`headers.${name}`, 'has characters that no header can have');
    if (isSecretField(name, template)) noteSecret(secrets, value);
    set(name, bytes);
  }
  return Object.fromEntries(headers.values());
}

function authorizationOf({ auth }: WebhookSettings, { scope, budget, secrets }: Rendering): string | undefined {
  if (auth === undefined) return undefined;
  if (auth.kind === 'bearer') {
    const token = renderTemplate(auth.token, scope, budget).trim();
    if (!/^[\x21-\x7e]+$/.test(token)) throw badRequest('auth.bearer', 'has characters that no token can have');
    secrets.add(token);
    return `Bearer ${token}`;
  }
  const password = renderTemplate(auth.password, scope, budget);
  const pair = `${renderTemplate(auth.username, scope, budget)}:${password}`;
  const encoded = Buffer.from(pair).toString('base64');
  secrets.add(password).add(encoded);
  return `Basic ${encoded}`;
}

/** `Bearer abc` is a secret for its last word as well: servers send that back alone. */
function noteSecret(secrets: Set<string>, value: string): void {
  secrets.add(value);
  const word = /^[A-Za-z]+ (\S+)$/.exec(value)?.[1];
  if (word !== undefined) secrets.add(word);
}

function renderFields(
  key: 'form' | 'query',
  fields: TemplateObject | undefined,
  { scope, budget, secrets }: Rendering,
): Readonly<Record<string, unknown>> {
  const rendered = asFields(renderTree(fields ?? {}, scope, budget));
  for (const [name, template] of Object.entries(fields ?? {})) {
    if (!isSecretField(name, template)) continue;
    const value = renderTemplate(String(template), scope);
    secrets.add(value).add(encode(value, `${key}.${name}`));
  }
  return rendered;
}

function withDefaults(
  fields: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, string | null>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...Object.entries(fields), ...Object.entries(withoutKeysOf(fields, defaults))]);
}

function withoutKeysOf(
  fields: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, string | null>>,
): Readonly<Record<string, string | null>> {
  return Object.fromEntries(Object.entries(defaults).filter(([key]) => !Object.hasOwn(fields, key)));
}

/** `a=1&b[c]=2&d[0]=3`, in UTF-8. */
function urlencoded(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .flatMap(([name, value]) => pairs(name, value))
    .map(([name, value]) => `${encode(name, name)}=${encode(value, name)}`)
    .join('&');
}

function pairs(name: string, value: unknown): (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [[name, value === null ? '' : String(value)]];
  return Object.entries(value).flatMap(([inner, item]) => pairs(`${name}[${inner}]`, item));
}

function encode(text: string, where: string): string {
  if (!text.isWellFormed()) throw badRequest(where, 'has characters that are no text');
  return encodeURIComponent(text);
}

function parsedObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function asFields(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function badRequest(where: string, what: string): DomainError {
  return new DomainError(
    'invalid',
    'integration.bad_request',
    `No request can be made of this event: ${where} ${what}`,
  );
}
