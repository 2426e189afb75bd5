import { deviceRoutes } from '@cloudchamber/contract';
import { ownerIdOf } from '../../domain/context.ts';
import { claimDevice, provisionDevice, requestTransfer, unclaimDevice } from '../../domain/devices/index.ts';
import type { HttpApp } from '../http-app.ts';
import { type RouteOptions, registerRoute } from '../register-route.ts';
import type { DeviceRouteParts } from './devices.ts';
import { deviceBody } from './devices-body.ts';

/** Claiming and giving up: section 2.4 of the device notes. */
export function registerClaimingRoutes(app: HttpApp, parts: DeviceRouteParts, family: RouteOptions): void {
  const { bus, commands, updates, accounts } = parts;
  registerRoute(
    app,
    deviceRoutes.claimDevice,
    async ({ ctx, body, query }) => {
      if (body.product_id !== undefined) {
        const device = await provisionDevice(ctx, String(body.product_id));
        return deviceBody(device, null, commands.isOnline(device.id));
      }
      const id = body.id ?? '';
      if (body.request_transfer ?? query.request_transfer ?? false) {
        const transferId = await requestTransfer(ctx, accounts, id);
        if (transferId !== undefined) return { ok: true as const, transfer_id: transferId };
      }
      const device = await claimDevice(ctx, bus, id);
      return {
        ok: true as const,
        deviceID: device.id,
        user_id: ownerIdOf(ctx.actor),
        claimed: true as const,
        connected: commands.isOnline(device.id),
      };
    },
    family,
  );
  registerRoute(
    app,
    deviceRoutes.unclaimDevice,
    async ({ ctx, params }) => {
      await unclaimDevice(ctx, bus, (deviceId) => updates.cancel(deviceId), params.deviceId);
      return { ok: true as const };
    },
    family,
  );
}
