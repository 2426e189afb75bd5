import { parseDeviceId } from '@cloudchamber/kernel';
import type { Context } from '../context.ts';
import type { Device } from './device.ts';
import { deviceNotRecognized } from './device-errors.ts';
import { findDevice, findDeviceByName } from './device-store.ts';
import { requireUser } from './require-user.ts';

/**
 * The caller's device behind a selector of the user routes: an id in any case, or the name of an own device.
 * @throws DomainError `device.not_recognized` for a foreign device and for one that does not exist, alike.
 */
export async function ownDevice(ctx: Context, selector: string): Promise<Device> {
  const { userId } = requireUser(ctx);
  const id = parseDeviceId(selector);
  const byId = id && (await findDevice(ctx.store.db, id));
  if (byId?.ownerId === userId) return byId;
  const byName = await findDeviceByName(ctx.store.db, userId, selector);
  if (byName === undefined) throw deviceNotRecognized();
  return byName;
}
