import { parseDeviceId } from '@cloudchamber/kernel';
import { type Context, ownerIdOf } from '../context.ts';
import type { Device } from './device.ts';
import { deviceNotRecognized } from './device-errors.ts';
import { findDevice, findDeviceByName } from './device-store.ts';
import { requireOwner } from './require-user.ts';

/**
 * The caller's device behind a selector of the user routes: an id in any case, or the name of an own device.
 * @throws DomainError `device.not_recognized` for a foreign device and for one that does not exist, alike.
 */
export async function ownDevice(ctx: Context, selector: string): Promise<Device> {
  const ownerId = ownerIdOf(requireOwner(ctx));
  const id = parseDeviceId(selector);
  const byId = id && (await findDevice(ctx.store.reads, id));
  if (byId?.ownerId === ownerId) return byId;
  const byName = await findDeviceByName(ctx.store.reads, ownerId, selector);
  if (byName === undefined) throw deviceNotRecognized();
  return byName;
}
