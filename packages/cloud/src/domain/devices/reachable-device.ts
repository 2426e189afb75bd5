import type { Scope } from '@cloudchamber/contract';
import { parseDeviceId } from '@cloudchamber/kernel';
import type { OwnerContext } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import { enterProduct } from '../products/index.ts';
import type { Device } from './device.ts';
import { deviceNotRecognized } from './device-errors.ts';
import { findDevice } from './device-store.ts';
import { ownDevice } from './own-device.ts';

/**
 * The device behind a selector of the user routes: the caller's own, by id or name, else one by id of a product in which the caller may do `scope` (API-32).
 * @throws DomainError `device.not_recognized` for a device out of reach and for one that does not exist, alike.
 */
export async function reachableDevice(ctx: OwnerContext, selector: string, scope: Scope): Promise<Device> {
  try {
    return await ownDevice(ctx, selector);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'device.not_recognized') throw error;
  }
  const id = parseDeviceId(selector);
  const device = id && (await findDevice(ctx.store.reads, id));
  if (device === undefined || !(await reachesThroughProduct(ctx, device, scope))) throw deviceNotRecognized();
  return device;
}

/** May the caller do `scope` in the product that the device is in? */
export async function reachesThroughProduct(ctx: OwnerContext, device: Device, scope: Scope): Promise<boolean> {
  if (device.productId === null || ctx.actor.kind !== 'user') return false;
  try {
    await enterProduct(ctx, String(device.productId), scope);
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}
