import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { appField, argument, device, exampleDevice, format, SILENT } from './devices.ts';
import { booleanField, integerField, okBody, timestampField } from './fields.ts';
import { SERIAL_NUMBERS } from './limits.ts';

const tag = 'product devices';

const productParams = z.object({ productIdOrSlug: z.string().describe('Number or slug of the product.') });
const memberParams = productParams.extend({ deviceId: z.string().describe('Id in any case.') });

const NOT_MEMBER = 'The device is not in the product, or only in its quarantine.';

/** Section 1 of the device notes, with what only products show. */
const productDevice = device
  .extend({
    firmware_product_id: z.int().nullable().describe('The product that its firmware announces.'),
    groups: z.array(z.string()),
    firmware_version: z.int().nullable(),
    desired_firmware_version: z.int().nullable().describe('The firmware that it is locked to.'),
    targeted_firmware_release_version: z
      .int()
      .nullable()
      .describe('The firmware that releases give it; its lock comes before that.'),
    development: z.boolean(),
    quarantined: z.boolean().describe('It announces the product without belonging to it.'),
    denied: z.boolean().describe('It may not connect as this product.'),
  })
  .meta({ id: 'ProductDevice' });

const exampleMember = {
  ...exampleDevice,
  product_id: 1042,
  firmware_product_id: 1042,
  groups: ['beta', 'north'],
  firmware_version: 7,
  desired_firmware_version: null,
  targeted_firmware_release_version: null,
  development: false,
  quarantined: false,
  denied: false,
};

/** A list as an array, as a repeated field or separated by commas. Out comes an array without blanks. */
const listField = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(','))])
  .transform((texts) => texts.map((text) => text.trim()).filter((text) => text !== ''));

const pageField = integerField.pipe(z.int().min(1).max(1_000_000_000));
const sizeField = integerField.pipe(z.int().min(1).max(1000));

const listProductDevices = defineRoute({
  operation: 'listProductDevices',
  tag,
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/devices',
  summary: 'The devices of a product, a page at a time',
  description:
    'Devices in quarantine are in the list too; of those the product sees nothing that their owner gave them. The newest connection comes first, unless `sortAttr` says otherwise.',
  access: 'product',
  scope: 'devices:list',
  params: productParams,
  query: z.object({
    deviceId: z.string().optional().describe('Part of the id.'),
    deviceName: z.string().optional().describe('Part of the name, in any case.'),
    serialNumber: z.string().optional().describe('Part of the serial number, in any case.'),
    search: z.string().optional().describe('Part of the id, the name or the serial number, in any case.'),
    groups: listField.optional().describe('Names, separated by commas: devices that are in any of them.'),
    online: booleanField.optional(),
    firmwareVersion: z
      .union([z.literal('none'), integerField])
      .optional()
      .describe("Members that run this version of the product's firmware, or `none`: no version of it."),
    development: booleanField.optional().describe('Only members that are marked so, or only those that are not.'),
    sortAttr: z.enum(['deviceName', 'deviceId', 'firmwareVersion', 'lastConnection']).optional(),
    sortDir: z.enum(['asc', 'desc']).optional(),
    quarantined: booleanField.optional().describe('Only the quarantine, or only members.'),
    page: pageField.optional().describe('From 1.'),
    perPage: sizeField.optional().describe('25 when absent, at most 1000.'),
    per_page: sizeField.optional(),
  }),
  responses: {
    200: z.object({
      devices: z.array(productDevice),
      customers: z
        .array(z.object({ id: z.string(), username: z.string() }))
        .describe('The customers that own devices of this page.'),
      meta: z.object({ total_pages: z.int(), total: z.int().describe('Devices on all pages.') }),
    }),
  },
  errors: { 400: 'A filter, the order or the page is not a valid one.' },
  example: {
    response: {
      devices: [exampleMember],
      customers: [{ id: '65d0f1a2b3c4d5e6f7081920', username: 'ann@example.net' }],
      meta: { total_pages: 1, total: 1 },
    },
  },
});

const getProductDevice = defineRoute({
  operation: 'getProductDevice',
  tag,
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/devices/:deviceId',
  summary: 'One device of a product, or of its quarantine',
  access: 'product',
  scope: 'devices:get',
  params: memberParams,
  responses: { 200: productDevice },
  errors: { 404: 'The device is not in the product.' },
  example: { response: exampleMember },
});

const updateProductDevice = defineRoute({
  operation: 'updateProductDevice',
  tag,
  method: 'PUT',
  path: '/v1/products/:productIdOrSlug/devices/:deviceId',
  summary: 'Rename, note, signal, group, mark, lock, flash',
  description:
    'Fields may be combined; nothing changes unless all of it can. The reply has what they changed. A multipart body flashes, as on the route of an own device.',
  access: 'product',
  scope: 'devices:update',
  params: memberParams,
  body: z.object({
    name: z.string().optional(),
    notes: z.string().nullable().optional(),
    signal: booleanField.optional().describe('Rainbow LED: 1 on, 0 off.'),
    firmware_updates_forced: booleanField.optional(),
    groups: listField.optional().describe('All groups that it is in from now on; new names are made.'),
    development: booleanField.optional(),
    desired_firmware_version: z
      .union([z.null(), z.literal(['', 'null']).transform(() => null), integerField])
      .optional()
      .describe('Version of the product firmware to lock to; null unlocks. It is sent at the next handshake.'),
    flash: booleanField
      .optional()
      .describe('Send the firmware that it is locked to at once, or as soon as the device is online.'),
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
      groups: z.array(z.string()).optional(),
      development: z.boolean().optional(),
      desired_firmware_version: z.int().nullable().optional(),
      warning: z.string().optional().describe('Why what was sent may not last, or has no effect yet.'),
      updated_at: timestampField.optional(),
      ok: z.boolean().optional().describe('When an update of the firmware was started, like the next three.'),
      status: z.string().optional(),
      message: z.string().optional(),
      update_id: z.string().optional(),
    }),
  },
  errors: {
    400: 'Nothing to change, a value that is not valid, or firmware that is not for the device.',
    404: NOT_MEMBER,
    408: SILENT,
    409: 'Another update of its firmware is under way, or the product has 500 groups already.',
    413: 'A file is too large.',
  },
  example: {
    body: { groups: ['beta', 'north'], development: true },
    response: {
      id: exampleDevice.id,
      groups: ['beta', 'north'],
      development: true,
      updated_at: '2026-11-20T09:30:00.000Z',
    },
  },
});

const changeDeviceGroups = defineRoute({
  operation: 'changeDeviceGroups',
  tag,
  method: 'PUT',
  path: '/v1/products/:productIdOrSlug/devices',
  summary: 'Put many devices into groups and take them out of others, all or none',
  access: 'product',
  scope: 'devices:update',
  params: productParams,
  body: z.object({
    action: z.literal('groups'),
    devices: listField.describe('Ids, at most 10,000.'),
    metadata: z.object({
      add: listField.optional().describe('At most 50 names; new ones are made.'),
      remove: listField.optional().describe('At most 50 names.'),
    }),
  }),
  responses: { 200: okBody },
  errors: {
    400: 'A name is not valid, or is both added and removed.',
    404: 'One of the devices is not in the product.',
    409: 'The product has 500 groups already.',
    413: 'There are more than 10,000 devices.',
  },
  example: {
    body: { action: 'groups', devices: [exampleDevice.id], metadata: { add: ['beta'], remove: ['north'] } },
    response: { ok: true },
  },
});

const importDevices = defineRoute({
  operation: 'importDevices',
  tag,
  method: 'POST',
  path: '/v1/products/:productIdOrSlug/devices',
  summary: 'Add devices to a product, or approve them from its quarantine',
  description:
    'Send `id`, `ids`, or a multipart body whose `file` is a text file with one device a line: ids, serial numbers, IMEIs or ICCIDs, at most 10,000 and 1 MB. A device of the right hardware joins when nobody owns it, or somebody of the team or a customer of the product does. The reply tells what became of each; it is 200 also when none could join.',
  access: 'product',
  scope: 'devices:import',
  params: productParams,
  body: z.object({
    id: z.string().optional(),
    ids: listField.optional(),
    claim_user: z.string().optional().describe('E-mail of somebody in the team, who gets those that nobody owns.'),
    import_sims: z.unknown().optional().describe('Passed over: this server has no SIM cards.'),
  }),
  responses: {
    200: z.object({
      updated: z.int().describe('How many have joined.'),
      updatedDeviceIds: z.array(z.string()),
      existingDeviceIds: z.array(z.string()).describe('In the product already.'),
      nonmemberDeviceIds: z.array(z.string()).describe('Owned by somebody outside the team.'),
      invalidDeviceIds: z
        .array(z.string())
        .describe('Unknown, other hardware, or in a product from which the caller may not take it.'),
      protectedDeviceIds: z.array(z.string()),
    }),
  },
  errors: {
    400: 'No device was named, the file is not a text file, or `claim_user` is not in the team.',
    413: 'There are more than 10,000 devices, or the file has more than 1 MB.',
  },
  example: {
    body: { id: exampleDevice.id },
    response: {
      updated: 1,
      updatedDeviceIds: [exampleDevice.id],
      existingDeviceIds: [],
      nonmemberDeviceIds: [],
      invalidDeviceIds: [],
      protectedDeviceIds: [],
    },
  },
});

const removeProductDevice = defineRoute({
  operation: 'removeProductDevice',
  tag,
  method: 'DELETE',
  path: '/v1/products/:productIdOrSlug/devices/:deviceId',
  summary: 'Take a device out of a product, or deny it',
  description:
    'Its groups, lock and development mark are gone; a device that a customer of the product owned belongs to nobody afterwards. With `deny` it may not connect as this product any more.',
  access: 'product',
  scope: 'devices:remove',
  params: memberParams,
  body: z.object({ deny: booleanField.optional() }),
  responses: { 204: z.undefined() },
  errors: { 404: 'The device is not in the product.' },
  example: { body: { deny: true } },
});

const releaseProductDevice = defineRoute({
  operation: 'releaseProductDevice',
  tag,
  method: 'DELETE',
  path: '/v1/products/:productIdOrSlug/devices/:deviceId/owner',
  summary: 'Unclaim a device of a product, which stays in it',
  access: 'product',
  scope: 'devices:release',
  params: memberParams,
  responses: { 200: okBody },
  errors: { 404: NOT_MEMBER },
  example: { response: { ok: true } },
});

const pingProductDevice = defineRoute({
  operation: 'pingProductDevice',
  tag,
  method: 'PUT',
  path: '/v1/products/:productIdOrSlug/devices/:deviceId/ping',
  summary: 'Ask whether a device of a product answers now',
  access: 'product',
  scope: 'devices:ping',
  audited: false,
  params: memberParams,
  responses: { 200: z.object({ online: z.boolean(), ok: z.literal(true) }) },
  errors: { 404: NOT_MEMBER },
  example: { response: { online: true, ok: true } },
});

const readProductVariable = defineRoute({
  operation: 'readProductVariable',
  tag,
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/devices/:deviceId/:name',
  summary: 'Read a variable from a device of a product',
  access: 'product',
  scope: 'devices.variable:get',
  params: memberParams.extend({ name: z.string().describe('Name of the variable.') }),
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
  errors: { 404: `${NOT_MEMBER} Or it has no such variable.`, 408: SILENT },
  example: {
    response: {
      name: 'moisture',
      result: 41.5,
      coreInfo: {
        name: exampleDevice.name,
        deviceID: exampleDevice.id,
        connected: true,
        last_handshake_at: exampleDevice.last_handshake_at,
      },
    },
  },
});

const callProductFunction = defineRoute({
  operation: 'callProductFunction',
  tag,
  method: 'POST',
  path: '/v1/products/:productIdOrSlug/devices/:deviceId/:name',
  summary: 'Call a function of a device of a product',
  access: 'product',
  scope: 'devices.function:call',
  audited: false,
  params: memberParams.extend({ name: z.string().describe('Name of the function.') }),
  query: z.object({ format }),
  body: z.object({ arg: argument, args: argument, format }),
  responses: {
    200: z.object({ id: z.string(), name: z.string(), connected: z.literal(true), return_value: z.int() }),
  },
  errors: { 404: `${NOT_MEMBER} Or it has no such function.`, 408: SILENT },
  example: {
    body: { arg: 'open' },
    response: { id: exampleDevice.id, name: exampleDevice.name, connected: true, return_value: 1 },
  },
});

const lookUpSerialNumber = defineRoute({
  operation: 'lookUpSerialNumber',
  tag: 'devices',
  method: 'GET',
  path: '/v1/serial_numbers/:serialNumber',
  summary: 'The device with a serial number',
  description: 'An own device, or one of a product in which the account may look at devices.',
  access: 'owner',
  limit: SERIAL_NUMBERS,
  params: z.object({ serialNumber: z.string().describe('In any case.') }),
  responses: {
    200: z.object({
      ok: z.literal(true),
      deviceID: z.string(),
      device_id: z.string(),
      serial_number: z.string(),
      iccid: z.string().nullable(),
      platform_id: z.int(),
    }),
  },
  errors: { 404: 'There is no such device in reach of the caller.' },
  example: {
    response: {
      ok: true,
      deviceID: exampleDevice.id,
      device_id: exampleDevice.id,
      serial_number: exampleDevice.serial_number,
      iccid: null,
      platform_id: exampleDevice.platform_id,
    },
  },
});

const listDeviceOrders = defineRoute({
  operation: 'listDeviceOrders',
  tag,
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/device_orders',
  summary: 'Shipments of devices to a product: none, this server sells nothing',
  access: 'product',
  scope: 'devices:list',
  params: productParams,
  responses: { 200: z.object({ device_orders: z.array(z.unknown()) }) },
  example: { response: { device_orders: [] } },
});

export const productDeviceRoutes = {
  listProductDevices,
  getProductDevice,
  updateProductDevice,
  changeDeviceGroups,
  importDevices,
  removeProductDevice,
  releaseProductDevice,
  pingProductDevice,
  readProductVariable,
  callProductFunction,
  lookUpSerialNumber,
  listDeviceOrders,
};
