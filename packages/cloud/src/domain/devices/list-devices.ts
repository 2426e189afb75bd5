import { type Context, ownerIdOf } from '../context.ts';
import type { Device } from './device.ts';
import { findDevicesOf } from './device-store.ts';
import { requireOwner } from './require-user.ts';

/** The caller's devices, the one that connected last first. */
export async function listDevices(ctx: Context): Promise<Device[]> {
  return findDevicesOf(ctx.store.db, ownerIdOf(requireOwner(ctx)));
}
