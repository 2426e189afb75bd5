import type { ProductContext } from '../../products/index.ts';
import { isGroupName } from './group.ts';
import { groupNotFound } from './group-errors.ts';
import { removeGroup } from './group-store.ts';

/** Deletes a group; its devices stay in the product. @throws DomainError `device.group_not_found` */
export async function deleteGroup(ctx: ProductContext, name: string): Promise<void> {
  const removed = isGroupName(name) && (await removeGroup(ctx.store.db, { product_id: ctx.product.id, name }));
  if (!removed) throw groupNotFound();
}
