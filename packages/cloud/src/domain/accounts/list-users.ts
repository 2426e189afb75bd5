import type { UserContext } from '../context.ts';
import { type User, userFromRow } from './user.ts';
import { countUsers, findUserPage } from './user-store.ts';

/** For operators: one page of all accounts, oldest first. `page` counts from 1. */
export async function listUsers(
  ctx: UserContext,
  page: number,
  perPage: number,
): Promise<{ readonly users: User[]; readonly total: number }> {
  const rows = await findUserPage(ctx.store.db, page, perPage);
  return { users: rows.map(userFromRow), total: await countUsers(ctx.store.db) };
}
