import type { DeviceId } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import type { ProductContext } from '../products/index.ts';
import { invalidInput } from './device-errors.ts';
import { MAX_GROUPS, parseGroupNames } from './groups/group.ts';
import { tooManyGroups } from './groups/group-errors.ts';
import { addToGroup, countGroups, ensureGroups, removeFromGroups } from './groups/group-store.ts';
import { holdProduct } from './hold-product.ts';
import { parseMemberId } from './product-device.ts';
import { deviceNotInProduct, tooManyDevices } from './product-device-errors.ts';
import { findMembersOf, retargetMembers } from './product-device-store.ts';
import { firmwareTargets } from './target-topic.ts';

export interface ChangeGroupsInput {
  /** Ids in any case. */
  readonly devices: readonly string[];
  /** Groups that do not exist are made. */
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

const MAX_DEVICES = 10_000;
const MAX_NAMES = 50;
const DEVICES_PER_STATEMENT = 5000;

/**
 * Puts many devices of the product into groups and takes them out of others, all or none. Those whose groups it changes get what follows from that after
 * their next handshake.
 * @throws DomainError `device.too_many`, `device.invalid`, `device.too_many_groups`; `device.not_in_product` when one of them isn't there.
 */
export async function changeGroups(ctx: ProductContext, bus: Bus, input: ChangeGroupsInput): Promise<void> {
  if (input.devices.length > MAX_DEVICES) throw tooManyDevices(MAX_DEVICES);
  const add = parseGroupNames(input.add, MAX_NAMES);
  const remove = parseGroupNames(input.remove, MAX_NAMES);
  const both = add.find((name) => remove.includes(name));
  if (both !== undefined) throw invalidInput(`The group ${both} cannot be added and removed at once`);
  const ids = [...new Set(input.devices.map(parseMemberId))];
  const { id: productId } = ctx.product;
  const at = ctx.clock.now();
  const changed = await ctx.store.db.transaction().execute(async (db) => {
    await holdProduct(db, ctx.product);
    if (ids.length > 0) await ensureGroups(db, productId, add, at);
    if ((await countGroups(db, productId)) > MAX_GROUPS) throw tooManyGroups();
    const changedIds: DeviceId[] = [];
    for (const part of partsOf(ids)) {
      const members = await findMembersOf(db, productId, part);
      if (members.size < part.length) throw deviceNotInProduct();
      const affected = new Set(await removeFromGroups(db, productId, part, remove));
      for (const name of add) {
        for (const id of await addToGroup(db, { product_id: productId, name }, part)) affected.add(id);
      }
      await retargetMembers(db, productId, [...affected], at);
      changedIds.push(...part.filter((id) => affected.has(id)));
    }
    return changedIds;
  });
  if (changed.length > 0) bus.publish(firmwareTargets, { productId, deviceIds: changed });
}

function* partsOf(ids: readonly DeviceId[]): Iterable<readonly DeviceId[]> {
  for (let at = 0; at < ids.length; at += DEVICES_PER_STATEMENT) yield ids.slice(at, at + DEVICES_PER_STATEMENT);
}
