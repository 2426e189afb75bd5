import { deviceRoutes } from '@cloudchamber/contract';
import type { DeviceCommands } from '@cloudchamber/gateway';
import type { Bus } from '../../bus/index.ts';
import { type AccountServices, findUserByName } from '../../domain/accounts/index.ts';
import { ownerIdOf } from '../../domain/context.ts';
import {
  findOwnerNames,
  getDevice,
  listDevices,
  ownerNameOf,
  pingDevice,
  reachableDevice,
  registerDevice,
  registerKey,
} from '../../domain/devices/index.ts';
import { DomainError } from '../../domain/domain-error.ts';
import type { FirmwareBlobs, UpdateJournal } from '../../domain/firmware/index.ts';
import { UNKNOWN_DEVICES } from '../rate-limits.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';
import { deviceBody } from './devices-body.ts';
import { registerClaimingRoutes } from './devices-claiming.ts';
import { registerCommandRoutes } from './devices-commands.ts';
import { deviceErrorReply } from './devices-errors.ts';
import { registerUpdateRoute } from './devices-update.ts';

export interface DeviceRouteParts {
  readonly accounts: Pick<AccountServices, 'mailer' | 'publicUrl'>;
  readonly bus: Bus;
  readonly commands: DeviceCommands;
  readonly updates: UpdateJournal;
  readonly blobs: FirmwareBlobs;
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
        const device = await reachableDevice(ctx, params.deviceId, 'devices:get');
        const own = device.ownerId === ownerIdOf(ctx.actor);
        const owner = own ? ctx.actor.username : ownerNameOf(await findOwnerNames(ctx.store.db, [device]), device);
        return deviceBody(device, owner, commands.isOnline(device.id));
      },
      family,
    );
    registerRoute(
      app,
      deviceRoutes.pingDevice,
      async ({ ctx, params }) => ({
        online: await pingDevice(commands, await getDevice(ctx, params.deviceId)),
        ok: true as const,
      }),
      family,
    );
    registerRoute(
      app,
      deviceRoutes.registerKey,
      async ({ ctx, params, body }) => {
        await registerKey(ctx, commands, {
          id: params.deviceId,
          publicKey: body.publicKey,
          algorithm: body.algorithm,
          beforeUnknown: () => app.limits?.take('unknown devices', ctx.actor.userId, UNKNOWN_DEVICES),
        });
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
          serialNumber: body.serial_number,
          imei: body.imei,
          iccid: body.iccid,
        });
        const ownerName = ownerNameOf(await findOwnerNames(ctx.store.db, [device]), device);
        return deviceBody(device, ownerName, commands.isOnline(device.id));
      },
      family,
    );
    registerClaimingRoutes(app, parts, family);
    registerUpdateRoute(app, parts, family);
    registerCommandRoutes(app, parts, family);
  };
}
