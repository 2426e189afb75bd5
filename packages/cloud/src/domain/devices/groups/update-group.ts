import { isUniqueViolation } from '../../../store/unique-violation.ts';
import type { ProductContext } from '../../products/index.ts';
import { invalidInput } from '../device-errors.ts';
import { type GroupWithCount, isGroupName, parseColor, parseDescription, parseGroupName } from './group.ts';
import { groupNotFound, groupTaken } from './group-errors.ts';
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
 * Renames, describes or colors a group; its devices stay in it.
 * @throws DomainError `device.group_not_found`, `device.invalid`, `device.group_taken`.
 */
export async function updateGroup(ctx: ProductContext, input: UpdateGroupInput): Promise<GroupWithCount> {
  const { group, name, description, color } = input;
  const changes = {
    ...(name !== undefined && { name: parseGroupName(name) }),
    ...(description !== undefined && { description: parseDescription(description) }),
    ...(color !== undefined && { color: parseColor(color) }),
  };
  if (Object.keys(changes).length === 0) throw invalidInput('Nothing to change: send name, description or color');
  if (!isGroupName(group)) throw groupNotFound();
  try {
    const found = await changeGroup(ctx.store.db, { product_id: ctx.product.id, name: group }, changes);
    if (!found) throw groupNotFound();
  } catch (error) {
    throw isUniqueViolation(error) ? groupTaken(name ?? group) : error;
  }
  return getGroup(ctx, name ?? group);
}
