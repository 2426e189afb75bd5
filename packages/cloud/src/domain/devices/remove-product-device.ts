import type { DeviceCommands } from '@cloudchamber/gateway';
import type { Bus } from '../../bus/index.ts';
import { findCustomerIdsOf } from '../customers/index.ts';
import type { ProductContext } from '../products/index.ts';
import { deviceChanges } from './device-changes.ts';
import { changeOwner, findDevice } from './device-store.ts';
import { removeFromGroups } from './groups/group-store.ts';
import { parseMemberId } from './product-device.ts';
import { deviceNotInProduct } from './product-device-errors.ts';
import { changeMember, leaveProduct } from './product-device-store.ts';
import { denyDevice, findQuarantine, leaveQuarantine } from './quarantine-store.ts';
import { firmwareTargets } from './target-topic.ts';

export interface RemoveProductDeviceInput {
  /** Id in any case. */
  readonly device: string;
  /** From now on it may not connect as this product. */
  readonly deny: boolean;
}

/**
 * Takes a device out of the product, or out of its quarantine. Its groups, lock and development mark are gone; when a customer of the product
 * owned it, nobody does. A denied device loses its session at once.
 * @throws DomainError `device.not_in_product`
 */
export async function removeProductDevice(
  ctx: ProductContext,
  bus: Bus,
  commands: DeviceCommands,
  { deny, ...input }: RemoveProductDeviceInput,
): Promise<void> {
  const id = parseMemberId(input.device);
  const productId = ctx.product.id;
  const at = ctx.clock.now();
  const done = await ctx.store.db.transaction().execute(async (db) => {
    const left = await leaveProduct(db, productId, id, at);
    if (!left && (await findQuarantine(db, productId, id)) === undefined) throw deviceNotInProduct();
    await leaveQuarantine(db, productId, [id]);
    if (deny) await denyDevice(db, productId, id, at);
    if (!left) return { left, unclaimed: false };
    await removeFromGroups(db, productId, [id]);
    const ownerId = (await findDevice(db, id))?.ownerId ?? null;
    const customers = ownerId === null ? new Set() : await findCustomerIdsOf(db, productId, [ownerId]);
    return { left, unclaimed: customers.has(ownerId) && (await changeOwner(db, id, ownerId, null, at)) };
  });
  if (done.left) {
    bus.publish(deviceChanges, { deviceId: id, productId: null, ...(done.unclaimed && { ownerId: null }) });
    bus.publish(firmwareTargets, { productId, deviceIds: [id] });
  }
  if (deny) commands.endSession(id);
  ctx.log.info({ device: id, product: productId, denied: deny }, 'device removed from its product');
}

/**
 * Gives up a device on behalf of whoever owns it; it stays in the product.
 * @param selector id in any case
 * @throws DomainError `device.not_in_product`
 */
export async function releaseProductDevice(ctx: ProductContext, bus: Bus, selector: string): Promise<void> {
  const id = parseMemberId(selector);
  const at = ctx.clock.now();
  const released = { owner_id: null, claimed_at: null, updated_at: at };
  if (!(await changeMember(ctx.store.db, ctx.product.id, id, released))) throw deviceNotInProduct();
  bus.publish(deviceChanges, { deviceId: id, ownerId: null });
  ctx.log.info({ device: id, product: ctx.product.id }, 'device released from its owner');
}
