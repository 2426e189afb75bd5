import type { ProductContext } from '../../products/index.ts';
import { holdProduct } from '../hold-product.ts';
import {
  DEFAULT_COLOR,
  type GroupWithCount,
  MAX_GROUPS,
  parseColor,
  parseDescription,
  parseGroupName,
} from './group.ts';
import { groupTaken, tooManyGroups } from './group-errors.ts';
import { countGroups, insertGroup } from './group-store.ts';

export interface CreateGroupInput {
  readonly name: string;
  readonly description?: string | undefined;
  /** `#rrggbb` */
  readonly color?: string | undefined;
}

/** Makes an empty group. @throws DomainError `device.invalid`, `device.group_taken`, `device.too_many_groups`. */
export async function createGroup(ctx: ProductContext, input: CreateGroupInput): Promise<GroupWithCount> {
  const name = parseGroupName(input.name);
  const description = parseDescription(input.description ?? '');
  const color = parseColor(input.color ?? DEFAULT_COLOR);
  const row = { product_id: ctx.product.id, name, description, color, created_at: ctx.clock.now() };
  await ctx.store.db.transaction().execute(async (db) => {
    await holdProduct(db, ctx.product);
    if (!(await insertGroup(db, row))) throw groupTaken(name);
    if ((await countGroups(db, ctx.product.id)) > MAX_GROUPS) throw tooManyGroups();
  });
  return { name, description, color, deviceCount: 0 };
}
