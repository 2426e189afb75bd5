import type { Bus } from '../../bus/index.ts';
import { lockUser } from '../accounts/index.ts';
import type { Context } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import { claimableDevice } from './claim-device.ts';
import { deviceChanges } from './device-changes.ts';
import { changeOwner } from './device-store.ts';
import { requireOperator } from './require-user.ts';

/**
 * An operator gives a device to an account or to nobody, whoever has it (OWN-01). It stays connected and in its product.
 * @param ownerId the account; null for nobody
 * @returns the id of the device.
 * @throws DomainError `operator_only`, `device.not_found`, `device.owner_changed` when somebody else did the same in this moment.
 */
export async function handOverDevice(
  ctx: Context,
  bus: Bus,
  selector: string,
  ownerId: string | null,
): Promise<string> {
  const { userId } = requireOperator(ctx);
  const { id, ownerId: from } = await claimableDevice(ctx, selector);
  await ctx.store.db.transaction().execute(async (db) => {
    // Nothing is given to an account that is being deleted.
    const isThere = ownerId === null || (await lockUser(db, ownerId));
    if (isThere && (await changeOwner(db, id, from, ownerId, ctx.clock.now()))) return;
    throw new DomainError('conflict', 'device.owner_changed', 'The device changed its owner just now; try again');
  });
  bus.publish(deviceChanges, { deviceId: id, ownerId });
  ctx.log.info({ device: id, from, to: ownerId, operator: userId }, 'device handed over by an operator');
  return id;
}
