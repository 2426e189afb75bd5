import { isUniqueViolation } from '../../../store/unique-violation.ts';
import type { ProductContext } from '../../products/index.ts';
import { invalidInput } from '../device-errors.ts';
import { holdProduct } from '../hold-product.ts';
import { type GroupWithCount, isGroupName, parseColor, parseDescription, parseGroupName } from './group.ts';
import { groupNotFound, groupTaken } from './group-errors.ts';
import type { GroupFollower } from './group-follower.ts';
import { changeGroup } from './group-store.ts';
import { getGroup } from './list-groups.ts';

/** What is absent stays as it is. */
export interface UpdateGroupInput {
  /** The group as it is called now. */
  readonly group: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  /** `#rrggbb` */
  readonly color?: string | undefined;
}

/**
 * Renames, describes or colors a group; its devices stay in it, and what is released to it stays released.
 * @throws DomainError `device.group_not_found`, `device.invalid`, `device.group_taken`; what `follower` refuses with
 */
export async function updateGroup(
  ctx: ProductContext,
  follower: Pick<GroupFollower, 'renaming'>,
  input: UpdateGroupInput,
): Promise<GroupWithCount> {
  const { group, name, description, color } = input;
  const changes = {
    ...(name !== undefined && { name: parseGroupName(name) }),
    ...(description !== undefined && { description: parseDescription(description) }),
    ...(color !== undefined && { color: parseColor(color) }),
  };
  if (Object.keys(changes).length === 0) throw invalidInput('Nothing to change: send name, description or color');
  if (!isGroupName(group)) throw groupNotFound();
  try {
    await ctx.store.db.transaction().execute(async (db) => {
      await holdProduct(db, ctx.product);
      const { id: productId } = ctx.product;
      if (name !== undefined && name !== group) await follower.renaming(db, { productId, name: group }, name);
      if (!(await changeGroup(db, { product_id: productId, name: group }, changes))) throw groupNotFound();
    });
  } catch (error) {
    throw isUniqueViolation(error) ? groupTaken(name ?? group) : error;
  }
  return getGroup(ctx, name ?? group);
}
