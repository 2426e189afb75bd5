import type { ProductContext } from '../../products/index.ts';
import { holdProduct } from '../hold-product.ts';
import { isGroupName } from './group.ts';
import { groupNotFound } from './group-errors.ts';
import type { GroupFollower } from './group-follower.ts';
import { removeGroup } from './group-store.ts';

/**
 * Deletes a group; its devices stay in the product, and what was released to the group is not any more.
 * @throws DomainError `device.group_not_found`; what `follower` refuses with
 */
export async function deleteGroup(
  ctx: ProductContext,
  follower: Pick<GroupFollower, 'removing'>,
  name: string,
): Promise<void> {
  if (!isGroupName(name)) throw groupNotFound();
  const { id: productId } = ctx.product;
  const tell = await ctx.store.db.transaction().execute(async (db) => {
    await holdProduct(db, ctx.product);
    const followed = await follower.removing(db, { productId, name }, ctx.clock.now());
    if (!(await removeGroup(db, { product_id: productId, name }))) throw groupNotFound();
    return followed;
  });
  tell();
}
