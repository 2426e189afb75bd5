import { parseDeviceId } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import type { Context } from '../context.ts';
import type { Device } from './device.ts';
import { deviceChanges } from './device-changes.ts';
import { deviceNotFound, deviceOwnedByOther, notAvailable } from './device-errors.ts';
import { changeOwner, findDevice } from './device-store.ts';
import { requireUser } from './require-user.ts';

export interface ClaimInput {
  readonly id: string;
  readonly requestTransfer: boolean;
}

/**
 * Makes a known device that nobody owns the caller's. Claiming one's own again changes nothing and succeeds.
 * @throws DomainError `device.not_found`, `device.owned_by_other`, `device.not_available` for a transfer.
 */
export async function claimDevice(ctx: Context, bus: Bus, input: ClaimInput): Promise<Device> {
  const { userId } = requireUser(ctx);
  const id = parseDeviceId(input.id);
  const device = id && (await findDevice(ctx.store.db, id));
  if (device === undefined) throw deviceNotFound();
  if (device.ownerId === userId) return device;
  if (device.ownerId !== null) {
    throw input.requestTransfer
      ? notAvailable('Transfer of a device that belongs to someone else')
      : deviceOwnedByOther();
  }
  const at = ctx.clock.now();
  if (!(await changeOwner(ctx.store.db, device.id, null, userId, at))) throw deviceOwnedByOther();
  bus.publish(deviceChanges, { deviceId: device.id, ownerId: userId });
  ctx.log.info({ device: device.id, user: userId }, 'device claimed');
  return { ...device, ownerId: userId, claimedAt: at, updatedAt: at };
}
