import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { integerField, okBody, timestampField } from './fields.ts';

const tag = 'connections';

const outcome = z.enum(['admitted', 'resumed', 'refused', 'failed']);
const transport = z.enum(['udp', 'tcp']);

const stage = z
  .enum(['client_hello', 'key_exchange', 'key_proved', 'nonce', 'offer', 'secured', 'hello', 'admitted', 'resumed'])
  .describe(
    'How far it came. UDP: `client_hello` (the device has said hello and shown that it owns its address), `key_exchange` (it has begun to send its key), `key_proved` (it has proved that it owns it). TCP: `nonce` (connected, has not answered yet), `offer` (it has answered with its id and key). Both: `secured` (the connection is encrypted), `hello` (the device has said who it is), `admitted`, `resumed` (it went on with the session that it had).',
  );

const reason = z
  .enum([
    'unknown_device',
    'no_key_registered',
    'key_mismatch',
    'denied',
    'unavailable',
    'wrong_server_key',
    'timed_out',
    'began_again',
    'closed',
    'no_hello',
    'device_id_missing',
    'bad_proof',
    'bad_key',
    'bad_message',
    'unreadable',
    'too_many',
    'fault',
  ])
  .describe('Why it ended; docs/connection-doctor.md explains each.');

const nextStep = z.object({
  text: z.string().describe('What to do about it, in plain words.'),
  command: z.string().nullable().describe('A command to copy, with the ids of this attempt filled in.'),
});

const connection = z
  .object({
    id: z.int().describe('Grows with time; `before` takes it.'),
    device_id: z
      .string()
      .nullable()
      .describe('Whom the peer said to be; null when it did not come so far. Only a claim unless it was admitted.'),
    device_name: z.string().nullable().describe('Null also for a device that nobody has registered.'),
    transport,
    address: z.string().describe('The IP address that the device came from.'),
    port: z.int(),
    stage,
    outcome: outcome.describe(
      '`admitted`: it is in; `resumed`: it went on with its session without a handshake; `refused`: it said who it is, and may not come in; `failed`: it did not come so far.',
    ),
    reason: reason.nullable().describe('Null when it was admitted or resumed.'),
    key_fingerprint: z
      .string()
      .nullable()
      .describe('Of the key that the peer showed: SHA-256 of the DER public key, hex. Null when it showed none.'),
    registered_fingerprint: z
      .string()
      .nullable()
      .describe('Of the key that is registered for the device now, to compare. Null when there is none.'),
    count: z.int().describe('How often the same happened within a minute.'),
    first_at: timestampField,
    last_at: timestampField,
    next_step: nextStep.nullable().describe('Null when nothing is wrong.'),
    can_approve: z.boolean().describe('Whether the caller may register the key of this attempt for this device.'),
  })
  .meta({ id: 'Connection' });

const DEVICE = 'e00fce68a1b2c3d4e5f60718';
const SHOWN_KEY = '9b74c9897bac770ffc029102a200c5de4b3a1f0c6d2e8f9b74c9897bac770ffc';
const REGISTERED_KEY = '0f4a1c2b3d5e6f708192a3b4c5d6e7f80f4a1c2b3d5e6f708192a3b4c5d6e7f8';

const exampleConnection = {
  id: 4711,
  device_id: DEVICE,
  device_name: 'greenhouse',
  transport: 'udp' as const,
  address: '192.0.2.7',
  port: 51_000,
  stage: 'hello' as const,
  outcome: 'refused' as const,
  reason: 'key_mismatch' as const,
  key_fingerprint: SHOWN_KEY,
  registered_fingerprint: REGISTERED_KEY,
  count: 3,
  first_at: '2026-11-21T09:30:00.000Z',
  last_at: '2026-11-21T09:30:42.000Z',
  next_step: {
    text: 'The device shows another key than the one that is registered for it. If you know that its key was changed, approve the key of this attempt. Otherwise give the device a fresh key and register that.',
    command: `particle keys doctor ${DEVICE}`,
  },
  can_approve: true,
};

const pageQuery = {
  outcome: outcome.optional(),
  before: integerField
    .pipe(z.int().min(1))
    .optional()
    .describe('Only attempts with a smaller id: `meta.next_before` of the page before.'),
  limit: integerField.pipe(z.int().min(1).max(200)).optional().describe('50 when left out, 200 at most.'),
};

const searchQuery = z.object({
  device: z.string().max(64).optional().describe('Device id.'),
  address: z.string().max(64).optional().describe('IP address, whole.'),
  ...pageQuery,
});

const listed = {
  200: z.object({
    connections: z.array(connection),
    meta: z.object({ next_before: z.int().nullable().describe('Null on the last page.') }),
  }),
};

const listExample = { response: { connections: [exampleConnection], meta: { next_before: null } } };
const productParams = z.object({ productIdOrSlug: z.string().describe('Number or slug of the product.') });
const notFound = 'There is no such attempt, or it is not of that device.';
const notApprovable = 'That attempt has no key to approve, or its key is registered already.';
const anyTime =
  'Of a device 50 attempts are kept, for 30 days: the newest 25 that came in, and the newest 25 that did not.';

const listConnections = defineRoute({
  operation: 'listConnections',
  tag,
  method: 'GET',
  path: '/v1/connections',
  summary: 'How devices tried to connect to this server, newest first',
  description: `With those that never said which device they are. ${anyTime}`,
  access: 'operator',
  query: searchQuery,
  responses: listed,
  errors: { 400: 'A field of the query is not valid.' },
  example: listExample,
});

const summarizeConnections = defineRoute({
  operation: 'summarizeConnections',
  tag,
  method: 'GET',
  path: '/v1/connections/summary',
  summary: 'How connections of the last 24 hours ended, counted',
  access: 'operator',
  responses: {
    200: z.object({
      since: timestampField,
      counts: z
        .array(z.object({ transport, outcome, reason: reason.nullable(), count: z.int() }))
        .describe('Largest first.'),
      left_out: z.object({
        since: timestampField.describe('When this server was started.'),
        count: z
          .int()
          .describe(
            'Attempts that were not kept, because too many came from one address or in all. No attempt that was admitted is held against an address.',
          ),
      }),
    }),
  },
  example: {
    response: {
      since: '2026-11-20T10:00:00.000Z',
      counts: [
        { transport: 'udp', outcome: 'admitted', reason: null, count: 120 },
        { transport: 'udp', outcome: 'refused', reason: 'key_mismatch', count: 3 },
      ],
      left_out: { since: '2026-11-19T08:00:00.000Z', count: 0 },
    },
  },
});

const listOwnConnections = defineRoute({
  operation: 'listOwnConnections',
  tag,
  method: 'GET',
  path: '/v1/user/connections',
  summary: 'How the devices of the account tried to connect, newest first',
  description: `Attempts since each was claimed; those in its name by whoever does not own its key are among them. ${anyTime}`,
  access: 'user',
  query: searchQuery,
  responses: listed,
  errors: { 400: 'A field of the query is not valid.' },
  example: listExample,
});

const listDeviceConnections = defineRoute({
  operation: 'listDeviceConnections',
  tag,
  method: 'GET',
  path: '/v1/devices/:deviceId/connections',
  summary: 'How a device of the caller tried to connect, newest first',
  description: `Attempts in its name by whoever does not own its key are among them. ${anyTime}`,
  access: 'owner',
  params: z.object({ deviceId: z.string().describe('Id or name of the device.') }),
  query: z.object(pageQuery),
  responses: listed,
  errors: { 403: "The device is not the caller's." },
  example: listExample,
});

const listProductConnections = defineRoute({
  operation: 'listProductConnections',
  tag,
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/connections',
  summary: 'How the devices of a product tried to connect, newest first',
  access: 'product',
  scope: 'devices:list',
  params: productParams,
  query: searchQuery,
  responses: listed,
  errors: { 400: 'A field of the query is not valid.' },
  example: listExample,
});

const listProductDeviceConnections = defineRoute({
  operation: 'listProductDeviceConnections',
  tag,
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/devices/:deviceId/connections',
  summary: 'How one device of a product tried to connect, newest first',
  access: 'product',
  scope: 'devices:get',
  params: productParams.extend({ deviceId: z.string() }),
  query: z.object(pageQuery),
  responses: listed,
  errors: { 404: 'The device is not in the product.' },
  example: listExample,
});

const approveDescription =
  'From then on the device is let in with that key, and with no other. A session under another key ends. Only the key of an attempt whose peer proved to own it can be approved.';

const approveKey = defineRoute({
  operation: 'approveKey',
  tag,
  method: 'POST',
  path: '/v1/operator/connections/:connectionId/approve-key',
  summary: 'Register the key of an attempt for its device',
  description: `${approveDescription} A device that nobody knew is made known, owned by nobody.`,
  access: 'operator',
  params: z.object({ connectionId: z.string() }),
  responses: { 200: okBody },
  errors: { 404: notFound, 409: notApprovable },
  example: { response: { ok: true } },
});

const approveDeviceKey = defineRoute({
  operation: 'approveDeviceKey',
  tag,
  method: 'POST',
  path: '/v1/devices/:deviceId/connections/:connectionId/approve-key',
  summary: 'Register the key of an attempt for a device of the caller',
  description: approveDescription,
  access: 'owner',
  params: z.object({ deviceId: z.string().describe('Id or name of the device.'), connectionId: z.string() }),
  responses: { 200: okBody },
  errors: { 403: "The device is not the caller's.", 404: notFound, 409: notApprovable },
  example: { response: { ok: true } },
});

const approveProductDeviceKey = defineRoute({
  operation: 'approveProductDeviceKey',
  tag,
  method: 'POST',
  path: '/v1/products/:productIdOrSlug/devices/:deviceId/connections/:connectionId/approve-key',
  summary: 'Register the key of an attempt for a device of a product',
  description: `${approveDescription} The key of a device that somebody owns is for its owner to approve.`,
  access: 'product',
  scope: 'devices:import',
  params: productParams.extend({ deviceId: z.string(), connectionId: z.string() }),
  responses: { 200: okBody },
  errors: {
    403: 'Somebody else owns the device.',
    404: `The device is not in the product. ${notFound}`,
    409: notApprovable,
  },
  example: { response: { ok: true } },
});

export const connectionRoutes = {
  listConnections,
  summarizeConnections,
  listOwnConnections,
  listDeviceConnections,
  listProductConnections,
  listProductDeviceConnections,
  approveKey,
  approveDeviceKey,
  approveProductDeviceKey,
};
