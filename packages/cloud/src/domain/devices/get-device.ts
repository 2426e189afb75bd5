import type { Context } from '../context.ts';
import type { Device } from './device.ts';
import { ownDevice } from './own-device.ts';

/** @throws DomainError `device.not_recognized` */
export async function getDevice(ctx: Context, selector: string): Promise<Device> {
  return ownDevice(ctx, selector);
}
