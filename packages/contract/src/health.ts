import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { integerField, timestampField } from './fields.ts';

const tag = 'fleet health';

const productParams = z.object({ productIdOrSlug: z.string().describe('Number or slug of the product.') });

const series = {
  tag,
  method: 'GET',
  access: 'product',
  params: productParams,
  query: z.object({
    start_date: z.string().optional().describe('ISO 8601; 24 hours before the end when left out. At most 31 days.'),
    end_date: z.string().optional().describe('ISO 8601, exclusive; now when left out.'),
    bucket_size: integerField
      .pipe(z.int().min(1))
      .optional()
      .describe('Seconds, 900 when left out. Buckets begin at multiples of it since 1970 UTC; at most 3000.'),
    product_fw: integerField
      .pipe(z.int().min(0).max(65_535))
      .optional()
      .describe('Only devices that run this version of the firmware of the product now.'),
    device_os_version: z.string().optional().describe('Only devices that run this version now, such as 6.2.1.'),
    device_group: z.string().max(64).optional().describe('Only devices that are in this group now.'),
  }),
  errors: {
    400: 'A time is none, they are in the wrong order or more than 31 days apart, or the buckets are too short or too many.',
    429: 'The caller has as many of these requests under way as it may; try again.',
    503: 'There is too much to add up; ask for a shorter time, or for fewer devices.',
  },
} as const;

const time = timestampField.describe('Begin of the bucket.');
const exampleTime = '2026-02-03T08:00:00.000Z';
const quarters =
  'Kept by quarters of an hour for 31 days: a bucket is 900 seconds or longer, and with a filter the time is 7 days at most.';

const online = defineRoute({
  ...series,
  operation: 'countOnlineDevices',
  path: '/v1/products/:productIdOrSlug/metrics/online',
  summary: 'How many devices were online',
  description:
    'At the begin of each bucket, of the devices that are in the product now. A bucket may be as short as 16 seconds.',
  scope: 'metrics.online:get',
  responses: { 200: z.object({ online: z.array(z.object({ time, count: z.int() })) }) },
  example: { response: { online: [{ time: exampleTime, count: 48 }] } },
});

const events = defineRoute({
  ...series,
  operation: 'countEvents',
  path: '/v1/products/:productIdOrSlug/metrics/events',
  summary: 'How many events devices published',
  description: `Without system events. ${quarters}`,
  scope: 'metrics.events:get',
  responses: { 200: z.object({ events: z.array(z.object({ time, received: z.int() })) }) },
  example: { response: { events: [{ time: exampleTime, received: 211 }] } },
});

const attempts = {
  ...series,
  summary: 'How deliveries to integrations went',
  description: `Attempts of the integrations of the product and its organization: delivered, failed, or held back because the other server fails too often. ${quarters}`,
  scope: 'metrics.integrations:get',
  responses: {
    200: z.object({
      integrations: z.array(z.object({ time, success: z.int(), failure: z.int(), sleep: z.int() })),
    }),
  },
  example: { response: { integrations: [{ time: exampleTime, success: 40, failure: 2, sleep: 0 }] } },
} as const;

const integration = defineRoute({
  ...attempts,
  operation: 'countIntegrationAttempts',
  path: '/v1/products/:productIdOrSlug/metrics/integration',
});

const integrations = defineRoute({
  ...attempts,
  operation: 'countIntegrationsAttempts',
  path: '/v1/products/:productIdOrSlug/metrics/integrations',
});

const answers = z.array(z.object({ time, success: z.int(), failure: z.int(), offline: z.int() }));
const exampleAnswers = [{ time: exampleTime, success: 12, failure: 1, offline: 3 }];
const asked = `The device answered, did not or refused, or was offline. ${quarters}`;

const functions = defineRoute({
  ...series,
  operation: 'countFunctionCalls',
  path: '/v1/products/:productIdOrSlug/metrics/functions',
  summary: 'How function calls went',
  description: asked,
  scope: 'metrics.functions:get',
  responses: { 200: z.object({ functions: answers }) },
  example: { response: { functions: exampleAnswers } },
});

const variables = defineRoute({
  ...series,
  operation: 'countVariableReads',
  path: '/v1/products/:productIdOrSlug/metrics/variables',
  summary: 'How reads of variables went',
  description: asked,
  scope: 'metrics.variables:get',
  responses: { 200: z.object({ variables: answers }) },
  example: { response: { variables: exampleAnswers } },
});

const getFleet = defineRoute({
  operation: 'getFleet',
  tag,
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/fleet',
  summary: 'A fleet in figures',
  description:
    'How many devices are online, which firmware they run, how many customers are active (own a device that was heard in the last 30 days), and how many people have a role in the product.',
  access: 'product',
  scope: 'products:get',
  params: productParams,
  responses: {
    200: z.object({
      devices: z.object({
        total: z.int(),
        online: z.int(),
        development: z.int(),
        safe_mode: z.int().describe('That last came online in safe mode.'),
        quarantined: z.int().describe('Wait in quarantine; not in the total.'),
        denied: z.int().describe('Not in the total.'),
      }),
      versions: z
        .array(z.object({ version: z.int().nullable().describe('Null for none of the product.'), count: z.int() }))
        .describe('The most used first.'),
      customers: z.object({ total: z.int(), active: z.int() }),
      team: z.object({ members: z.int() }),
    }),
  },
  errors: { 429: 'The caller has as many of these requests under way as it may; try again.' },
  example: {
    response: {
      devices: { total: 50, online: 48, development: 2, safe_mode: 1, quarantined: 1, denied: 0 },
      versions: [
        { version: 7, count: 45 },
        { version: null, count: 5 },
      ],
      customers: { total: 31, active: 29 },
      team: { members: 4 },
    },
  },
});

const presence = {
  tag,
  method: 'GET',
  query: z.object({
    start_date: z.string().optional().describe('ISO 8601; 30 days before the end when left out.'),
    end_date: z.string().optional().describe('ISO 8601, exclusive; now when left out.'),
    page: integerField.pipe(z.int().min(1).max(1_000_000)).optional().describe('From 1.'),
    per_page: integerField.pipe(z.int().min(1).max(1000)).optional().describe('25 when left out, at most 1000.'),
    perPage: integerField.pipe(z.int().min(1).max(1000)).optional(),
  }),
  responses: {
    200: z.object({
      deviceID: z.string(),
      start_date: timestampField.describe('What was looked at: not before the device was claimed, or joined.'),
      end_date: timestampField,
      online_seconds: z.int().describe('For how long it was online in that time.'),
      presence: z
        .array(
          z.object({
            at: timestampField,
            online: z.boolean(),
            reason: z
              .string()
              .nullable()
              .describe(
                'Why it went: `goodbye`, `silent`, `session_ended`, `unresponsive` or `server_restarted`; null when it came.',
              ),
          }),
        )
        .describe('Newest first.'),
      meta: z.object({ total_pages: z.int() }),
    }),
  },
  example: {
    response: {
      deviceID: 'e00fce68a1b2c3d4e5f60718',
      start_date: '2026-01-04T08:15:22.118Z',
      end_date: '2026-02-03T08:15:22.118Z',
      online_seconds: 2_591_000,
      presence: [
        { at: '2026-02-01T03:10:40.002Z', online: true, reason: null },
        { at: '2026-02-01T02:54:00.871Z', online: false, reason: 'silent' },
      ],
      meta: { total_pages: 1 },
    },
  },
} as const;
const BAD_RANGE = 'A time is none, or they are in the wrong order or more than 31 days apart.';
const kept = 'Kept for 31 days, and at most 10,000 changes of a device.';

const listPresence = defineRoute({
  ...presence,
  operation: 'listPresence',
  path: '/v1/diagnostics/:deviceId/presence',
  summary: 'When a device came and went',
  description: kept,
  access: 'owner',
  params: z.object({ deviceId: z.string().describe('Id in any case, or the name of an own device.') }),
  errors: { 400: BAD_RANGE, 403: 'The device is not within reach, or there is none.' },
});

const listProductPresence = defineRoute({
  ...presence,
  operation: 'listProductPresence',
  path: '/v1/products/:productIdOrSlug/diagnostics/:deviceId/presence',
  summary: 'When a device of a product came and went',
  description: kept,
  access: 'product',
  scope: 'devices:get',
  params: productParams.extend({ deviceId: z.string().describe('Id in any case.') }),
  errors: { 400: BAD_RANGE, 404: 'The device is not in the product.' },
});

export const healthRoutes = {
  online,
  events,
  integration,
  integrations,
  functions,
  variables,
  getFleet,
  listPresence,
  listProductPresence,
};
