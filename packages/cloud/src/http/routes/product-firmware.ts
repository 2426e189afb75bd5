import { booleanField, productFirmwareRoutes } from '@cloudchamber/contract';
import type { FastifyRequest } from 'fastify';
import type { Bus } from '../../bus/index.ts';
import { subjectIdOf } from '../../domain/accounts/index.ts';
import { DomainError } from '../../domain/domain-error.ts';
import type { FirmwareBlobs } from '../../domain/firmware/index.ts';
import {
  deleteFirmware,
  downloadFirmware,
  getFirmware,
  listFirmware,
  releaseFirmware,
  releaseImpact,
  type UploadFirmwareInput,
  updateFirmware,
  uploadFirmware,
} from '../../domain/releases/index.ts';
import type { HttpApp } from '../http-app.ts';
import { type RouteOptions, registerRoute } from '../register-route.ts';
import { RequestSlots } from '../request-slots.ts';
import type { RouteModule } from '../server.ts';
import { takeUploads, type UploadedForm, uploadedForm } from '../uploaded-files.ts';
import { deviceErrorReply } from './devices-errors.ts';
import { firmwareBody } from './firmware-body.ts';

interface ProductFirmwareParts {
  readonly bus: Bus;
  readonly blobs: FirmwareBlobs;
  /** Where clients reach this server, without a slash at the end. */
  readonly publicUrl: string;
}

const MIB = 1024 * 1024;
const MOST_MIB = 8;
const MOST_UPLOADS = { each: 4, all: 16 };

/** Firmware of products and its releases: sections 3 and 4 of the product notes. */
export function productFirmwareRouteModule(parts: ProductFirmwareParts): RouteModule {
  const family = { renderError: deviceErrorReply(parts.publicUrl) };
  return (app) => {
    registerReading(app, parts, family);
    registerChanges(app, parts, family);
    // In a scope of its own, so that uploads are taken on this route only.
    app.fastify.register(async (fastify) => {
      await takeUploads(fastify);
      registerUpload({ ...app, fastify }, parts, family);
    });
  };
}

function registerReading(app: HttpApp, { blobs }: ProductFirmwareParts, family: RouteOptions): void {
  registerRoute(
    app,
    productFirmwareRoutes.listProductFirmware,
    async ({ ctx, query }) => (await listFirmware(ctx, query.archived ?? false)).map(firmwareBody),
    family,
  );
  registerRoute(
    app,
    productFirmwareRoutes.getProductFirmware,
    async ({ ctx, params }) => firmwareBody(await getFirmware(ctx, params.version)),
    family,
  );
  registerRoute(
    app,
    productFirmwareRoutes.downloadProductFirmware,
    async ({ ctx, params, reply }) => {
      const { firmware, content } = await downloadFirmware(ctx, blobs, params.version);
      const { productId, version, kind } = firmware;
      const fileName = `product-${productId}-v${version}.${kind === 'bundle' ? 'zip' : 'bin'}`;
      return reply
        .type('application/octet-stream')
        .header('content-disposition', `attachment; filename="${fileName}"`)
        .send(Buffer.from(content.buffer, content.byteOffset, content.length));
    },
    family,
  );
  registerRoute(
    app,
    productFirmwareRoutes.getReleaseImpact,
    async ({ ctx, query }) => {
      const { firmware_version: version, product_default: productDefault = false, groups = [] } = query;
      const { total, byVersion } = await releaseImpact(ctx, { version, productDefault, groups });
      return { devices: { firmware_update: { total, by_version: [...byVersion] } } };
    },
    family,
  );
}

function registerChanges(app: HttpApp, { bus }: ProductFirmwareParts, family: RouteOptions): void {
  registerRoute(
    app,
    productFirmwareRoutes.updateProductFirmware,
    async ({ ctx, params, body }) => firmwareBody(await updateFirmware(ctx, { version: params.version, ...body })),
    family,
  );
  registerRoute(
    app,
    productFirmwareRoutes.deleteProductFirmware,
    async ({ ctx, params, reply }) => {
      await deleteFirmware(ctx, bus, params.version);
      return reply.code(204).send();
    },
    family,
  );
  registerRoute(
    app,
    productFirmwareRoutes.releaseProductFirmware,
    async ({ ctx, body }) => {
      const { version, groups = [], intelligent: immediate = false } = body;
      // The published client says nothing but the version when it means the default.
      const productDefault = body.product_default ?? body.groups === undefined;
      return firmwareBody(await releaseFirmware(ctx, bus, { version, productDefault, groups, immediate }));
    },
    family,
  );
}

function registerUpload(app: HttpApp, parts: ProductFirmwareParts, family: RouteOptions): void {
  const uploads = new RequestSlots('uploads of firmware', MOST_UPLOADS);
  registerRoute(
    app,
    productFirmwareRoutes.uploadProductFirmware,
    async ({ ctx, request }) => {
      if (!request.isMultipart()) throw invalid('Send the file and its fields as multipart/form-data');
      const release = uploads.take(`${ctx.actor.kind} ${subjectIdOf(ctx.actor)}`);
      try {
        const form = await firmwareForm(request);
        return firmwareBody(await uploadFirmware(ctx, parts, inputOf(form)));
      } finally {
        release();
      }
    },
    family,
  );
}

async function firmwareForm(request: FastifyRequest): Promise<UploadedForm> {
  try {
    return await uploadedForm(request, MOST_MIB * MIB);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'FST_REQ_FILE_TOO_LARGE') throw error;
    throw new DomainError('too_large', 'firmware.too_large', `A firmware file has at most ${MOST_MIB} MiB`);
  }
}

function inputOf({ files, fields }: UploadedForm): UploadFirmwareInput {
  const mandatory = booleanField.optional().safeParse(fields.get('mandatory'));
  if (!mandatory.success) throw invalid('mandatory must be true or false');
  const text = (name: string) => fields.get(name);
  return {
    files,
    version: text('version'),
    title: text('title'),
    description: text('description'),
    mandatory: mandatory.data,
  };
}

const invalid = (message: string) => new DomainError('invalid', 'firmware.invalid', message);
