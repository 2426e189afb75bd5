import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { integerField, okBody, timestampField } from './fields.ts';

const tag = 'firmware modules';

const kind = z
  .enum(['bootloader', 'system_part', 'application', 'ncp_firmware', 'radio_stack', 'other'])
  .describe('What it is in a device.');

const dependency = z.object({
  function: kind,
  index: z.int(),
  version: z.int().describe('This one or a newer one.'),
});

const module = z
  .object({
    id: z.string(),
    name: z.string().nullable().describe('Of an application; null for a part of Device OS.'),
    platform_id: z.int(),
    function: kind,
    index: z.int(),
    version: z.int(),
    dependencies: z.array(dependency).describe('What it needs to run.'),
    size: z.int().describe('Bytes.'),
    sha256: z.string().describe('Of the file, hex.'),
    uploaded_at: timestampField,
  })
  .meta({ id: 'FirmwareModule' });

const exampleModule = {
  id: '6560f1a7b30c8d94e0012ab3',
  name: null,
  platform_id: 32,
  function: 'system_part',
  index: 1,
  version: 6200,
  dependencies: [{ function: 'bootloader', index: 0, version: 2300 }],
  size: 1_310_720,
  sha256: '9b74c9897bac770ffc029102a200c5de4b3a1f0c6d2e8f9b74c9897bac770ffc',
  uploaded_at: '2026-11-20T09:30:00.000Z',
};

const params = z.object({ moduleId: z.string() });
const UNKNOWN = 'There is no such module.';

const addFirmwareModules = defineRoute({
  operation: 'addFirmwareModules',
  tag,
  method: 'POST',
  path: '/v1/firmware-modules',
  summary: 'Upload modules that devices may need',
  description:
    'A multipart body with one .bin file or several: system parts, bootloaders, network processor firmware and radio stacks, which a device gets when an application needs them and it lacks them. A file of several modules is taken apart. With the field `name`, one of them is an application, which `app=<name>` flashes from then on. A module that is there already stays as it is. All files are taken or none.',
  access: 'operator',
  responses: { 201: z.object({ ok: z.literal(true), modules: z.array(module) }) },
  errors: {
    400: 'No file, no module, a damaged one, a kind that the library does not take, an application without a name, two applications.',
    409: 'The library has that module or an application of that name with other content, or 2,000 modules.',
    413: 'A file has more than 8 MiB.',
  },
  example: { response: { ok: true, modules: [exampleModule] } },
});

const listFirmwareModules = defineRoute({
  operation: 'listFirmwareModules',
  tag,
  method: 'GET',
  path: '/v1/firmware-modules',
  summary: 'The modules that were uploaded, by platform and place, the newest version first',
  access: 'operator',
  query: z.object({ platform_id: integerField.pipe(z.int().min(0).max(65_535)).optional() }),
  responses: { 200: z.object({ modules: z.array(module) }) },
  example: { response: { modules: [exampleModule] } },
});

const getFirmwareModule = defineRoute({
  operation: 'getFirmwareModule',
  tag,
  method: 'GET',
  path: '/v1/firmware-modules/:moduleId',
  summary: 'One module',
  access: 'operator',
  params,
  responses: { 200: module },
  errors: { 404: UNKNOWN },
  example: { response: exampleModule },
});

const downloadFirmwareModule = defineRoute({
  operation: 'downloadFirmwareModule',
  tag,
  method: 'GET',
  path: '/v1/firmware-modules/:moduleId/binary',
  summary: 'The file of a module',
  access: 'operator',
  params,
  produces: 'application/octet-stream',
  responses: { 200: z.string() },
  errors: { 404: UNKNOWN },
});

const removeFirmwareModule = defineRoute({
  operation: 'removeFirmwareModule',
  tag,
  method: 'DELETE',
  path: '/v1/firmware-modules/:moduleId',
  summary: 'Delete a module',
  description: 'Updates that are under way with it go on.',
  access: 'operator',
  params,
  responses: { 200: okBody },
  errors: { 404: UNKNOWN },
  example: { response: { ok: true } },
});

export const firmwareModuleRoutes = {
  addFirmwareModules,
  listFirmwareModules,
  getFirmwareModule,
  downloadFirmwareModule,
  removeFirmwareModule,
};
