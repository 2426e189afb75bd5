import { z } from 'zod';
import { defineRoute, type Method, type RateLimit, type Responses, type Route } from './define-route.ts';
import { booleanField } from './fields.ts';
import type { Scope } from './scopes.ts';

const tag = 'integrations';

const text = z.string().nullish();
const flag = z.union([z.boolean(), z.string()]).nullish();
const textOrObject = z.union([z.string(), z.looseObject({})]).nullish();
const group = z.looseObject({}).nullish();

/** What a client sends: section 4.1 and 4.3 of the event notes. The server checks it once more and says what is wrong by the name of the key. */
const settings = z.looseObject({
  integration_type: text.describe('`Webhook` when left out, or `GoogleCloudPubSub`.'),
  event: text.describe(
    'Prefix of the names of the events that trigger it, case and all; `eventName` is another spelling.',
  ),
  name: text.describe('For people; `<event> for <host>` when left out.'),
  url: text.describe('Where requests of a webhook go. May contain variables, as all texts below may.'),
  requestType: text.describe('`GET`, `POST` (when left out), `PUT` or `DELETE`.'),
  deviceID: text.describe(
    'Of an account: only this device triggers it; also `deviceid`, `deviceId`. Ignored elsewhere.',
  ),
  products: z
    .array(z.union([z.int(), z.string()]))
    .nullish()
    .describe('Of an organization: numbers of the products that it runs for; all when left out.'),
  headers: group,
  auth: group.describe('`{username, password}` or `{bearer}`.'),
  query: group.describe('Appended to the address.'),
  form: group.describe('Urlencoded body; the query of a GET. `form`, `json` and `body` exclude each other.'),
  json: textOrObject.describe('JSON body. In an object values stay texts; a text is rendered as a whole.'),
  body: text.describe('Raw body, without a content type.'),
  noDefaults: flag.describe('Leave out `event`, `data`, `published_at` and `coreid`.'),
  rejectUnauthorized: flag.describe('false: take any TLS certificate.'),
  responseTemplate: textOrObject.describe('Makes the response event of a JSON reply; the reply itself when left out.'),
  responseTopic: text,
  errorResponseTopic: text,
  unchunked: flag.describe('One response event instead of chunks of 512 bytes.'),
  dataUrlResponseEvent: flag.describe('The reply as bytes, which text channels show as a data URL.'),
  disabled: flag,
  mode: text.describe(
    '`durable` (when left out): tried for three days. `compatible`: three attempts within a minute and a half.',
  ),
  signing_secret: text.describe(
    '`whsec_` and 24 to 64 bytes in Base64: what requests are signed with. Made by itself when left out.',
  ),
  topic: text.describe('Of GoogleCloudPubSub: `projects/<project>/topics/<name>`.'),
});

/** As answers show it: what was sent, unknown keys too, `[[SENSITIVE]]` in place of secrets. */
const integration = z
  .looseObject({
    id: z.string(),
    event: z.string(),
    name: z.string(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
    integration_type: z.string(),
    disabled: z.boolean(),
    url: z.string().optional(),
    requestType: z.string().optional(),
    deviceID: z.string().optional(),
  })
  .meta({ id: 'Integration' });

const listed = integration
  .extend({
    last_result: z
      .object({ type: z.enum(['success', 'error']), time: z.iso.datetime() })
      .nullish()
      .describe('How the last request went; null when there was none in the last 30 days. Only with `summary`.'),
    last_30_days: z
      .object({ success: z.int(), error: z.int(), sleep: z.int() })
      .optional()
      .describe('Outcomes of the last 30 days. Only with `summary`.'),
  })
  .meta({ id: 'ListedIntegration' });

const detailed = integration
  .extend({
    counters: z
      .array(z.object({ date: z.iso.date(), success: z.int(), error: z.int(), sleep: z.int() }))
      .describe('Outcomes of each day of the last 30 that had any; `sleep` are attempts that were skipped.'),
    logs: z
      .array(
        z.object({
          type: z.enum(['success', 'error']),
          time: z.iso.datetime(),
          event: z.unknown(),
          request: z.string(),
          response: z.string(),
        }),
      )
      .describe('The last ten requests and the last ten errors of the last 30 days, secrets masked.'),
  })
  .meta({ id: 'IntegrationDetails' });

const created = integration
  .extend({
    ok: z.literal(true),
    hookUrl: z.string().optional(),
    integrationUrl: z.string().optional(),
    signing_secret: z.string().optional().describe('What requests of a webhook are signed with: shown this once.'),
  })
  .meta({ id: 'NewIntegration' });

const tested = z.union([
  z.object({ pass: z.literal(true), data: z.string().nullable().describe('Body of the reply, secrets masked.') }),
  z.object({ pass: z.literal(false), error: z.string() }),
]);
/** Each is a request to somebody else. */
const TESTS: RateLimit = { per: 'user', count: 60, seconds: 60, together: 'integration tests' };

const one = z.object({ integration });
const oneDetailed = z.object({ integration: detailed, webhook: detailed.optional() });

const MASK = '[[SENSITIVE]]';
const exampleBody = {
  event: 'temp',
  url: 'https://example.net/in',
  headers: { Authorization: 'Bearer 6d0c1b0f0e5c49ce' },
  json: { celsius: '{{{PARTICLE_EVENT_VALUE}}}' },
};
const example = {
  ...exampleBody,
  headers: { Authorization: MASK },
  signing_secret: MASK,
  id: '65d0f1a2b3c4d5e6f7081920',
  name: 'temp for example.net',
  created_at: '2026-02-03T06:15:22.118Z',
  updated_at: '2026-02-03T06:15:22.118Z',
  integration_type: 'Webhook',
  requestType: 'POST',
  disabled: false,
};
const exampleDetails = {
  ...example,
  counters: [{ date: '2026-02-03', success: 41, error: 1, sleep: 0 }],
  logs: [
    {
      type: 'success',
      time: '2026-02-03T08:15:22.500Z',
      event: { name: 'temp', data: '21.6', coreid: 'e00fce68a1b2c3d4e5f60718' },
      request: 'POST /in HTTP/1.1\r\n\r\n{"celsius":"21.6"}',
      response: 'HTTP/1.1 200 OK\r\n\r\nok',
    },
  ],
};
const exampleCreated = {
  ok: true,
  ...example,
  signing_secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
  hookUrl: 'https://cloud.example.net/v1/webhooks/65d0f1a2b3c4d5e6f7081920',
};

const notFound = 'There is no such integration.';
const badSettings = 'A key that is missing or not valid, named in the text; a type that this cloud does not have.';
const tooMany = 'There are 100 integrations already.';

type PlaceAccess = 'user' | 'product' | 'organization';

interface Place<A extends PlaceAccess> {
  readonly access: A;
  /** What the path begins with. */
  readonly path: string;
  readonly params: Readonly<Record<string, z.ZodString>>;
  /** What the names of the operations begin with, after their verb. */
  readonly prefix: string;
  /** Whose they are, for people. */
  readonly of: string;
}

/** The routes of one place: `integrations` for all types, `webhooks` for webhooks only. */
function family<A extends PlaceAccess>(place: Place<A>, noun: 'Integration' | 'Webhook') {
  const path = `${place.path}/${noun.toLowerCase()}s`;
  const params = z.object(place.params);
  // What handlers read of it; the place is entered before they run.
  const oneParams: z.ZodType<{ readonly integrationId: string }> = z.object({
    ...place.params,
    integrationId: z.string(),
  });
  const things = `${noun.toLowerCase()}s of ${place.of}`;
  const thing = `${noun === 'Webhook' ? 'a webhook' : 'an integration'} of ${place.of}`;
  const route = <const M extends Method, R extends Responses>(
    verb: string,
    scope: Scope,
    rest: { readonly method: M; readonly path: string; readonly summary: string; readonly responses: R },
  ) => ({
    ...rest,
    operation: `${verb}${place.prefix}${noun}${verb === 'list' ? 's' : ''}`,
    tag,
    access: place.access,
    ...(place.access !== 'user' && { scope }),
  });
  return {
    noun,
    list: defineRoute({
      ...route('list', 'integrations:list', {
        method: 'GET',
        path,
        summary: `The ${things}, oldest first`,
        responses: { 200: z.array(listed) },
      }),
      params,
      query: z.object({ summary: booleanField.optional().describe('Say how each one is doing.') }),
      example: { response: [example] },
    }),
    create: defineRoute({
      ...route('create', 'integrations:create', {
        method: 'POST',
        path,
        summary: `Make ${thing}`,
        responses: { 201: created },
      }),
      description: 'The same settings twice make two. The reply shows the signing secret of a webhook, once.',
      params,
      body: settings,
      errors: { 400: badSettings, 409: tooMany },
      example: { body: exampleBody, response: exampleCreated },
    }),
    get: defineRoute({
      ...route('get', 'integrations:get', {
        method: 'GET',
        path: `${path}/:integrationId`,
        summary: `${thing.replace(/^a/, 'A')}, with counters and logs`,
        responses: { 200: oneDetailed },
      }),
      params: oneParams,
      errors: { 404: notFound },
      example: {
        response:
          noun === 'Webhook'
            ? { integration: exampleDetails, webhook: exampleDetails }
            : { integration: exampleDetails },
      },
    }),
    update: defineRoute({
      ...route('update', 'integrations:update', {
        method: 'PUT',
        path: `${path}/:integrationId`,
        summary: `Replace all settings of ${thing}`,
        responses: { 200: one },
      }),
      description: `What is not sent is gone, but for the type and the signing secret. A secret stays when \`${MASK}\` is sent in its place and the address leads to the same host.`,
      params: oneParams,
      body: settings,
      errors: { 400: badSettings, 404: notFound },
      example: { body: exampleBody, response: { integration: example } },
    }),
    remove: defineRoute({
      ...route('delete', 'integrations:remove', {
        method: 'DELETE',
        path: `${path}/:integrationId`,
        summary: `Delete ${thing}, with its counters and logs`,
        responses: { 204: z.undefined() },
      }),
      params: oneParams,
      errors: { 404: notFound },
    }),
    test: defineRoute({
      ...route('test', 'integrations:test', {
        method: 'POST',
        path: `${path}/:integrationId/test`,
        summary: `Make the request of ${thing} now, for an event that nobody published`,
        responses: { 200: tested },
      }),
      description: 'Nothing is published, counted, logged or tried again. One that is disabled can be tested too.',
      audited: false,
      limit: TESTS,
      params: oneParams,
      body: z.object({
        data: z.string().max(16_384).nullish().describe('Of the event; `test-event` when left out.'),
        device_id: z
          .string()
          .regex(/^[\x21-\x7e]{1,64}$/, 'must be the id of a device, or api')
          .nullish()
          .describe('Whom the event seems to come from; `api` when left out.'),
      }),
      errors: { 404: notFound, 429: 'More than 60 tests a minute, or 4 at once.' },
      example: { body: { data: '21.6' }, response: { pass: true, data: 'ok' } },
    }),
  };
}

const own = { access: 'user', path: '/v1', params: {}, prefix: '', of: 'the account' } as const;
const ofProduct = {
  access: 'product',
  path: '/v1/products/:productIdOrSlug',
  params: { productIdOrSlug: z.string() },
  prefix: 'Product',
  of: 'a product',
} as const;
const ofOrganization = {
  access: 'organization',
  path: '/v1/orgs/:orgIdOrSlug',
  params: { orgIdOrSlug: z.string() },
  prefix: 'Organization',
  of: 'an organization',
} as const;

const copyIntegration = defineRoute({
  operation: 'copyIntegration',
  tag,
  method: 'POST',
  path: '/v1/products/:productIdOrSlug/integrations/copy',
  summary: 'Copy or move an integration of the own account into a product',
  description:
    'With its secrets, but for the signing secret: the copy gets another, which the reply shows once. One that is moved is gone from the account, with its history and what was still owed to it.',
  access: 'product',
  scope: 'integrations:create',
  params: z.object({ productIdOrSlug: z.string() }),
  body: z.object({
    id: z.string().describe('An integration of the account that asks.'),
    move: z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')]).optional(),
  }),
  responses: { 201: created },
  errors: {
    400: 'It is for one device, but those of a product are for all its devices.',
    404: notFound,
    409: tooMany,
  },
  example: { body: { id: '65d0f1a2b3c4d5e6f7081920', move: true }, response: exampleCreated },
});

/** By place, since each has the same routes. */
export const integrationFamilies = {
  own: [family(own, 'Integration'), family(own, 'Webhook')],
  ofProduct: [family(ofProduct, 'Integration'), family(ofProduct, 'Webhook')],
  ofOrganization: [family(ofOrganization, 'Integration')],
  copyIntegration,
} as const;

export type IntegrationFamily<A extends PlaceAccess> = ReturnType<typeof family<A>>;

const { copyIntegration: copy, ...families } = integrationFamilies;

export const integrationRoutes: readonly Route[] = [
  copy,
  ...Object.values(families)
    .flat()
    .flatMap(({ noun: _, ...routes }) => Object.values(routes)),
];
