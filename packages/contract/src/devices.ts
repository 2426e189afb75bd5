import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { booleanField, integerField, okBody, timestampField } from './fields.ts';

const tag = 'devices';

/** 24 hex digits in any case; on user routes also the name of an own device. */
const deviceParams = z.object({ deviceId: z.string().describe('Id, or the name of an own device.') });

const variableType = z.enum(['int32', 'double', 'string', 'bool']);

/** Section 1 of the API notes: keys are null rather than missing, except those of cellular devices. */
const device = z
  .object({
    id: z.string(),
    name: z.string(),
    owner: z.string().nullable(),
    last_ip_address: z.string().nullable(),
    last_heard: timestampField.nullable(),
    last_handshake_at: timestampField.nullable(),
    product_id: z.int().describe('The platform id for a device that is in no product.'),
    online: z.boolean(),
    connected: z.boolean().describe('The same as online.'),
    platform_id: z.int(),
    cellular: z.boolean(),
    notes: z.string().nullable(),
    functions: z.array(z.string()).nullable().describe('Null before the device has described itself.'),
    variables: z.record(z.string(), variableType).nullable(),
    status: z.enum(['normal', 'safe_mode']),
    serial_number: z.string().nullable(),
    iccid: z.string().nullable().optional(),
    last_iccid: z.string().nullable().optional(),
    imei: z.string().nullable().optional(),
    mobile_secret: z.string().nullable(),
    system_firmware_version: z.string().nullable(),
    current_build_target: z.string().nullable(),
    pinned_build_target: z.string().nullable(),
    default_build_target: z.string().nullable(),
    firmware_updates_enabled: z.boolean(),
    firmware_updates_forced: z.boolean(),
    device_protection: z.object({ status: z.string() }),
  })
  .meta({ id: 'Device' });

const listDevices = defineRoute({
  operation: 'listDevices',
  tag,
  method: 'GET',
  path: '/v1/devices',
  summary: 'The devices that the account claimed, the one that connected last first',
  access: 'token',
  responses: { 200: z.array(device) },
});

const claimDevice = defineRoute({
  operation: 'claimDevice',
  tag,
  method: 'POST',
  path: '/v1/devices',
  summary: 'Claim a device that nobody owns',
  access: 'token',
  query: z.object({ request_transfer: booleanField.optional() }),
  body: z.object({
    id: z.string().optional(),
    request_transfer: booleanField.optional(),
    product_id: integerField.optional().describe('Provisioning of product devices: refused, this server has none yet.'),
  }),
  responses: {
    200: z.object({
      ok: z.literal(true),
      deviceID: z.string(),
      user_id: z.string(),
      claimed: z.literal(true),
      connected: z.boolean(),
    }),
  },
});

const getDevice = defineRoute({
  operation: 'getDevice',
  tag,
  method: 'GET',
  path: '/v1/devices/:deviceId',
  summary: 'One device',
  access: 'token',
  params: deviceParams,
  responses: { 200: device },
});

const updateDevice = defineRoute({
  operation: 'updateDevice',
  tag,
  method: 'PUT',
  path: '/v1/devices/:deviceId',
  summary: 'Rename, note, signal, flash',
  description:
    'Fields may be combined; the reply has what they changed. `signal` answers 408 when the device does not. A multipart body flashes: one .bin file or several, or a .zip bundle of an application and its assets; the reply comes when the device has taken the start, and `spark/flash/status` events tell the end. Source code and the fields of product devices are refused: this server has neither yet.',
  access: 'token',
  params: deviceParams,
  body: z.object({
    name: z.string().optional(),
    notes: z.string().nullable().optional(),
    signal: booleanField.optional().describe('Rainbow LED: 1 on, 0 off.'),
    firmware_updates_forced: booleanField.optional(),
    groups: z.unknown().optional(),
    development: z.unknown().optional(),
    desired_firmware_version: z.unknown().optional(),
    flash: z.unknown().optional(),
    product_id: z.unknown().optional(),
  }),
  responses: {
    200: z.object({
      id: z.string(),
      name: z.string().optional(),
      notes: z.string().nullable().optional(),
      connected: z.boolean().optional(),
      signaling: z.boolean().optional(),
      firmware_updates_forced: z.boolean().optional(),
      updated_at: timestampField.optional().describe('With a name or notes.'),
      ok: z.boolean().optional().describe('When an update of the firmware was started, like the next two.'),
      status: z.string().optional(),
      message: z.string().optional(),
    }),
  },
});

const unclaimDevice = defineRoute({
  operation: 'unclaimDevice',
  tag,
  method: 'DELETE',
  path: '/v1/devices/:deviceId',
  summary: 'Give up a device',
  access: 'token',
  params: deviceParams,
  responses: { 200: okBody },
});

const pingDevice = defineRoute({
  operation: 'pingDevice',
  tag,
  method: 'PUT',
  path: '/v1/devices/:deviceId/ping',
  summary: 'Ask whether the device answers now',
  access: 'token',
  params: deviceParams,
  responses: { 200: z.object({ online: z.boolean(), ok: z.literal(true) }) },
});

const format = z.string().optional().describe('`raw`: the bare value as text.');

const readVariable = defineRoute({
  operation: 'readVariable',
  tag,
  method: 'GET',
  path: '/v1/devices/:deviceId/:name',
  summary: 'Read a variable from the device',
  description: '404 when the device has no such variable, 408 when it does not answer.',
  access: 'token',
  params: deviceParams.extend({ name: z.string().describe('Name of the variable.') }),
  query: z.object({ format }),
  responses: {
    200: z.object({
      name: z.string(),
      result: z
        .union([z.boolean(), z.number(), z.string(), z.null()])
        .describe('Null for a double that is not finite.'),
      coreInfo: z.object({
        name: z.string(),
        deviceID: z.string(),
        connected: z.boolean(),
        last_handshake_at: timestampField.nullable(),
      }),
    }),
  },
});

/** Clients send text; a JSON number or boolean means its text. */
const argument = z
  .union([z.string(), z.number(), z.boolean(), z.null()])
  .transform((value) => (value === null ? '' : String(value)))
  .optional();

const callFunction = defineRoute({
  operation: 'callFunction',
  tag,
  method: 'POST',
  path: '/v1/devices/:deviceId/:name',
  summary: 'Call a function of the device',
  description: '404 when the device has no such function, 408 when it does not answer.',
  access: 'token',
  params: deviceParams.extend({ name: z.string().describe('Name of the function.') }),
  query: z.object({ format }),
  body: z.object({ arg: argument, args: argument, format }),
  responses: {
    200: z.object({ id: z.string(), name: z.string(), connected: z.literal(true), return_value: z.int() }),
  },
});

const publicKey = z.string().max(8192).describe('PEM, `-----BEGIN PUBLIC KEY-----`: P-256, or RSA for devices on TCP.');
const algorithm = z.enum(['ecc', 'rsa']).optional();

const registerKey = defineRoute({
  operation: 'registerKey',
  tag,
  method: 'POST',
  path: '/v1/provisioning/:deviceId',
  summary: 'Register or replace the public key of a device',
  description: 'For own devices, and for those that nobody owns; one that was not known becomes known.',
  access: 'token',
  params: z.object({ deviceId: z.string() }),
  body: z.object({
    deviceID: z.string().optional(),
    publicKey,
    algorithm,
    filename: z.string().optional(),
    order: z.string().optional(),
    product_id: z.unknown().optional(),
  }),
  responses: { 200: okBody },
});

const registerDevice = defineRoute({
  operation: 'registerDevice',
  tag,
  method: 'POST',
  path: '/v1/operator/devices',
  summary: 'Make a device known, with its key',
  access: 'operator',
  body: z.object({
    id: z.string(),
    public_key: publicKey,
    algorithm,
    platform_id: integerField.pipe(z.int().min(0).max(65_535)).optional(),
    name: z.string().optional(),
    owner: z.string().optional().describe('E-mail of the account that owns it from now on.'),
  }),
  responses: { 200: device },
});

export const deviceRoutes = {
  listDevices,
  claimDevice,
  getDevice,
  updateDevice,
  unclaimDevice,
  pingDevice,
  readVariable,
  callFunction,
  registerKey,
  registerDevice,
};
