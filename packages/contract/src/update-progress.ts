import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { booleanField } from './fields.ts';
import { STREAM_OPENINGS } from './limits.ts';

const tag = 'firmware updates';

const stage = z.enum(['starting', 'transferring', 'applying', 'done']);

/** What stands after `data: ` in a frame `event: progress`. */
export const updateProgress = z
  .object({
    id: z.string().describe('Of the update.'),
    reason: z.enum(['flash', 'known_app', 'lock', 'release', 'rollout', 'repair']),
    version: z.int().nullable().describe("Of the product's firmware; null when somebody flashes a file."),
    stage,
    image: z.int().describe('Images that the device has applied.'),
    images: z.int(),
    bytes: z.int().describe('What the device has for sure, over all images.'),
    total_bytes: z.int(),
    percent: z.int().describe('Of the bytes; 0 to 100.'),
    outcome: z
      .string()
      .nullable()
      .describe(
        'Null while it is under way; then `succeeded`, or `refused`, `no_answer`, `no_progress`, `not_applied`, `device_gone`, `cancelled`.',
      ),
    message: z.string().nullable().describe("The device's words, or this server's, about a failure."),
  })
  .meta({ id: 'UpdateProgress' });

export type ShownProgress = z.output<typeof updateProgress>;

const exampleProgress = {
  id: '6560f1a7b30c8d94e0012ab3',
  reason: 'flash',
  version: null,
  stage: 'transferring',
  image: 0,
  images: 1,
  bytes: 131_072,
  total_bytes: 262_144,
  percent: 50,
  outcome: null,
  message: null,
} as const;

const frames =
  "Server-sent events. The first frame says how it is now: `event: progress`, or `event: idle` while nothing is under way, whose data has the device's `last` update or null. Then a frame for every step: each stage, each image, each per cent. With `until_end` the stream ends after the end of the update, and at once when none is under way. Otherwise it goes on with the device's next update. A comment `:ok` comes first and an empty line at least every 9 seconds. The stream ends when the device leaves the caller's reach.";

const stream = {
  tag,
  method: 'GET',
  limit: STREAM_OPENINGS,
  query: z.object({ until_end: booleanField.optional().describe('End with the update that is under way.') }),
  produces: 'text/event-stream',
  responses: { 200: z.string() },
  example: { response: `:ok\n\nevent: progress\ndata: ${JSON.stringify(exampleProgress)}\n\n` },
} as const;

const deviceParams = z.object({ deviceId: z.string().describe('Id, or the name of an own device.') });
const memberParams = z.object({ productIdOrSlug: z.string(), deviceId: z.string() });
const NOT_OWN = 'The device is unknown or belongs to somebody else.';
const NOT_MEMBER = 'The product has no such device.';
const TOO_MANY = 'The token or the address has as many streams open as it may.';

const streamUpdateProgress = defineRoute({
  ...stream,
  operation: 'streamUpdateProgress',
  path: '/v1/devices/:deviceId/updates/progress',
  summary: "The steps of a device's firmware updates as they happen",
  description: `Of an own device, or by its id of a device of a product in which the account may see devices. ${frames}`,
  access: 'owner',
  params: deviceParams,
  errors: { 403: NOT_OWN, 429: TOO_MANY },
});

const streamProductUpdateProgress = defineRoute({
  ...stream,
  operation: 'streamProductUpdateProgress',
  path: '/v1/products/:productIdOrSlug/devices/:deviceId/updates/progress',
  summary: 'The steps of the firmware updates of a device of the product as they happen',
  description: frames,
  access: 'product',
  scope: 'devices:get',
  params: memberParams,
  errors: { 404: NOT_MEMBER, 429: TOO_MANY },
});

const cancelled = z.object({
  ok: z.literal(true),
  id: z.string().describe('Of the update.'),
  stage: stage.describe(
    'How far it was. A device that is `applying` has all of an image, and may run it all the same.',
  ),
  bytes: z.int().describe('What the device had of it.'),
  total_bytes: z.int(),
});

const cancel = {
  tag,
  method: 'DELETE',
  responses: { 200: cancelled },
  example: {
    response: { ok: true, id: exampleProgress.id, stage: 'transferring', bytes: 131_072, total_bytes: 262_144 },
  },
} as const;

const NOTHING = 'No update of the device is under way.';
const goesOn =
  'Nothing more is sent, and what has been sent of an image is of no use any more. An update that waits for the device to come back ends too.';

const cancelUpdate = defineRoute({
  ...cancel,
  operation: 'cancelUpdate',
  path: '/v1/devices/:deviceId/updates/current',
  summary: 'End the firmware update of an own device',
  description: goesOn,
  access: 'owner',
  params: deviceParams,
  errors: {
    403: NOT_OWN,
    404: NOTHING,
    409: 'The update brings firmware of the product that the device is in: it is ended through the product.',
  },
});

const cancelProductUpdate = defineRoute({
  ...cancel,
  operation: 'cancelProductUpdate',
  path: '/v1/products/:productIdOrSlug/devices/:deviceId/updates/current',
  summary: 'End the firmware update of a device of the product',
  description: `${goesOn} The product's own firmware is tried again later, unless that changes: lock the device, or mark it as a development device.`,
  access: 'product',
  scope: 'devices:update',
  params: memberParams,
  errors: { 404: `${NOTHING} Or: ${NOT_MEMBER}` },
});

export const updateProgressRoutes = {
  streamUpdateProgress,
  streamProductUpdateProgress,
  cancelUpdate,
  cancelProductUpdate,
};
