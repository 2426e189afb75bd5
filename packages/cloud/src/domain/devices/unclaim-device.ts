import type { Bus } from '../../bus/index.ts';
import type { Context } from '../context.ts';
import { deviceChanges } from './device-changes.ts';
import { changeOwner } from './device-store.ts';
import { ownDevice } from './own-device.ts';

/**
 * Gives up the caller's device. It stays known with its key, so that it connects and can be claimed again.
 * @throws DomainError `device.not_recognized`
 */
export async function unclaimDevice(ctx: Context, bus: Bus, selector: string): Promise<void> {
  const device = await ownDevice(ctx, selector);
  await changeOwner(ctx.store.db, device.id, device.ownerId, null, ctx.clock.now());
  bus.publish(deviceChanges, { deviceId: device.id, ownerId: null });
  ctx.log.info({ device: device.id, user: device.ownerId }, 'device unclaimed');
}
