import { deviceRoutes, formatTimestamp } from '@cloudchamber/contract';
import { notAvailable, updateDevice } from '../../domain/devices/index.ts';
import { DomainError } from '../../domain/domain-error.ts';
import { flashDevice } from '../../domain/firmware/index.ts';
import type { HttpApp } from '../http-app.ts';
import { type RouteOptions, registerRoute } from '../register-route.ts';
import { takeUploads, uploadedFiles } from '../uploaded-files.ts';
import type { DeviceRouteParts } from './devices.ts';

/** Fields that mean something for devices of a product only (section 2.3 of the device notes). */
const PRODUCT_FIELDS = ['groups', 'development', 'desired_firmware_version', 'flash', 'product_id'] as const;

/** `PUT /v1/devices/:deviceId`, whose meaning the body chooses: sections 2.3 and 2.5 of the device notes. */
export function registerUpdateRoute(
  app: HttpApp,
  { bus, commands, updates }: DeviceRouteParts,
  family: RouteOptions,
): void {
  // In a scope of its own, so that uploads are taken on this route only.
  app.fastify.register(async (fastify) => {
    await takeUploads(fastify);
    registerRoute(
      { ...app, fastify },
      deviceRoutes.updateDevice,
      async ({ ctx, params, body, request }) => {
        if (request.isMultipart()) {
          const files = await uploadedFiles(request);
          const device = await flashDevice(ctx, commands, updates, { device: params.deviceId, files });
          return { ok: true, id: device.id, status: 'Update started', message: 'Update started' };
        }
        const { name, notes, signal, firmware_updates_forced: updatesForced } = body;
        const refused = PRODUCT_FIELDS.find((field) => body[field] !== undefined);
        if (refused !== undefined) throw notAvailable(`${refused}: a setting of product devices, which`);
        if (name === undefined && notes === undefined && signal === undefined && updatesForced === undefined) {
          throw new DomainError('invalid', 'device.invalid', 'Nothing to change: send name, notes or signal');
        }
        const input = { device: params.deviceId, name, notes, signal, updatesForced };
        const device = await updateDevice(ctx, bus, commands, input);
        return {
          id: device.id,
          ...(name !== undefined && { name: device.name }),
          ...(notes !== undefined && { notes: device.notes }),
          ...(signal !== undefined && { connected: commands.isOnline(device.id), signaling: signal }),
          ...(updatesForced !== undefined && { firmware_updates_forced: device.updatesForced }),
          ...((name !== undefined || notes !== undefined) && { updated_at: formatTimestamp(device.updatedAt) }),
        };
      },
      family,
    );
  });
}
