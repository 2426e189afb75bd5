import { deviceRoutes } from '@cloudchamber/contract';
import type { DeviceCommands } from '@cloudchamber/gateway';
import type { Bus } from '../../bus/index.ts';
import { findUserByName } from '../../domain/accounts/index.ts';
import {
  claimDevice,
  getDevice,
  listDevices,
  notAvailable,
  pingDevice,
  registerDevice,
  registerKey,
  unclaimDevice,
} from '../../domain/devices/index.ts';
import { DomainError } from '../../domain/domain-error.ts';
import type { UpdateJournal } from '../../domain/firmware/index.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';
import { deviceBody } from './devices-body.ts';
import { registerCommandRoutes } from './devices-commands.ts';
import { deviceErrorReply } from './devices-errors.ts';
import { registerUpdateRoute } from './devices-update.ts';

export interface DeviceRouteParts {
  readonly bus: Bus;
  readonly commands: DeviceCommands;
  readonly updates: UpdateJournal;
  /** Where clients reach this server, without a slash at the end (CHAMBER_PUBLIC_URL). */
  readonly publicUrl: string;
}

/** Devices of an account: section 2 of the device notes. */
export function deviceRouteModule(parts: DeviceRouteParts): RouteModule {
  const { bus, commands } = parts;
  const family = { renderError: deviceErrorReply(parts.publicUrl) };
  return (app) => {
    registerRoute(
      app,
      deviceRoutes.listDevices,
      async ({ ctx }) => {
        const devices = await listDevices(ctx);
        return devices.map((device) => deviceBody(device, ctx.actor.username, commands.isOnline(device.id)));
      },
      family,
    );
    registerRoute(
      app,
      deviceRoutes.getDevice,
      async ({ ctx, params }) => {
        const device = await getDevice(ctx, params.deviceId);
        return deviceBody(device, ctx.actor.username, commands.isOnline(device.id));
      },
      family,
    );
    registerRoute(
      app,
      deviceRoutes.claimDevice,
      async ({ ctx, body, query }) => {
        if (body.product_id !== undefined) throw notAvailable('Provisioning of product devices');
        const requestTransfer = body.request_transfer ?? query.request_transfer ?? false;
        const device = await claimDevice(ctx, bus, { id: body.id ?? '', requestTransfer });
        return {
          ok: true as const,
          deviceID: device.id,
          user_id: ctx.actor.userId,
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
        await unclaimDevice(ctx, bus, params.deviceId);
        return { ok: true as const };
      },
      family,
    );
    registerRoute(
      app,
      deviceRoutes.pingDevice,
      async ({ ctx, params }) => ({ online: await pingDevice(ctx, commands, params.deviceId), ok: true as const }),
      family,
    );
    registerRoute(
      app,
      deviceRoutes.registerKey,
      async ({ ctx, params, body }) => {
        await registerKey(ctx, commands, { id: params.deviceId, publicKey: body.publicKey, algorithm: body.algorithm });
        return { ok: true as const };
      },
      family,
    );
    registerRoute(
      app,
      deviceRoutes.registerDevice,
      async ({ ctx, body }) => {
        const owner = body.owner === undefined ? undefined : await findUserByName(ctx, body.owner);
        if (body.owner !== undefined && owner === undefined) {
          throw new DomainError('not_found', 'user_not_found', 'There is no account with that e-mail');
        }
        const device = await registerDevice(ctx, bus, commands, {
          id: body.id,
          publicKey: body.public_key,
          algorithm: body.algorithm,
          platformId: body.platform_id,
          name: body.name,
          ownerId: owner?.id,
        });
        return deviceBody(device, owner?.username ?? null, commands.isOnline(device.id));
      },
      family,
    );
    registerUpdateRoute(app, parts, family);
    registerCommandRoutes(app, parts, family);
  };
}
