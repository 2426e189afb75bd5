import type { DeviceId } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import type { Context } from '../context.ts';
import { deviceChanges } from './device-changes.ts';
import { deviceNotRecognized } from './device-errors.ts';
import { changeOwner } from './device-store.ts';
import { ownDevice } from './own-device.ts';

/**
 * Gives up the caller's device. It stays known with its key and in its product, so that it connects and can be claimed again; what it is being
 * updated with is for its old owner, so that ends.
 * @param cancelUpdate ends the firmware update of a device, if it has one
 * @throws DomainError `device.not_recognized`
 */
export async function unclaimDevice(
  ctx: Context,
  bus: Bus,
  cancelUpdate: (deviceId: DeviceId) => void,
  selector: string,
): Promise<void> {
  const device = await ownDevice(ctx, selector);
  const released = await changeOwner(ctx.store.db, device.id, device.ownerId, null, ctx.clock.now());
  if (!released) throw deviceNotRecognized();
  bus.publish(deviceChanges, { deviceId: device.id, ownerId: null });
  cancelUpdate(device.id);
  ctx.log.info({ device: device.id, owner: device.ownerId }, 'device unclaimed');
}
