import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { booleanField, integerField, okBody, timestampField } from './fields.ts';

const tag = 'devices';

/** 24 hex digits in any case; on user routes also the name of an own device. */
const deviceParams = z.object({ deviceId: z.string().describe('Id, or the name of an own device.') });

const variableType = z.enum(['int32', 'double', 'string', 'bool']);

/** Section 1 of the API notes: keys are null rather than missing, except those of cellular devices. */
export const device = z
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

export const exampleDevice = {
  id: 'e00fce68a1b2c3d4e5f60718',
  name: 'greenhouse-north',
  owner: 'ann@example.net',
  last_ip_address: '192.0.2.10',
  last_heard: '2026-11-20T09:30:00.000Z',
  last_handshake_at: '2026-11-19T18:02:11.000Z',
  product_id: 32,
  online: true,
  connected: true,
  platform_id: 32,
  cellular: false,
  notes: null,
  functions: ['water'],
  variables: { moisture: 'double' },
  status: 'normal',
  serial_number: 'P046ABCDE123456',
  mobile_secret: null,
  system_firmware_version: '6.2.0',
  current_build_target: '6.2.0',
  pinned_build_target: null,
  default_build_target: '6.2.0',
  firmware_updates_enabled: true,
  firmware_updates_forced: false,
  device_protection: { status: 'disabled' },
};

/** What refusals of an own device's routes mean. */
const NOT_OWN = 'The device is unknown or belongs to somebody else.';
export const SILENT = 'The device is offline, or did not answer within 30 seconds.';

const listDevices = defineRoute({
  operation: 'listDevices',
  tag,
  method: 'GET',
  path: '/v1/devices',
  summary: 'The devices that the account claimed, the one that connected last first',
  access: 'owner',
  responses: { 200: z.array(device) },
  example: { response: [exampleDevice] },
});

const claimDevice = defineRoute({
  operation: 'claimDevice',
  tag,
  method: 'POST',
  path: '/v1/devices',
  summary: 'Claim a device, ask its owner for it, or make a new one in a product',
  description:
    'With `id`: a device that nobody owns belongs to the caller from then on. A customer claims devices of its product only, an account devices in no product and those of products in whose team it is. With `request_transfer` as well, the owner of a device gets a mail and may give it away within a week. With `product_id`: makes a device with a new id in that product, for which the caller needs `devices:import`; its key is registered next.',
  access: 'owner',
  query: z.object({ request_transfer: booleanField.optional() }),
  body: z.object({
    id: z.string().optional(),
    request_transfer: booleanField.optional(),
    product_id: integerField.optional(),
  }),
  responses: {
    200: z.union([
      z.object({
        ok: z.literal(true),
        deviceID: z.string(),
        user_id: z.string(),
        claimed: z.literal(true),
        connected: z.boolean(),
      }),
      z.object({ ok: z.literal(true), transfer_id: z.string() }),
      device,
    ]),
  },
  errors: {
    403: 'It belongs to somebody else, or is in a product of others; or the caller may not add devices to the product.',
    404: 'No device with that id is known.',
    409: 'Its owner has declined in the last week.',
    429: 'The account waits for 20 devices already.',
    503: 'The mail to the owner cannot be sent now.',
  },
  example: {
    body: { id: exampleDevice.id },
    response: {
      ok: true,
      deviceID: exampleDevice.id,
      user_id: '5f1a7b30c8d94e0012ab34cd',
      claimed: true,
      connected: true,
    },
  },
});

const getDevice = defineRoute({
  operation: 'getDevice',
  tag,
  method: 'GET',
  path: '/v1/devices/:deviceId',
  summary: 'One device',
  access: 'owner',
  params: deviceParams,
  responses: { 200: device },
  errors: { 403: NOT_OWN },
  example: { response: exampleDevice },
});

/** An application that the operator has uploaded. */
export const appField = z
  .string()
  .max(64)
  .describe('Flash the application of this name, such as `tinker`, that the operator has uploaded.');

/** What a reply has when an update of the firmware was started. */
const startedFields = {
  ok: z.boolean().optional().describe('When an update of the firmware was started, like the next four.'),
  status: z.string().optional(),
  message: z.string().optional(),
  update_id: z.string().optional(),
  warning: z
    .string()
    .optional()
    .describe("What may become of it: overwritten by the product's firmware, or modules that the device lacks."),
};

const updateDevice = defineRoute({
  operation: 'updateDevice',
  tag,
  method: 'PUT',
  path: '/v1/devices/:deviceId',
  summary: 'Rename, note, signal, flash',
  description:
    'Fields may be combined; the reply has what they changed. `signal` answers 408 when the device does not. A multipart body flashes: one .bin file or several, or a .zip bundle of an application and its assets; the reply comes when the device has taken the start, and `spark/flash/status` events tell the end. `app` flashes an application that the operator has uploaded. Source code is refused: this server does not compile. So are the fields of product devices.',
  access: 'owner',
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
    app: appField.optional(),
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
      ...startedFields,
    }),
  },
  errors: {
    400: 'Nothing to change, a value that is not valid, or firmware that is not for the device.',
    403: NOT_OWN,
    404: 'There is no application of that name.',
    408: SILENT,
    409: 'The name is taken, or an update of the device is under way.',
    413: 'A file is too large.',
  },
  example: {
    body: { name: 'greenhouse-north' },
    response: { id: exampleDevice.id, name: 'greenhouse-north', updated_at: '2026-11-20T09:30:00.000Z' },
  },
});

const unclaimDevice = defineRoute({
  operation: 'unclaimDevice',
  tag,
  method: 'DELETE',
  path: '/v1/devices/:deviceId',
  summary: 'Give up a device',
  access: 'owner',
  params: deviceParams,
  responses: { 200: okBody },
  errors: { 403: NOT_OWN },
  example: { response: { ok: true } },
});

const pingDevice = defineRoute({
  operation: 'pingDevice',
  tag,
  method: 'PUT',
  path: '/v1/devices/:deviceId/ping',
  summary: 'Ask whether the device answers now',
  access: 'owner',
  audited: false,
  params: deviceParams,
  responses: { 200: z.object({ online: z.boolean(), ok: z.literal(true) }) },
  errors: { 403: NOT_OWN },
  example: { response: { online: true, ok: true } },
});

export const format = z.string().optional().describe('`raw`: the bare value as text.');

const readVariable = defineRoute({
  operation: 'readVariable',
  tag,
  method: 'GET',
  path: '/v1/devices/:deviceId/:name',
  summary: 'Read a variable from the device',
  description: '404 when the device has no such variable, 408 when it does not answer.',
  access: 'owner',
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
  errors: { 403: NOT_OWN, 404: 'The device has no such variable.', 408: SILENT },
  example: {
    response: {
      name: 'moisture',
      result: 41.5,
      coreInfo: {
        name: 'greenhouse-north',
        deviceID: exampleDevice.id,
        connected: true,
        last_handshake_at: '2026-11-19T18:02:11.000Z',
      },
    },
  },
});

/** Clients send text; a JSON number or boolean means its text. */
export const argument = z
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
  access: 'owner',
  audited: false,
  params: deviceParams.extend({ name: z.string().describe('Name of the function.') }),
  query: z.object({ format }),
  body: z.object({ arg: argument, args: argument, format }),
  responses: {
    200: z.object({ id: z.string(), name: z.string(), connected: z.literal(true), return_value: z.int() }),
  },
  errors: { 403: NOT_OWN, 404: 'The device has no such function.', 408: SILENT },
  example: {
    body: { arg: 'bed 2' },
    response: { id: exampleDevice.id, name: 'greenhouse-north', connected: true, return_value: 1 },
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
  access: 'user',
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
  errors: { 403: NOT_OWN, 429: 'More than 100 devices in an hour that nobody knew.' },
  example: {
    body: {
      deviceID: exampleDevice.id,
      publicKey: '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE…\n-----END PUBLIC KEY-----\n',
      algorithm: 'ecc',
    },
    response: { ok: true },
  },
});

/** Longer than any of them may be, so that the sentence about what is wrong comes from the domain. */
const label = z.string().max(256).nullable();

const registerDevice = defineRoute({
  operation: 'registerDevice',
  tag,
  method: 'POST',
  path: '/v1/operator/devices',
  summary: 'Make a device known, or change what is known of it',
  description:
    'What is left out of the body stays as it is. Null takes a serial number, IMEI or ICCID away. An IMEI or ICCID gives way to the one that the device tells of itself.',
  access: 'operator',
  body: z.object({
    id: z.string(),
    public_key: publicKey.optional().describe('Needed for a device that was not known.'),
    algorithm,
    platform_id: integerField.pipe(z.int().min(0).max(65_535)).optional(),
    name: z.string().optional(),
    owner: z.string().optional().describe('E-mail of the account that owns it from now on.'),
    serial_number: label
      .optional()
      .describe('As printed on it: at most 64 characters of ASCII, kept in capitals; no other device has the same.'),
    imei: label.optional().describe('Of the modem: 15 digits.'),
    iccid: label.optional().describe('Of the SIM: 19 or 20 digits.'),
  }),
  responses: { 200: device },
  errors: {
    404: 'There is no account with that e-mail.',
    409: 'It belongs to another account, or another device has that serial number.',
  },
  example: {
    body: {
      id: exampleDevice.id,
      public_key: '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE…\n-----END PUBLIC KEY-----\n',
      platform_id: 32,
      owner: 'ann@example.net',
      serial_number: exampleDevice.serial_number,
    },
    response: exampleDevice,
  },
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
