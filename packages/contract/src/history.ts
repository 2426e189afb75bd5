import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { integerField, timestampField } from './fields.ts';
import { parseTimestamp } from './timestamps.ts';

const tag = 'history';

const pastEvent = z
  .object({
    id: z.string().describe('Grows with every event; also the id of the event in streams.'),
    name: z.string(),
    data: z.string().nullable(),
    data_encoding: z.literal('data-url').optional().describe('Given when `data` is bytes as a data URL.'),
    coreid: z.string().describe('The device, or `api`, or `particle-internal`.'),
    device_id: z.string().nullable().describe('The device that published it.'),
    product_id: z.int().nullable(),
    ttl: z.int(),
    published_at: timestampField,
  })
  .meta({ id: 'PastEvent' });

export type PastEvent = z.output<typeof pastEvent>;

const time = z
  .string()
  .max(40)
  .refine((text) => parseTimestamp(text) !== undefined, 'must be a time in ISO 8601, such as 2026-02-03T08:15:00Z');
const position = z.string().regex(/^\d{1,15}$/, 'must be the id of an event');
const searched = (longest: number) =>
  z
    .string()
    .max(longest)
    .refine((text) => !text.includes('\0'), 'must not have a NUL character');

const query = z.object({
  from: time.optional().describe('Published then or later.'),
  to: time.optional().describe('Published then or earlier.'),
  device: z.string().max(254).optional().describe('A device, as the stream of one device takes it in its path.'),
  prefix: searched(64).optional().describe('Names begin so, case and all.'),
  text: searched(200)
    .optional()
    .describe(
      'In the name or the data, whatever the case of ASCII letters. Data of binary events is searched byte for byte.',
    ),
  before: position.optional().describe('Only events before this id: `meta.next` when the order is `desc`.'),
  after: position.optional().describe('Only events after this id: `meta.next` when the order is `asc`.'),
  order: z.enum(['asc', 'desc']).optional().describe('`desc`, newest first, when left out.'),
  limit: integerField
    .pipe(z.int().min(1).max(1000))
    .optional()
    .describe('1 to 1000 events a page, 100 when left out; an export brings all when left out.'),
  format: z
    .enum(['json', 'ndjson', 'csv'])
    .optional()
    .describe('`ndjson` and `csv` are exports; when left out, the Accept header says: application/x-ndjson, text/csv.'),
});

const description = [
  'A page in JSON, or an export as newline-delimited JSON or CSV. Follow `meta.next` until it is null: a page looks at no more than 100,000 events, so it may be short or empty and yet not the last.',
  'An export that fails half way is cut off without the end of its last chunk. In CSV a cell that begins with = + - @ or a tab gets an apostrophe before it, so that no program takes it for a formula.',
].join(' ');

const example = {
  response: {
    events: [
      {
        id: '48211',
        name: 'temperature',
        data: '21.6',
        coreid: 'e00fce68a1b2c3d4e5f60718',
        device_id: 'e00fce68a1b2c3d4e5f60718',
        product_id: 1042,
        ttl: 60,
        published_at: '2026-02-03T08:15:22.118Z',
      },
    ],
    meta: { next: null },
  },
};

const tooMany = 'The caller has as many history requests or exports under way as it may; try again.';
const history = {
  tag,
  method: 'GET',
  query,
  responses: {
    200: z.object({
      events: z.array(pastEvent),
      meta: z.object({
        next: z
          .string()
          .nullable()
          .describe('What `before` (desc) or `after` (asc) takes for the next page; null on the last.'),
      }),
    }),
  },
  errors: { 400: 'A filter or a position cannot be used, or `from` is later than `to`.', 429: tooMany },
  example,
} as const;

const listHistory = defineRoute({
  ...history,
  operation: 'listHistory',
  path: '/v1/user/history',
  summary: 'Past events of the account',
  description: `What the stream of all events of the account or the customer would have shown. ${description}`,
  access: 'owner',
  errors: { ...history.errors, 403: 'The device is not within reach, or there is none.' },
});

const listProductHistory = defineRoute({
  ...history,
  operation: 'listProductHistory',
  path: '/v1/products/:productIdOrSlug/history',
  summary: 'Past events of a product',
  description: `Of all its devices, whoever owned them. ${description}`,
  access: 'product',
  scope: 'events:get',
  params: z.object({ productIdOrSlug: z.string() }),
  errors: { ...history.errors, 404: 'The product has no such device.' },
});

const listOrganizationHistory = defineRoute({
  ...history,
  operation: 'listOrganizationHistory',
  path: '/v1/orgs/:orgIdOrSlug/history',
  summary: 'Past events of the products of an organization',
  description: `Of the products that it owns now. ${description}`,
  access: 'organization',
  scope: 'events:get',
  params: z.object({ orgIdOrSlug: z.string() }),
  errors: { ...history.errors, 404: 'No product of the organization has such a device.' },
});

const retention = z.object({
  days: z.int().describe('For how many days events are kept.'),
  chosen_days: z.int().nullable().describe('Null for as long as the server keeps them.'),
  most_days: z.int().describe('How long the server keeps events: the most that can be chosen.'),
});

const retentionExample = { days: 7, chosen_days: 7, most_days: 30 };
const readRetention = {
  tag,
  method: 'GET',
  responses: { 200: retention },
  example: { response: retentionExample },
} as const;
const changeRetention = {
  tag,
  method: 'PUT',
  body: z.object({
    days: z
      .union([integerField, z.null()])
      .describe('From 1 to `most_days`; null for as long as the server keeps them.'),
  }),
  responses: { 200: retention },
  errors: { 400: 'The server does not keep events for so many days.' },
  example: { body: { days: 7 }, response: retentionExample },
} as const;
const fewer =
  'Fewer days hide older events at once. Within the hour they are deleted, unless the product or the account that they belong to as well keeps them longer.';

const getHistoryRetention = defineRoute({
  ...readRetention,
  operation: 'getHistoryRetention',
  path: '/v1/user/history/retention',
  summary: 'For how long the events of the account are kept',
  access: 'user',
});

const updateHistoryRetention = defineRoute({
  ...changeRetention,
  operation: 'updateHistoryRetention',
  path: '/v1/user/history/retention',
  summary: 'Choose for how long the events of the account are kept',
  description: fewer,
  access: 'user',
});

const getProductHistoryRetention = defineRoute({
  ...readRetention,
  operation: 'getProductHistoryRetention',
  path: '/v1/products/:productIdOrSlug/history/retention',
  summary: 'For how long the events of a product are kept',
  access: 'product',
  scope: 'products:get',
  params: z.object({ productIdOrSlug: z.string() }),
});

const updateProductHistoryRetention = defineRoute({
  ...changeRetention,
  operation: 'updateProductHistoryRetention',
  path: '/v1/products/:productIdOrSlug/history/retention',
  summary: 'Choose for how long the events of a product are kept',
  description: fewer,
  access: 'product',
  scope: 'products:update',
  params: z.object({ productIdOrSlug: z.string() }),
});

export const historyRoutes = {
  listHistory,
  listProductHistory,
  listOrganizationHistory,
  getHistoryRetention,
  updateHistoryRetention,
  getProductHistoryRetention,
  updateProductHistoryRetention,
};
