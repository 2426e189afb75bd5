import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { booleanField, integerField, okBody } from './fields.ts';

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
  'Server-sent events: `event: <name>` and `data: <JSON>`; a comment `:ok` first and an empty line at least every 9 seconds. Everything after `/events/` is the prefix that names must begin with.';

const stream = {
  tag,
  method: 'GET',
  access: 'token',
  produces: 'text/event-stream',
  responses: { 200: z.string() },
} as const;
const prefixParams = z.object({ '*': z.string() });
const deviceParams = z.object({ deviceId: z.string() });

const streamEvents = defineRoute({
  ...stream,
  operation: 'streamEvents',
  path: '/v1/events/*',
  summary: 'Events of the account whose names begin with a prefix, which is mandatory',
  description: frames,
  params: prefixParams,
});

const refuseAllEvents = defineRoute({
  ...stream,
  operation: 'refuseAllEvents',
  path: '/v1/events',
  summary: 'Answers 400: a prefix is required',
});

const streamOwnEvents = defineRoute({
  ...stream,
  operation: 'streamOwnEvents',
  path: '/v1/devices/events',
  summary: 'All events of the account',
  description: frames,
});

const streamOwnEventsByPrefix = defineRoute({
  ...stream,
  operation: 'streamOwnEventsByPrefix',
  path: '/v1/devices/events/*',
  summary: 'Events of the account whose names begin with a prefix',
  description: frames,
  params: prefixParams,
});

const streamDeviceEvents = defineRoute({
  ...stream,
  operation: 'streamDeviceEvents',
  path: '/v1/devices/:deviceId/events',
  summary: 'All events of one device',
  description: frames,
  params: deviceParams,
});

const streamDeviceEventsByPrefix = defineRoute({
  ...stream,
  operation: 'streamDeviceEventsByPrefix',
  path: '/v1/devices/:deviceId/events/*',
  summary: 'Events of one device whose names begin with a prefix',
  description: frames,
  params: deviceParams.extend({ '*': z.string() }),
});

const publishEvent = defineRoute({
  operation: 'publishEvent',
  tag,
  method: 'POST',
  path: '/v1/devices/events',
  summary: 'Publish an event to the streams and devices of the account',
  access: 'token',
  body: z.object({
    name: z.string().describe('1 to 64 bytes; not beginning with spark or particle.'),
    data: z
      .union([z.string(), z.number(), z.boolean(), z.null()])
      .transform((value) => (value === null ? null : String(value)))
      .optional()
      .describe('At most 1024 bytes.'),
    ttl: integerField.optional().describe('Seconds; 60 when left out.'),
    private: booleanField.optional().describe('Events always are.'),
  }),
  responses: { 200: okBody },
});

export const eventRoutes = {
  streamEvents,
  refuseAllEvents,
  streamOwnEvents,
  streamOwnEventsByPrefix,
  streamDeviceEvents,
  streamDeviceEventsByPrefix,
  publishEvent,
};
