import { firmwareModuleRoutes, formatTimestamp } from '@cloudchamber/contract';
import { ModuleFunction } from '@cloudchamber/wire';
import type { Bus } from '../../bus/index.ts';
import {
  addModules,
  type FirmwareBlobs,
  getModule,
  type LibraryModule,
  listModules,
  readModuleBytes,
  removeModule,
} from '../../domain/firmware/index.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';
import { takeUploads, uploadedForm } from '../uploaded-files.ts';
import { deviceErrorReply } from './devices-errors.ts';

/** The most that a file may have. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;

/** The library of modules, for operators. */
export function firmwareModuleRouteModule(parts: {
  readonly bus: Bus;
  readonly blobs: FirmwareBlobs;
  readonly publicUrl: string;
}): RouteModule {
  const { bus, blobs, publicUrl } = parts;
  const family = { renderError: deviceErrorReply(publicUrl) };
  return (app) => {
    // In a scope of its own, so that uploads are taken on this route only.
    app.fastify.register(async (fastify) => {
      await takeUploads(fastify);
      registerRoute(
        { ...app, fastify },
        firmwareModuleRoutes.addFirmwareModules,
        async ({ ctx, request }) => {
          const { files, fields } = request.isMultipart()
            ? await uploadedForm(request, MAX_FILE_BYTES)
            : { files: [], fields: new Map<string, string>() };
          const added = await addModules(ctx, bus, blobs, { files, name: fields.get('name') });
          return { ok: true as const, modules: added.map(renderModule) };
        },
        family,
      );
    });
    registerRoute(app, firmwareModuleRoutes.listFirmwareModules, async ({ ctx, query }) => ({
      modules: (await listModules(ctx, query.platform_id)).map(renderModule),
    }));
    registerRoute(app, firmwareModuleRoutes.getFirmwareModule, async ({ ctx, params }) =>
      renderModule(await getModule(ctx, params.moduleId)),
    );
    registerRoute(app, firmwareModuleRoutes.downloadFirmwareModule, async ({ ctx, params, reply }) => {
      const { module, bytes } = await readModuleBytes(ctx, blobs, params.moduleId);
      reply.header('content-disposition', `attachment; filename="${fileName(module)}"`);
      return reply.type('application/octet-stream').send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    });
    registerRoute(app, firmwareModuleRoutes.removeFirmwareModule, async ({ ctx, params }) => {
      await removeModule(ctx, params.moduleId);
      return { ok: true as const };
    });
  };
}

function renderModule(module: LibraryModule) {
  return {
    id: module.id,
    name: module.name === '' ? null : module.name,
    platform_id: module.platformId,
    function: kindOf(module.function),
    index: module.index,
    version: module.version,
    dependencies: module.dependencies.map(({ function: kind, index, version }) => ({
      function: kindOf(kind),
      index,
      version,
    })),
    size: module.size,
    sha256: module.hash,
    uploaded_at: formatTimestamp(module.uploadedAt),
  };
}

function kindOf(kind: number) {
  switch (kind) {
    case ModuleFunction.BOOTLOADER:
      return 'bootloader' as const;
    case ModuleFunction.SYSTEM_PART:
      return 'system_part' as const;
    case ModuleFunction.USER_PART:
      return 'application' as const;
    case ModuleFunction.NCP_FIRMWARE:
      return 'ncp_firmware' as const;
    case ModuleFunction.RADIO_STACK:
      return 'radio_stack' as const;
    default:
      return 'other' as const;
  }
}

function fileName({ name, function: kind, index, version, platformId }: LibraryModule): string {
  const what = name === '' ? `${kindOf(kind)}${index}-${version}` : name;
  return `platform${platformId}-${what}.bin`;
}
