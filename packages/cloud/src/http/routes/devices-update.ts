import { deviceRoutes, formatTimestamp } from '@cloudchamber/contract';
import type { Context } from '../../domain/context.ts';
import { type Device, getDevice, notAvailable, updateDevice } from '../../domain/devices/index.ts';
import { DomainError } from '../../domain/domain-error.ts';
import {
  type FlashParts,
  flashApplication,
  flashDevice,
  type StartedFlash,
  type UploadedFile,
} from '../../domain/firmware/index.ts';
import type { HttpApp } from '../http-app.ts';
import { type RouteOptions, registerRoute } from '../register-route.ts';
import { takeUploads, uploadedFiles } from '../uploaded-files.ts';
import type { DeviceRouteParts } from './devices.ts';

/** Fields that mean something for devices of a product only (section 2.3 of the device notes). */
const PRODUCT_FIELDS = ['groups', 'development', 'desired_firmware_version', 'flash', 'product_id'] as const;

/** `PUT /v1/devices/:deviceId`, whose meaning the body chooses: sections 2.3 and 2.5 of the device notes. */
export function registerUpdateRoute(app: HttpApp, parts: DeviceRouteParts, family: RouteOptions): void {
  const { bus, commands } = parts;
  // In a scope of its own, so that uploads are taken on this route only.
  app.fastify.register(async (fastify) => {
    await takeUploads(fastify);
    registerRoute(
      { ...app, fastify },
      deviceRoutes.updateDevice,
      async ({ ctx, params, body, request }) => {
        if (request.isMultipart()) {
          const files = await uploadedFiles(request);
          return answerFlash(ctx, parts, { device: await getDevice(ctx, params.deviceId), files });
        }
        if (body.app !== undefined) {
          return answerApplication(ctx, parts, { device: await getDevice(ctx, params.deviceId), body });
        }
        const { name, notes, signal, firmware_updates_forced: updatesForced } = body;
        const refused = PRODUCT_FIELDS.find((field) => body[field] !== undefined);
        if (refused !== undefined) throw notAvailable(`${refused}: a setting of product devices, which`);
        if (name === undefined && notes === undefined && signal === undefined && updatesForced === undefined) {
          throw new DomainError('invalid', 'device.invalid', 'Nothing to change: send name, notes or signal');
        }
        const device = await getDevice(ctx, params.deviceId);
        const changed = await updateDevice(ctx, bus, commands, { device, name, notes, signal, updatesForced });
        return {
          ...changedFields(changed, body, commands.isOnline(device.id)),
          ...((name !== undefined || notes !== undefined) && { updated_at: formatTimestamp(changed.updatedAt) }),
        };
      },
      family,
    );
  });
}

/** Flashes uploaded files to a device that is in the caller's reach. */
export async function answerFlash(
  ctx: Context,
  parts: FlashParts,
  input: { readonly device: Device; readonly files: readonly UploadedFile[] },
) {
  return started(await flashDevice(ctx, parts, input));
}

/** Flashes an application of the library, which a body asks for with `app` and nothing else. */
export async function answerApplication(
  ctx: Context,
  parts: FlashParts,
  { device, body }: { readonly device: Device; readonly body: { readonly app?: string | undefined } },
) {
  const { app: name, ...others } = body;
  const [other] = Object.entries(others).find(([, value]) => value !== undefined) ?? [];
  if (name === undefined || other !== undefined) {
    throw new DomainError('invalid', 'device.invalid', `app goes alone: send ${other ?? 'the rest'} by itself`);
  }
  return started(await flashApplication(ctx, parts, { device, name }));
}

/** Clients look for `status` or for `message`. */
function started({ device, updateId, warning }: StartedFlash) {
  const words = { status: 'Update started', message: 'Update started' };
  return { ok: true, id: device.id, ...words, update_id: updateId, ...(warning !== undefined && { warning }) };
}

/** What a client may have asked to change in any device. */
interface SentFields {
  readonly name?: string | undefined;
  readonly notes?: string | null | undefined;
  readonly signal?: boolean | undefined;
  readonly firmware_updates_forced?: boolean | undefined;
}

/** The fields that were sent, as they are now. */
export function changedFields(device: Device, sent: SentFields, connected: boolean) {
  return {
    id: device.id,
    ...(sent.name !== undefined && { name: device.name }),
    ...(sent.notes !== undefined && { notes: device.notes }),
    ...(sent.signal !== undefined && { connected, signaling: sent.signal }),
    ...(sent.firmware_updates_forced !== undefined && { firmware_updates_forced: device.updatesForced }),
  };
}
