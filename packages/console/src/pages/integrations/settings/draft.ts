import { given, isObject, type Settings } from './settings.ts';

/** A line of headers, query or form. */
export interface Pair {
  readonly name: string;
  readonly value: string;
  /** Whether the value is JSON that is no text, such as a list. */
  readonly isJson: boolean;
}

/** What the form shows of an integration. What stands behind an unused choice is kept while the form is open. */
export interface IntegrationDraft {
  readonly type: 'Webhook' | 'GoogleCloudPubSub';
  readonly event: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly deviceId: string;
  /** Numbers of products, as text. */
  readonly products: readonly string[];
  readonly mode: 'durable' | 'compatible';
  readonly topic: string;
  readonly url: string;
  readonly method: string;
  readonly auth: {
    readonly kind: 'none' | 'basic' | 'bearer';
    readonly username: string;
    readonly password: string;
    readonly bearer: string;
  };
  readonly headers: readonly Pair[];
  readonly query: readonly Pair[];
  /** What the body is made of. */
  readonly content: 'default' | 'form' | 'json' | 'body';
  readonly form: readonly Pair[];
  readonly json: string;
  /** Whether `json` is a text that becomes JSON when it is rendered, rather than an object. */
  readonly jsonIsText: boolean;
  readonly body: string;
  readonly noDefaults: boolean;
  readonly verifyCertificate: boolean;
  readonly responseTopic: string;
  readonly errorResponseTopic: string;
  readonly responseTemplate: string;
  readonly responseTemplateIsObject: boolean;
  readonly unchunked: boolean;
  readonly dataUrlResponseEvent: boolean;
  readonly signingSecret: string;
}

/** @param settings without a `shapeProblem` @returns what the form shows of them */
export function toDraft(settings: Settings): IntegrationDraft {
  const text = (key: string) => String(given(settings, key) ?? '');
  const flag = (key: string, byDefault: boolean) => {
    const value = given(settings, key);
    return value === undefined ? byDefault : value === true || value === 'true' || value === '1';
  };
  const json = given(settings, 'json');
  const responseTemplate = given(settings, 'responseTemplate');
  const products = given(settings, 'products');
  const content = (['form', 'json', 'body'] as const).find((key) => given(settings, key) !== undefined);
  return {
    type: text('integration_type') === 'GoogleCloudPubSub' ? 'GoogleCloudPubSub' : 'Webhook',
    event: text('event'),
    name: text('name'),
    enabled: !flag('disabled', false),
    deviceId: text('deviceID'),
    products: Array.isArray(products) ? products.map(String) : [],
    mode: text('mode') === 'compatible' ? 'compatible' : 'durable',
    topic: text('topic'),
    url: text('url'),
    method: text('requestType').toUpperCase() || 'POST',
    auth: authOf(given(settings, 'auth')),
    headers: pairsOf(given(settings, 'headers'), true),
    query: pairsOf(given(settings, 'query')),
    content: content ?? 'default',
    form: pairsOf(given(settings, 'form')),
    json: treeText(json),
    jsonIsText: typeof json === 'string',
    body: text('body'),
    noDefaults: flag('noDefaults', false),
    verifyCertificate: flag('rejectUnauthorized', true),
    responseTopic: text('responseTopic'),
    errorResponseTopic: text('errorResponseTopic'),
    responseTemplate: treeText(responseTemplate),
    responseTemplateIsObject: isObject(responseTemplate),
    unchunked: flag('unchunked', false),
    dataUrlResponseEvent: flag('dataUrlResponseEvent', false),
    signingSecret: text('signing_secret'),
  };
}

function authOf(value: unknown): IntegrationDraft['auth'] {
  const none = { kind: 'none' as const, username: '', password: '', bearer: '' };
  if (!isObject(value)) return none;
  if (typeof value.bearer === 'string') return { ...none, kind: 'bearer', bearer: value.bearer };
  if (typeof value.username !== 'string') return none;
  return { ...none, kind: 'basic', username: value.username, password: String(value.password ?? '') };
}

function pairsOf(value: unknown, onlyTexts = false): readonly Pair[] {
  if (!isObject(value)) return [];
  return Object.entries(value).map(([name, inner]) =>
    typeof inner === 'string' || onlyTexts
      ? { name, value: String(inner), isJson: false }
      : { name, value: JSON.stringify(inner), isJson: true },
  );
}

function treeText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
