import { parseDeviceId } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import { type Context, ownerIdOf } from '../context.ts';
import { claimantOf, mayOwn } from './claim-rules.ts';
import type { Device } from './device.ts';
import { deviceChanges } from './device-changes.ts';
import { deviceNotFound, deviceOwnedByOther } from './device-errors.ts';
import { changeOwner, findDevice } from './device-store.ts';
import { lockClaimant } from './lock-claimant-store.ts';
import { requireOwner } from './require-user.ts';

/**
 * Makes a known device that nobody owns the caller's (CLM-04, CLM-09). Claiming one's own again changes nothing and succeeds.
 * @param selector the id in any case
 * @throws DomainError `device.not_found`; `device.owned_by_other`, also for the device of a product that the caller has no part in.
 */
export async function claimDevice(ctx: Context, bus: Bus, selector: string): Promise<Device> {
  const actor = requireOwner(ctx);
  const ownerId = ownerIdOf(actor);
  const device = await claimableDevice(ctx, selector);
  if (device.ownerId === ownerId) return device;
  if (device.ownerId !== null || !(await mayOwn(ctx, claimantOf(actor), device))) throw deviceOwnedByOther();
  const at = ctx.clock.now();
  await ctx.store.db.transaction().execute(async (db) => {
    // Nothing is claimed to an account or a customer that is being deleted.
    if (!(await lockClaimant(db, claimantOf(actor)))) throw deviceOwnedByOther();
    if (!(await changeOwner(db, device.id, null, ownerId, at))) throw deviceOwnedByOther();
  });
  bus.publish(deviceChanges, { deviceId: device.id, ownerId });
  ctx.log.info({ device: device.id, owner: ownerId }, 'device claimed');
  return { ...device, ownerId, claimedAt: at, updatedAt: at };
}

/** Any device, by its id: only claiming tells that an id is unknown. @throws DomainError `device.not_found` */
export async function claimableDevice(ctx: Pick<Context, 'store'>, selector: string): Promise<Device> {
  const id = parseDeviceId(selector);
  const device = id && (await findDevice(ctx.store.db, id));
  if (device === undefined) throw deviceNotFound();
  return device;
}
