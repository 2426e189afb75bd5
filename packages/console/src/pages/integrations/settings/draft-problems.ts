import type { IntegrationDraft, Pair } from './draft.ts';
import { lineOf, scanJson } from './scan-json.ts';

/** What is wrong, by the path of the field: `url`, `headers.2.name`. */
export type DraftProblems = Readonly<Record<string, string>>;

/** @returns what keeps the form from becoming JSON: names that stand twice, JSON that is none */
export function unwritable(draft: IntegrationDraft): DraftProblems {
  if (draft.type !== 'Webhook') return {};
  const problems = new Map<string, string>();
  for (const key of ['headers', 'query'] as const) addPairProblems(problems, key, draft[key]);
  if (draft.content === 'form') addPairProblems(problems, 'form', draft.form);
  if (draft.content === 'json' && !draft.jsonIsText) add(problems, 'json', objectProblem(draft.json));
  if (draft.responseTemplateIsObject && draft.responseTemplate.trim() !== '') {
    add(problems, 'responseTemplate', objectProblem(draft.responseTemplate));
  }
  return Object.fromEntries(problems);
}

/** @returns what keeps the form from being saved; the cloud checks once more */
export function problemsOf(draft: IntegrationDraft): DraftProblems {
  const problems = new Map(Object.entries(unwritable(draft)));
  if (draft.event === '') problems.set('event', 'Needed: what the names of the events begin with');
  else if (new TextEncoder().encode(draft.event).length > 64) problems.set('event', 'At most 64 bytes');
  if (draft.deviceId !== '' && !/^[0-9a-fA-F]{24}$/.test(draft.deviceId.trim())) {
    problems.set('deviceId', '24 hex digits, or nothing');
  }
  if (draft.type === 'GoogleCloudPubSub') {
    if (!/^projects\/[^/]+\/topics\/[^/]+$/.test(draft.topic)) {
      problems.set('topic', 'projects/<project>/topics/<name>');
    }
    return Object.fromEntries(problems);
  }
  add(problems, 'url', urlProblem(draft.url));
  if (draft.auth.kind === 'basic' && draft.auth.username === '') problems.set('auth.username', 'Needed');
  if (draft.auth.kind === 'bearer' && draft.auth.bearer === '') problems.set('auth.bearer', 'Needed');
  if (draft.content === 'json' && draft.json.trim() === '') problems.set('json', 'Needed, or choose another body');
  if (draft.content === 'body' && draft.body === '') problems.set('body', 'Needed, or choose another body');
  return Object.fromEntries(problems);
}

function urlProblem(url: string): string | undefined {
  if (url === '') return 'Needed: where requests go';
  if (url.includes('{{')) return /^(?:https?:\/\/|\{\{)/i.test(url) ? undefined : 'Begins with http:// or https://';
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return 'An address that begins with http:// or https://';
  return undefined;
}

/** @returns what is wrong with a JSON object, with its line and column */
function objectProblem(json: string): string | undefined {
  const { problem } = scanJson(json);
  if (problem !== undefined) {
    const { line, column } = lineOf(json, problem.offset);
    return `Line ${line}, column ${column}: ${problem.message}`;
  }
  return json.trim().startsWith('{') ? undefined : 'Must be an object, in { and }';
}

function addPairProblems(problems: Map<string, string>, key: string, pairs: readonly Pair[]): void {
  const names = new Set<string>();
  for (const [at, { name, value, isJson }] of pairs.entries()) {
    if (name === '' && value === '') continue;
    if (name === '') problems.set(`${key}.${at}.name`, 'Needs a name');
    else if (names.has(name)) problems.set(`${key}.${at}.name`, 'Stands there twice');
    names.add(name);
    if (isJson && scanJson(value).problem !== undefined) problems.set(`${key}.${at}.value`, 'Must be JSON');
  }
}

function add(problems: Map<string, string>, path: string, message: string | undefined): void {
  if (message !== undefined) problems.set(path, message);
}
