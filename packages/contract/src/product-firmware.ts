import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { booleanField, integerField, timestampField } from './fields.ts';

const tag = 'product firmware';

const productParams = z.object({ productIdOrSlug: z.string().describe('Number or slug of the product.') });
const versionParams = productParams.extend({ version: z.string().describe('1 to 65535.') });

/** A list as an array, as a repeated field or separated by commas. Out comes an array without blanks. */
const namesField = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(','))])
  .transform((texts) => texts.map((text) => text.trim()).filter((text) => text !== ''));

/** Section 4 of the product notes. */
const firmware = z
  .object({
    _id: z.string(),
    version: z.int().describe('1 to 65535, as compiled in with PRODUCT_VERSION.'),
    title: z.string(),
    description: z.string(),
    name: z.string().describe('What the client called the file.'),
    size: z.int().describe('Bytes of the file.'),
    product_default: z.boolean().describe('It is released to all devices that no group decides for.'),
    current: z.boolean().describe('The same as product_default.'),
    groups: z.array(z.string()).describe('The groups that it is released to.'),
    mandatory: z.boolean().describe('Kept for its readers; it changes nothing.'),
    device_count: z.int().describe('Devices of the product that run it.'),
    uploaded_on: timestampField,
    uploaded_at: timestampField,
    uploaded_by: z.object({ username: z.string().nullable() }),
    product_id: z.int(),
    updated_at: timestampField,
    archived: z.boolean(),
    bundle: z.boolean().describe('A .zip bundle with assets.'),
    first_run_at: timestampField
      .nullable()
      .describe('When a device of the product first ran it; it can be released from then on.'),
    first_released_at: timestampField.nullable().describe('It cannot be deleted from then on.'),
  })
  .meta({ id: 'ProductFirmware' });

const example = {
  _id: '65d0f1a2b3c4d5e6f7081920',
  version: 7,
  title: 'Valve timing',
  description: 'Closes slower',
  name: 'firmware.bin',
  size: 15_204,
  product_default: false,
  current: false,
  groups: ['beta'],
  mandatory: false,
  device_count: 41,
  uploaded_on: '2026-11-20T09:30:00.000Z',
  uploaded_at: '2026-11-20T09:30:00.000Z',
  uploaded_by: { username: 'ann@example.net' },
  product_id: 1042,
  updated_at: '2026-11-21T08:00:00.000Z',
  archived: false,
  bundle: false,
  first_run_at: '2026-11-20T10:00:00.000Z',
  first_released_at: '2026-11-21T08:00:00.000Z',
};
const fresh = {
  ...example,
  groups: [],
  device_count: 0,
  updated_at: example.uploaded_at,
  first_run_at: null,
  first_released_at: null,
};

const NOT_FOUND = 'The product has no such version of firmware.';

const listProductFirmware = defineRoute({
  operation: 'listProductFirmware',
  tag,
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/firmware',
  summary: "The versions of a product's firmware, the newest first",
  access: 'product',
  scope: 'firmware:list',
  params: productParams,
  query: z.object({ archived: booleanField.optional().describe('Show archived versions too; they are hidden else.') }),
  responses: { 200: z.array(firmware) },
  example: { response: [example] },
});

const getProductFirmware = defineRoute({
  operation: 'getProductFirmware',
  tag,
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/firmware/:version',
  summary: 'One version',
  access: 'product',
  scope: 'firmware:get',
  params: versionParams,
  responses: { 200: firmware },
  errors: { 404: NOT_FOUND },
  example: { response: example },
});

const uploadProductFirmware = defineRoute({
  operation: 'uploadProductFirmware',
  tag,
  method: 'POST',
  path: '/v1/products/:productIdOrSlug/firmware',
  summary: 'Upload a version',
  description:
    'The body is `multipart/form-data` with these fields and one file in a part of any name: a .bin file, or a .zip bundle of an application and its assets, at most 8 MiB. The application is compiled for the platform of the product, with PRODUCT_VERSION, and for a Device OS before 4.0 with PRODUCT_ID. Nobody gets it before it is released. Streams of the product get `particle/firmware/create`.',
  access: 'product',
  scope: 'firmware:create',
  params: productParams,
  body: z.object({
    version: z.union([z.string(), z.number()]).optional().describe('1 to 65535; the same as PRODUCT_VERSION.'),
    title: z.string().optional().describe('1 to 200 characters; no other version of the product has it.'),
    description: z.string().optional().describe('At most 2000 characters.'),
    mandatory: booleanField.optional(),
  }),
  responses: { 201: firmware },
  errors: {
    400: 'A field is missing or cannot be, or the file is not firmware of this product in this version; the text says why.',
    409: 'The version was uploaded already, another one has the title, or the product has 2000 versions.',
    413: 'The file has more than 8 MiB.',
    429: 'You have 4 uploads of firmware under way, or the server has too many.',
  },
  example: { body: { version: 7, title: 'Valve timing', description: 'Closes slower' }, response: fresh },
});

const updateProductFirmware = defineRoute({
  operation: 'updateProductFirmware',
  tag,
  method: 'PUT',
  path: '/v1/products/:productIdOrSlug/firmware/:version',
  summary: 'Change title or description, or archive',
  description:
    'At least one field. An archived version is not in the list; it cannot be released, nor a device be locked to it.',
  access: 'product',
  scope: 'firmware:update',
  params: versionParams,
  body: z.object({
    title: z.string().optional(),
    description: z.string().optional(),
    mandatory: booleanField.optional(),
    archived: booleanField.optional(),
  }),
  responses: { 200: firmware },
  errors: {
    400: 'No field was sent, or one is not valid.',
    404: NOT_FOUND,
    409: 'Another version has the title; or it is to be archived while it is released, a rollout has it or a device is locked to it.',
  },
  example: {
    body: { title: 'Valve timing' },
    response: example,
  },
});

const downloadProductFirmware = defineRoute({
  operation: 'downloadProductFirmware',
  tag,
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/firmware/:version/binary',
  summary: 'The file as it was uploaded',
  description: 'The bytes of the .bin or .zip file as `application/octet-stream`.',
  access: 'product',
  scope: 'firmware.binary:get',
  params: versionParams,
  responses: { 200: z.string() },
  produces: 'application/octet-stream',
  errors: { 404: NOT_FOUND },
});

const deleteProductFirmware = defineRoute({
  operation: 'deleteProductFirmware',
  tag,
  method: 'DELETE',
  path: '/v1/products/:productIdOrSlug/firmware/:version',
  summary: 'Delete a version that was never released',
  access: 'product',
  scope: 'firmware:remove',
  params: versionParams,
  responses: { 204: z.undefined() },
  errors: {
    404: NOT_FOUND,
    409: 'It was released, a rollout had it, or a device is locked to it; the text says which.',
  },
});

const releaseProductFirmware = defineRoute({
  operation: 'releaseProductFirmware',
  tag,
  method: 'PUT',
  path: '/v1/products/:productIdOrSlug/firmware/release',
  summary: 'Release a version to groups, or to all by default',
  description:
    'What is sent stands for this version from now on: the default and all groups that are not named have it no more. With `product_default` false and no groups its release is taken back. A version is released only after a device of the product has run it. Streams of the product get `particle/firmware/release`.',
  access: 'product',
  scope: 'firmware:release',
  params: productParams,
  body: z.object({
    version: integerField,
    product_default: booleanField
      .optional()
      .describe('For all devices that no group decides for. When absent: true without groups, else false.'),
    groups: namesField.optional().describe('Names of groups.'),
    intelligent: booleanField
      .optional()
      .describe('Devices that are online and allow updates get it at once, others at their next handshake.'),
  }),
  responses: { 200: firmware },
  errors: {
    400: 'The version is not one.',
    404: 'The product has no such version, or no such group; nothing was released.',
    409: 'No device of the product has run it, it is archived, or a rollout to the same devices is under way.',
  },
  example: { body: { version: 7, product_default: false, groups: ['beta'], intelligent: false }, response: example },
});

const getReleaseImpact = defineRoute({
  operation: 'getReleaseImpact',
  tag: 'groups',
  method: 'GET',
  path: '/v1/products/:productIdOrSlug/impact',
  summary: 'How many devices a release would update',
  description:
    'Counts the devices that would get an update as a direct result of this release: those whose target would become another version, which they do not run. Nothing changes.',
  access: 'product',
  scope: 'groups.impact:get',
  params: productParams,
  query: z.object({
    action: z.literal('edit_groups_for_firmware').optional().describe('The one thing that can be asked.'),
    firmware_version: integerField.optional().describe('Must be given.'),
    groups: namesField.optional().describe('Names, separated by commas; absent for none.'),
    product_default: booleanField.optional(),
  }),
  responses: {
    200: z.object({
      devices: z.object({
        firmware_update: z.object({
          total: z.int(),
          by_version: z.array(
            z.object({
              version: z.int().nullable().describe("What they run now; null for firmware that is not the product's."),
              total: z.int(),
            }),
          ),
        }),
      }),
    }),
  },
  errors: { 400: 'The version is missing or not one.', 404: 'The product has no such version, or no such group.' },
  example: {
    response: { devices: { firmware_update: { total: 12, by_version: [{ version: 3, total: 12 }] } } },
  },
});

export const productFirmwareRoutes = {
  listProductFirmware,
  getProductFirmware,
  uploadProductFirmware,
  updateProductFirmware,
  downloadProductFirmware,
  deleteProductFirmware,
  releaseProductFirmware,
  getReleaseImpact,
};
