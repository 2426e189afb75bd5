import type { OwnerContext } from '../context.ts';
import { ownerIdOf } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import type { Device } from './device.ts';
import { findByLabel } from './product-device-store.ts';
import { reachesThroughProduct } from './reachable-device.ts';

const MAX_CHARACTERS = 64;

/**
 * The device with that serial number, in any case, if it is the caller's or in a product in which the caller may look at devices.
 * @throws DomainError `device.serial_not_found` for a device out of reach and for one that does not exist, alike.
 */
export async function lookUpSerialNumber(ctx: OwnerContext, serialNumber: string): Promise<Device> {
  const text = serialNumber.slice(0, MAX_CHARACTERS + 1);
  const spellings = [...new Set([text, text.toUpperCase(), text.toLowerCase()])];
  const devices =
    text.length > MAX_CHARACTERS || text.includes('\0')
      ? []
      : await findByLabel(ctx.store.db, 'serial_number', spellings);
  const ownerId = ownerIdOf(ctx.actor);
  for (const device of devices) {
    if (device.ownerId === ownerId || (await reachesThroughProduct(ctx, device, 'devices:get'))) return device;
  }
  throw new DomainError('not_found', 'device.serial_not_found', 'There is no device of yours with that serial number');
}
