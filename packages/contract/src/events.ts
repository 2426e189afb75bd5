import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { booleanField, integerField, okBody } from './fields.ts';
import { PREFIXED_STREAM_OPENINGS, STREAM_OPENINGS } from './limits.ts';

const tag = 'events';

/** What stands after `data: ` in a frame of a stream; the event's name is in its `event: ` line. */
export const streamedEvent = z
  .object({
    data: z.string().nullable().describe('Text; binary data as a data URL.'),
    ttl: z.int(),
    published_at: z.iso.datetime(),
    coreid: z.string().describe('The device, or `api`.'),
  })
  .meta({ id: 'StreamedEvent' });

export type StreamedEvent = z.output<typeof streamedEvent>;

const frames =
  'Server-sent events: `event: <name>`, `data: <JSON>` and `id: <number>`; a comment `:ok` first and an empty line at least every 9 seconds. Everything after `/events/` is the prefix that names must begin with. A stream that is opened with the id of the last event that was seen, in `last_event_id` or in the header `Last-Event-ID`, goes on behind it.';

const EVENT_ID = 'must be the id of an event, or 0 for all that is kept';

/** The id of an event: its place in the log, as decimal text. Out comes a number. */
export const eventIdField = z
  .union([z.int(EVENT_ID).min(0, EVENT_ID), z.string().regex(/^\d{1,15}$/, EVENT_ID)], EVENT_ID)
  .transform(Number);

/** Names of consumer groups. */
export const groupNameField = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be 1 to 64 letters, digits, _, . and -');

const streamQuery = z.object({
  last_event_id: eventIdField
    .optional()
    .describe('Go on behind this event; 0 begins with the oldest that is kept. The header `Last-Event-ID` wins.'),
  group: groupNameField
    .optional()
    .describe('Share the events with the other readers of this consumer group, each event for one of them.'),
  ack: z
    .enum(['auto', 'explicit'])
    .optional()
    .describe('With a group: `explicit` when the reader acknowledges events itself; `auto` when left out.'),
});

/** As it may look on the wire. */
const exampleFrames =
  ':ok\n\nevent: temperature\ndata: {"data":"21.6","ttl":60,"published_at":"2026-02-03T08:15:22.118Z","coreid":"e00fce68a1b2c3d4e5f60718"}\nid: 4711\n\n';

const stream = {
  tag,
  method: 'GET',
  limit: STREAM_OPENINGS,
  query: streamQuery,
  produces: 'text/event-stream',
  responses: { 200: z.string() },
  example: { response: exampleFrames },
} as const;
const tooMany = 'The token or the address has as many streams open as it may.';
const refusals = {
  400: 'No event has had that id, or a parameter is not valid.',
  409: 'The group reads other events, or there are 100 groups.',
  429: tooMany,
};
const ownStream = { ...stream, access: 'owner', errors: refusals } as const;
const productStream = { ...stream, access: 'product', scope: 'events:get', errors: refusals } as const;
const organizationStream = { ...stream, access: 'organization', scope: 'events:get', errors: refusals } as const;
const prefixParams = z.object({ '*': z.string() });
const deviceParams = z.object({ deviceId: z.string() });
const productParams = z.object({ productIdOrSlug: z.string() });
const organizationParams = z.object({ orgIdOrSlug: z.string() });

const streamEvents = defineRoute({
  ...ownStream,
  operation: 'streamEvents',
  limit: PREFIXED_STREAM_OPENINGS,
  path: '/v1/events/*',
  summary: 'Events of the account whose names begin with a prefix, which is mandatory',
  description: frames,
  params: prefixParams,
  errors: { ...refusals, 400: 'There is no prefix, no event has had that id, or a parameter is not valid.' },
});

const refuseAllEvents = defineRoute({
  ...ownStream,
  query: z.object({}),
  operation: 'refuseAllEvents',
  limit: PREFIXED_STREAM_OPENINGS,
  path: '/v1/events',
  summary: 'Answers 400: a prefix is required',
  errors: { 400: 'Always: there is no prefix.' },
});

const streamOwnEvents = defineRoute({
  ...ownStream,
  operation: 'streamOwnEvents',
  path: '/v1/devices/events',
  summary: 'All events of the account',
  description: `Events of the devices that the account or the customer owns, and what it publishes itself. ${frames}`,
});

const streamOwnEventsByPrefix = defineRoute({
  ...ownStream,
  operation: 'streamOwnEventsByPrefix',
  path: '/v1/devices/events/*',
  summary: 'Events of the account whose names begin with a prefix',
  description: frames,
  params: prefixParams,
});

const unknownOwnDevice = { ...refusals, 403: 'The device is not within reach, or there is none.' };

const streamDeviceEvents = defineRoute({
  ...ownStream,
  operation: 'streamDeviceEvents',
  path: '/v1/devices/:deviceId/events',
  summary: 'All events of one device',
  description: `Of an own device, by its id or name; or, by its id, of a device of a product in which the account may read events. ${frames}`,
  params: deviceParams,
  errors: unknownOwnDevice,
});

const streamDeviceEventsByPrefix = defineRoute({
  ...ownStream,
  operation: 'streamDeviceEventsByPrefix',
  path: '/v1/devices/:deviceId/events/*',
  summary: 'Events of one device whose names begin with a prefix',
  description: frames,
  params: deviceParams.extend({ '*': z.string() }),
  errors: unknownOwnDevice,
});

const streamProductEvents = defineRoute({
  ...productStream,
  operation: 'streamProductEvents',
  path: '/v1/products/:productIdOrSlug/events',
  summary: 'All events of a product',
  description: `Events of all devices of the product, whoever owns them, what its customers publish, and what is published to the product. The stream ends when the caller may not read it any more. ${frames}`,
  params: productParams,
});

const streamProductEventsByPrefix = defineRoute({
  ...productStream,
  operation: 'streamProductEventsByPrefix',
  path: '/v1/products/:productIdOrSlug/events/*',
  summary: 'Events of a product whose names begin with a prefix',
  description: frames,
  params: productParams.extend({ '*': z.string() }),
});

const unknownProductDevice = { ...refusals, 404: 'The product has no such device.' };

const streamProductDeviceEvents = defineRoute({
  ...productStream,
  operation: 'streamProductDeviceEvents',
  path: '/v1/products/:productIdOrSlug/devices/:deviceId/events',
  summary: 'All events of one device of a product',
  description: frames,
  params: productParams.extend({ deviceId: z.string() }),
  errors: unknownProductDevice,
});

const streamProductDeviceEventsByPrefix = defineRoute({
  ...productStream,
  operation: 'streamProductDeviceEventsByPrefix',
  path: '/v1/products/:productIdOrSlug/devices/:deviceId/events/*',
  summary: 'Events of one device of a product whose names begin with a prefix',
  description: frames,
  params: productParams.extend({ deviceId: z.string(), '*': z.string() }),
  errors: unknownProductDevice,
});

const streamOrganizationEvents = defineRoute({
  ...organizationStream,
  operation: 'streamOrganizationEvents',
  path: '/v1/orgs/:orgIdOrSlug/events',
  summary: 'All events of the products of an organization',
  description: `The stream ends when the caller may not read it any more. ${frames}`,
  params: organizationParams,
});

const streamOrganizationEventsByPrefix = defineRoute({
  ...organizationStream,
  operation: 'streamOrganizationEventsByPrefix',
  path: '/v1/orgs/:orgIdOrSlug/events/*',
  summary: 'Events of the products of an organization whose names begin with a prefix',
  description: frames,
  params: organizationParams.extend({ '*': z.string() }),
});

const unknownOrganizationDevice = { ...refusals, 404: 'No product of the organization has such a device.' };

const streamOrganizationDeviceEvents = defineRoute({
  ...organizationStream,
  operation: 'streamOrganizationDeviceEvents',
  path: '/v1/orgs/:orgIdOrSlug/devices/:deviceId/events',
  summary: 'All events of one device of an organization',
  description: frames,
  params: organizationParams.extend({ deviceId: z.string() }),
  errors: unknownOrganizationDevice,
});

const streamOrganizationDeviceEventsByPrefix = defineRoute({
  ...organizationStream,
  operation: 'streamOrganizationDeviceEventsByPrefix',
  path: '/v1/orgs/:orgIdOrSlug/devices/:deviceId/events/*',
  summary: 'Events of one device of an organization whose names begin with a prefix',
  description: frames,
  params: organizationParams.extend({ deviceId: z.string(), '*': z.string() }),
  errors: unknownOrganizationDevice,
});

const publishBody = z.object({
  name: z.string().describe('1 to 64 bytes; not beginning with spark or particle.'),
  data: z
    .union([z.string(), z.number(), z.boolean(), z.null()])
    .transform((value) => (value === null ? null : String(value)))
    .optional()
    .describe('At most 1024 bytes.'),
  ttl: integerField.optional().describe('Seconds; 60 when left out.'),
  private: booleanField.optional().describe('Events always are.'),
});

const publish = {
  tag,
  method: 'POST',
  audited: false,
  body: publishBody,
  responses: { 200: okBody },
  errors: {
    400: 'The name, the data or the ttl cannot be published.',
    503: 'The server cannot store events now; try again.',
  },
  example: { body: { name: 'lamp/on', data: 'kitchen', ttl: 60 }, response: { ok: true } },
} as const;

const publishEvent = defineRoute({
  ...publish,
  operation: 'publishEvent',
  path: '/v1/devices/events',
  summary: 'Publish an event to the streams and devices of the account',
  description:
    "A customer publishes to its own streams and devices, and to the stream of its product. An account's events stay with the account, also when it is in the team of a product.",
  access: 'owner',
});

const publishProductEvent = defineRoute({
  ...publish,
  operation: 'publishProductEvent',
  path: '/v1/products/:productIdOrSlug/events',
  summary: 'Publish an event to the streams of a product',
  description: 'No device hears of it: publish as a customer to reach the devices of that customer.',
  access: 'product',
  scope: 'events:send',
  params: productParams,
});

export const eventRoutes = {
  streamEvents,
  refuseAllEvents,
  streamOwnEvents,
  streamOwnEventsByPrefix,
  streamDeviceEvents,
  streamDeviceEventsByPrefix,
  streamProductEvents,
  streamProductEventsByPrefix,
  streamProductDeviceEvents,
  streamProductDeviceEventsByPrefix,
  streamOrganizationEvents,
  streamOrganizationEventsByPrefix,
  streamOrganizationDeviceEvents,
  streamOrganizationDeviceEventsByPrefix,
  publishEvent,
  publishProductEvent,
};
