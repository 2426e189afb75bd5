import { isDeepStrictEqual } from 'node:util';
import { parseDeviceId } from '@cloudchamber/kernel';
import { z } from 'zod';
import { DomainError } from '../domain-error.ts';
import type { DeliveryMode, IntegrationOwner, IntegrationType } from './integration.ts';
import { invalidSettings } from './integration-errors.ts';
import { compileTemplate } from './template.ts';

/** Bytes of all settings of one integration, as JSON. */
const MOST_BYTES = 65_536;
/** Objects and lists inside each other. */
const MOST_DEPTH = 12;
const MOST_HEADERS = 50;
const MOST_FIELDS = 200;
const MOST_PRODUCTS = 1000;
const MOST_EVENT_BYTES = 64;
const MOST_NAME_LENGTH = 200;
const MOST_URL_LENGTH = 4096;

/** JSON of which every text, keys too, is a template. */
export type TemplateObject = Readonly<Record<string, unknown>>;

/** A webhook as section 4.1 of the event notes has it. Texts are templates. */
export interface WebhookSettings {
  readonly type: 'Webhook';
  readonly url: string;
  readonly requestType: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly auth?: Auth | undefined;
  readonly query: TemplateObject;
  /** At most one of the three. */
  readonly form?: TemplateObject | undefined;
  readonly json?: TemplateObject | string | undefined;
  readonly body?: string | undefined;
  readonly noDefaults: boolean;
  readonly rejectUnauthorized: boolean;
  /** An object stands for its JSON. */
  readonly responseTemplate?: TemplateObject | string | undefined;
  readonly responseTopic: string;
  readonly errorResponseTopic: string;
  readonly unchunked: boolean;
  readonly dataUrlResponseEvent: boolean;
  /** `whsec_` and Base64: what requests are signed with. */
  readonly signingSecret?: string | undefined;
}

type Auth =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string };

/** Section 4.3 of the event notes. */
export interface PubSubSettings {
  readonly type: 'GoogleCloudPubSub';
  /** `projects/<project>/topics/<name>` */
  readonly topic: string;
}

/** Settings of an integration, checked. */
export interface IntegrationSettings {
  readonly type: IntegrationType;
  /** Names of triggering events begin so. */
  readonly event: string;
  readonly name: string;
  readonly disabled: boolean;
  /** Only this device triggers it; of accounts only. */
  readonly deviceId: string | null;
  readonly mode: DeliveryMode;
  /** Of an organization: the products that it runs for, null for all. */
  readonly products: readonly number[] | null;
  readonly target: WebhookSettings | PubSubSettings;
  /** What was given, under canonical keys, unknown keys too. */
  readonly given: Readonly<Record<string, unknown>>;
}

/** Keys of answers, which clients send back, and of requests; no settings. */
const NOT_SETTINGS: readonly string[] = [
  'id',
  'ok',
  'error',
  'errors',
  'hookUrl',
  'integrationUrl',
  'created_at',
  'updated_at',
  'counters',
  'logs',
  'last_result',
  'last_30_days',
  'access_token',
];

/** Other spellings of keys; the first that is there counts. */
const ALIASES: Readonly<Record<string, string>> = { eventName: 'event', deviceid: 'deviceID', deviceId: 'deviceID' };

const TYPES_ELSEWHERE: readonly string[] = ['AzureIotHub', 'GoogleMaps'];
const DEFAULT_ERROR_TOPIC = 'hook-error/{{PARTICLE_EVENT_NAME}}';
const RESPONSE_TOPIC = 'hook-response/{{PARTICLE_EVENT_NAME}}';
const DEVICE_RESPONSE_TOPIC = `{{PARTICLE_DEVICE_ID}}/${RESPONSE_TOPIC}`;

const yesOrNo = z.union([
  z.boolean(),
  z.enum(['true', 'false', '1', '0']).transform((word) => /^(true|1)$/.test(word)),
]);
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const object = z.record(z.string(), z.unknown());
const fields = object.refine((value) => Object.keys(value).length <= MOST_FIELDS, `has at most ${MOST_FIELDS} keys`);

const common = {
  integration_type: z.string().default('Webhook'),
  event: z
    .string('is needed: the prefix of the names of the events that trigger it')
    .min(1, 'is needed: the prefix of the names of the events that trigger it')
    .refine((text) => Buffer.byteLength(text) <= MOST_EVENT_BYTES, `has at most ${MOST_EVENT_BYTES} bytes`)
    .refine((text) => !/\p{Cc}/u.test(text), 'has no control characters'),
  name: z
    .string()
    .max(MOST_NAME_LENGTH, `has at most ${MOST_NAME_LENGTH} characters`)
    .refine((text) => !/\p{Cc}/u.test(text), 'has no control characters')
    .optional(),
  disabled: yesOrNo.default(false),
  deviceID: z.string().optional(),
  mode: z.enum(['compatible', 'durable'], 'must be compatible or durable').default('durable'),
  products: z
    .array(z.union([z.int(), z.string().regex(/^\d{1,9}$/)]).transform(Number), 'must be a list of product numbers')
    .max(MOST_PRODUCTS, `has at most ${MOST_PRODUCTS} products`)
    .optional(),
};

const webhook = z.object({
  url: z.string('is needed: where requests go').min(1, 'is needed: where requests go'),
  requestType: z
    .string()
    .toUpperCase()
    .pipe(z.enum(['GET', 'POST', 'PUT', 'DELETE'], 'must be GET, POST, PUT or DELETE'))
    .default('POST'),
  headers: z
    .record(z.string(), scalar)
    .refine((value) => Object.keys(value).length <= MOST_HEADERS, `has at most ${MOST_HEADERS} headers`)
    .default({}),
  auth: z
    .union(
      [
        z
          .strictObject({ username: z.string(), password: scalar.default('') })
          .transform((value) => ({ kind: 'basic' as const, ...value })),
        z
          .strictObject({ bearer: z.string().min(1) })
          .transform(({ bearer }) => ({ kind: 'bearer' as const, token: bearer })),
      ],
      'must be {username, password} or {bearer}',
    )
    .optional(),
  query: fields.default({}),
  form: fields.optional(),
  json: z.union([z.string(), object], 'must be an object or a text').optional(),
  body: z.string().optional(),
  noDefaults: yesOrNo.default(false),
  rejectUnauthorized: yesOrNo.default(true),
  responseTemplate: z.union([z.string(), object], 'must be a text or an object').optional(),
  responseTopic: z.string().min(1).optional(),
  errorResponseTopic: z.string().min(1).default(DEFAULT_ERROR_TOPIC),
  unchunked: yesOrNo.default(false),
  dataUrlResponseEvent: yesOrNo.default(false),
  signing_secret: z
    .string()
    .regex(
      /^whsec_(?:[A-Za-z0-9+/]{4}){8,21}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
      'must be whsec_ and 24 to 64 bytes in Base64',
    )
    .optional(),
  secrets: z
    .array(z.unknown())
    .max(0, 'is not available on this cloud, which has no secrets to choose from: put the value into auth or headers')
    .optional(),
});

const pubSub = z.object({
  topic: z
    .string('is needed: projects/<project>/topics/<name>')
    .regex(
      /^projects\/[a-z][a-z0-9.:-]{4,60}[a-z0-9]\/topics\/[A-Za-z][A-Za-z0-9\-_.~+%]{2,254}$/,
      'must be projects/<project>/topics/<name>',
    ),
  service_account: z
    .undefined('is not available on this cloud, which publishes with the service account of its own configuration')
    .optional(),
});

/**
 * Checks the settings of an integration (section 4.1 and 4.3 of the event notes). What is null or an empty text counts as not given.
 * @param input an object as a client sends it, or `given` of an earlier result, which gives the same result again
 * @param owner decides what `deviceID` and `products` mean and which response topic is the default
 * @throws DomainError `integration.invalid` that names the key; `integration.unavailable` for types that this cloud doesn't have.
 */
export function parseSettings(
  input: Readonly<Record<string, unknown>>,
  owner: Pick<IntegrationOwner, 'kind'>,
): IntegrationSettings {
  const given = canonical(input);
  checkSize(given);
  const base = check(z.object(common), given);
  const type = typeOf(base.integration_type);
  const target = type === 'Webhook' ? webhookOf(given, owner) : pubSubOf(given);
  return {
    type,
    event: base.event,
    name: base.name ?? `${base.event} for ${hostOf(target)}`,
    disabled: base.disabled,
    deviceId: owner.kind === 'user' ? deviceIdOf(base.deviceID) : null,
    mode: base.mode,
    products: owner.kind === 'organization' && base.products !== undefined ? [...new Set(base.products)] : null,
    target,
    given,
  };
}

function canonical(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = new Map<string, unknown>();
  for (const [key, value] of Object.entries(input)) {
    if (value === null || value === undefined || value === '' || NOT_SETTINGS.includes(key)) continue;
    const name = ALIASES[key] ?? key;
    if (name === key || !given.has(name)) given.set(name, value);
  }
  return Object.fromEntries(given);
}

function checkSize(given: Readonly<Record<string, unknown>>): void {
  if (depthOf(given) > MOST_DEPTH)
    throw invalidSettings(`Settings have at most ${MOST_DEPTH} objects inside each other`);
  if (Buffer.byteLength(JSON.stringify(given)) > MOST_BYTES) {
    throw invalidSettings(`All settings of an integration have at most ${MOST_BYTES} bytes`);
  }
}

/** Looks no deeper than it has to, so that the depth of what a client sends never matters. */
function depthOf(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null || depth > MOST_DEPTH) return depth;
  return Math.max(
    depth,
    ...Object.values(value)
      .slice(0, MOST_BYTES)
      .map((inner) => depthOf(inner, depth + 1)),
  );
}

function check<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalidSettings(`${issue?.path.join('.')}: ${issue?.message}`);
}

function typeOf(type: string): IntegrationType {
  if (type === 'Webhook' || type === 'GoogleCloudPubSub') return type;
  if (TYPES_ELSEWHERE.includes(type)) {
    const text = `Integrations of type ${type} are not available on this cloud: use a Webhook, which can call that service`;
    throw new DomainError('invalid', 'integration.unavailable', text);
  }
  throw invalidSettings('integration_type: must be Webhook or GoogleCloudPubSub');
}

function deviceIdOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  const id = parseDeviceId(text);
  if (id === undefined) throw invalidSettings('deviceID: must be the id of a device, 24 hex digits');
  return id;
}

function webhookOf(given: Readonly<Record<string, unknown>>, owner: Pick<IntegrationOwner, 'kind'>): WebhookSettings {
  const { auth: givenAuth, ...rest } = given;
  const auth = isDeepStrictEqual(givenAuth, {}) ? undefined : givenAuth;
  const { signing_secret: signingSecret, secrets: _, ...parsed } = check(webhook, { ...rest, auth });
  const bodies = (['form', 'json', 'body'] as const).filter((key) => parsed[key] !== undefined);
  if (bodies.length > 1) throw invalidSettings(`${bodies.join(' and ')} exclude each other: send one of them`);
  checkUrl(parsed.url);
  const responseTopic = parsed.responseTopic ?? (owner.kind === 'user' ? RESPONSE_TOPIC : DEVICE_RESPONSE_TOPIC);
  const settings = { type: 'Webhook' as const, ...parsed, responseTopic, signingSecret };
  checkTemplates(settings);
  return settings;
}

function pubSubOf(given: Readonly<Record<string, unknown>>): PubSubSettings {
  return { type: 'GoogleCloudPubSub', topic: check(pubSub, given).topic };
}

function checkUrl(url: string): void {
  if (url.length > MOST_URL_LENGTH) throw invalidSettings(`url: has at most ${MOST_URL_LENGTH} characters`);
  if (/^https?:\/\/[^/?#]*@/i.test(url)) {
    throw invalidSettings('url: has a name or a password in it: put them into auth, where they are kept secret');
  }
  const templated = url.includes('{{');
  const fits = templated ? /^(?:https?:\/\/|\{\{)/i.test(url) : /^https?:$/.test(URL.parse(url)?.protocol ?? '');
  if (!fits) throw invalidSettings('url: must begin with http:// or https://');
}

const TEMPLATED = [
  'url',
  'headers',
  'auth',
  'query',
  'form',
  'json',
  'body',
  'responseTopic',
  'errorResponseTopic',
  'responseTemplate',
] as const;

function checkTemplates(settings: WebhookSettings): void {
  for (const key of TEMPLATED) checkTree(key, settings[key]);
}

function checkTree(path: string, tree: unknown): void {
  if (typeof tree === 'string') return checkTemplate(path, tree);
  if (typeof tree !== 'object' || tree === null) return;
  for (const [key, value] of Object.entries(tree)) {
    checkTemplate(path, key);
    checkTree(`${path}.${key.slice(0, 50)}`, value);
  }
}

function checkTemplate(path: string, template: string): void {
  try {
    compileTemplate(template);
  } catch (error) {
    throw error instanceof DomainError ? invalidSettings(`${path}: ${error.message}`) : error;
  }
}

/** Where it goes, for people. */
function hostOf(target: WebhookSettings | PubSubSettings): string {
  if (target.type === 'GoogleCloudPubSub') return target.topic.slice(target.topic.lastIndexOf('/') + 1);
  return authorityOf(target.url).slice(0, 100);
}

/** The host and port of an address that may be a template. */
function authorityOf(url: string): string {
  const rest = url.replace(/^https?:\/\//i, '');
  const tag = rest.startsWith('{{') ? rest.indexOf('}}') + 2 : 0;
  const end = rest.slice(tag).search(/[/?#]/);
  return end === -1 ? rest : rest.slice(0, tag + end);
}
