import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { SILENT } from './devices.ts';
import { integerField, okBody, timestampField } from './fields.ts';

const tag = 'vitals';

const NOT_REACHED = 'The device is not within reach, or there is none.';
const NOT_MEMBER = 'The device is not in the product.';
const BAD_TIME = '`start_date` or `end_date` is no ISO 8601 time, more than 30 days ago, or in the wrong order.';
const BUSY = 'The caller has as many of these requests under way as it may; try again.';

const ownDevice = z.object({ deviceId: z.string().describe('Id in any case, or the name of an own device.') });
const member = z.object({
  productIdOrSlug: z.string().describe('Number or slug of the product.'),
  deviceId: z.string().describe('Id in any case.'),
});

const payload = z
  .record(z.string(), z.unknown())
  .describe(
    'Section `device` as the device told it, and `service` from the cloud. A value that could not be read is `{"err": <number>}`.',
  );

const record = z.object({ updated_at: timestampField, deviceID: z.string(), payload });

const times = {
  start_date: z.string().optional().describe('ISO 8601, inclusive; 30 days ago when left out, and at most that.'),
  end_date: z.string().optional().describe('ISO 8601, exclusive; now when left out.'),
};

const deviceID = 'e00fce68a1b2c3d4e5f60718';
const exampleRecord = {
  updated_at: '2026-02-03T08:15:22.118Z',
  deviceID,
  payload: {
    device: {
      network: { signal: { at: 'Wi-Fi', strength: 61.2, strength_units: '%' } },
      system: { uptime: 90412, memory: { used: 71200, total: 167360 } },
    },
    service: { device: { status: 'ok' }, cloud: { uptime: 4410 } },
  },
};

const refresh = {
  tag,
  method: 'POST',
  audited: false,
  responses: { 202: okBody },
  example: { response: { ok: true } },
} as const;
const asks =
  'The device is asked and the reply does not wait for it: what it answers is the event `spark/device/diagnostics/update`, and the last record then.';
const refreshErrors = { 408: SILENT, 429: 'Too many devices are being asked.' };

const refreshVitals = defineRoute({
  ...refresh,
  operation: 'refreshVitals',
  path: '/v1/diagnostics/:deviceId/update',
  summary: 'Ask a device for its vitals',
  description: asks,
  access: 'owner',
  params: ownDevice,
  errors: { ...refreshErrors, 403: NOT_REACHED },
});

const refreshProductVitals = defineRoute({
  ...refresh,
  operation: 'refreshProductVitals',
  path: '/v1/products/:productIdOrSlug/diagnostics/:deviceId/update',
  summary: 'Ask a device of a product for its vitals',
  description: asks,
  access: 'product',
  scope: 'devices.diagnostics:update',
  params: member,
  errors: { ...refreshErrors, 404: NOT_MEMBER },
});

const last = {
  tag,
  method: 'GET',
  responses: { 200: z.object({ diagnostics: record }) },
  example: { response: { diagnostics: exampleRecord } },
} as const;
const NONE_YET = 'The device has sent no vitals yet.';

const getLastVitals = defineRoute({
  ...last,
  operation: 'getLastVitals',
  path: '/v1/diagnostics/:deviceId/last',
  summary: 'The last vitals of a device',
  access: 'owner',
  params: ownDevice,
  errors: { 403: NOT_REACHED, 404: NONE_YET },
});

const getLastProductVitals = defineRoute({
  ...last,
  operation: 'getLastProductVitals',
  path: '/v1/products/:productIdOrSlug/diagnostics/:deviceId/last',
  summary: 'The last vitals of a device of a product',
  access: 'product',
  scope: 'devices.diagnostics:get',
  params: member,
  errors: { 404: `${NOT_MEMBER} ${NONE_YET}` },
});

const history = {
  tag,
  method: 'GET',
  query: z.object({
    ...times,
    limit: integerField.pipe(z.int().min(1).max(1000)).optional().describe('1 to 1000 records, 1000 when left out.'),
  }),
  responses: {
    200: z.object({
      diagnostics: z.array(record),
      meta: z.object({
        next_start_date: timestampField.nullable().describe('`start_date` of the next page; null on the last.'),
      }),
    }),
  },
  example: { response: { diagnostics: [exampleRecord], meta: { next_start_date: null } } },
} as const;
const oldestFirst =
  'Oldest first. With `Accept: text/csv` all records of that time come as CSV, without pages: a column for each value by its dotted path, and `other` with the JSON of whatever has none.';

const listVitals = defineRoute({
  ...history,
  operation: 'listVitals',
  path: '/v1/diagnostics/:deviceId',
  summary: 'Vitals of a device over the last 30 days',
  description: oldestFirst,
  access: 'owner',
  params: ownDevice,
  errors: { 400: BAD_TIME, 403: NOT_REACHED, 429: BUSY },
});

const listProductVitals = defineRoute({
  ...history,
  operation: 'listProductVitals',
  path: '/v1/products/:productIdOrSlug/diagnostics/:deviceId',
  summary: 'Vitals of a device of a product over the last 30 days',
  description: oldestFirst,
  access: 'product',
  scope: 'devices.diagnostics:get',
  params: member,
  errors: { 400: BAD_TIME, 404: NOT_MEMBER, 429: BUSY },
});

const metadata = {
  tag,
  method: 'GET',
  responses: {
    200: z.object({
      diagnostics_metadata: z
        .record(z.string(), z.unknown())
        .describe('A tree like the payload, with titles, units, limits and texts at its leaves.'),
    }),
  },
  example: {
    response: {
      diagnostics_metadata: {
        device: {
          system: {
            uptime: {
              title: 'Uptime',
              type: 'number',
              priority: 32,
              units: { title: 's' },
              messages: { description: 'How long the device has been running.' },
              describes: 'device.system.uptime',
            },
          },
        },
      },
    },
  },
} as const;

const getVitalsMetadata = defineRoute({
  ...metadata,
  operation: 'getVitalsMetadata',
  path: '/v1/diagnostics/:deviceId/metadata',
  summary: 'What the vitals of a device mean',
  access: 'owner',
  params: ownDevice,
  errors: { 403: NOT_REACHED },
});

const getProductVitalsMetadata = defineRoute({
  ...metadata,
  operation: 'getProductVitalsMetadata',
  path: '/v1/products/:productIdOrSlug/diagnostics/:deviceId/metadata',
  summary: 'What the vitals of a device of a product mean',
  access: 'product',
  scope: 'devices.diagnostics.metadata:get',
  params: member,
  errors: { 404: NOT_MEMBER },
});

const spread = z
  .object({
    max: z.number(),
    min: z.number(),
    avg: z.number(),
    med: z.number(),
    warnings: z
      .array(z.object({ timestamp: timestampField, value: z.number(), range: z.record(z.string(), z.unknown()) }))
      .describe('The newest, at most ten.'),
  })
  .nullable();

const summary = {
  tag,
  method: 'GET',
  query: z.object({
    ...times,
    limit: integerField.pipe(z.int().min(1).max(100)).optional().describe('1 to 100 samples, 30 when left out.'),
  }),
  responses: {
    200: z.object({
      deviceID: z.string(),
      memoryAvailable: z.number().nullable().describe('Bytes.'),
      bucketSize: z.int().describe('ms'),
      startDate: timestampField,
      endDate: timestampField,
      hasBattery: z.boolean(),
      samples: z.array(
        z.object({
          timestamp: timestampField,
          batteryCharging: z.boolean().nullable(),
          batteryConnected: z.boolean().nullable(),
          signalStrength: spread,
          signalStrengthValue: spread,
          signalQuality: spread,
          roundTripTime: spread,
          memoryUsed: spread,
          batteryCharge: spread,
        }),
      ),
    }),
  },
  example: {
    response: {
      deviceID,
      memoryAvailable: 167360,
      bucketSize: 86_400_000,
      startDate: '2026-02-02T08:15:22.118Z',
      endDate: '2026-02-03T08:15:22.118Z',
      hasBattery: false,
      samples: [
        {
          timestamp: '2026-02-02T08:15:22.118Z',
          batteryCharging: null,
          batteryConnected: null,
          signalStrength: { max: 61.2, min: 55.4, avg: 58.1, med: 58, warnings: [] },
          signalStrengthValue: null,
          signalQuality: null,
          roundTripTime: null,
          memoryUsed: { max: 71200, min: 70080, avg: 70640, med: 70640, warnings: [] },
          batteryCharge: null,
        },
      ],
    },
  },
} as const;
const parts = 'In equal parts of the time. Of each part at most 200 records are looked at, the newest.';

const summarizeVitals = defineRoute({
  ...summary,
  operation: 'summarizeVitals',
  path: '/v1/diagnostics/:deviceId/summary',
  summary: 'How the vitals of a device developed',
  description: parts,
  access: 'owner',
  params: ownDevice,
  errors: { 400: BAD_TIME, 403: NOT_REACHED, 429: BUSY },
});

const summarizeProductVitals = defineRoute({
  ...summary,
  operation: 'summarizeProductVitals',
  path: '/v1/products/:productIdOrSlug/diagnostics/:deviceId/summary',
  summary: 'How the vitals of a device of a product developed',
  description: parts,
  access: 'product',
  scope: 'devices.diagnostics.summary:get',
  params: member,
  errors: { 400: BAD_TIME, 404: NOT_MEMBER, 429: BUSY },
});

export const vitalsRoutes = {
  refreshVitals,
  refreshProductVitals,
  getLastVitals,
  getLastProductVitals,
  listVitals,
  listProductVitals,
  getVitalsMetadata,
  getProductVitalsMetadata,
  summarizeVitals,
  summarizeProductVitals,
};
