import type { ProductContext } from '../../products/index.ts';
import { type GroupWithCount, isGroupName } from './group.ts';
import { groupNotFound } from './group-errors.ts';
import { findGroup, findGroups } from './group-store.ts';

/** The product's groups by name. @param part only those whose name contains it, in any case */
export function listGroups(ctx: ProductContext, part?: string): Promise<GroupWithCount[]> {
  return findGroups(ctx.store.db, ctx.product.id, part);
}

/** @throws DomainError `device.group_not_found` */
export async function getGroup(ctx: ProductContext, name: string): Promise<GroupWithCount> {
  const group = isGroupName(name) && (await findGroup(ctx.store.db, { product_id: ctx.product.id, name }));
  if (!group) throw groupNotFound();
  return group;
}
