import type { Kysely, Selectable } from 'kysely';
import type { UserRow } from '../../store/tables/accounts.ts';
import type { Tables } from '../../store/tables.ts';

export type StoredUser = Selectable<UserRow>;

export function findUserRow(
  db: Kysely<Tables>,
  column: 'id' | 'username',
  value: string,
): Promise<StoredUser | undefined> {
  return db.selectFrom('users').selectAll().where(column, '=', value).executeTakeFirst();
}

/**
 * Holds the account's row until the transaction ends, so that nothing is given to an account that is being deleted.
 * @returns false when the account is gone.
 */
export async function lockUser(db: Kysely<Tables>, id: string): Promise<boolean> {
  const held = await db
    .updateTable('users')
    .set((row) => ({ operator: row.ref('operator') }))
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return held !== undefined;
}

/** @returns false when the username is taken. */
export async function insertUser(db: Kysely<Tables>, row: UserRow): Promise<boolean> {
  const inserted = await db
    .insertInto('users')
    .values(row)
    .onConflict((conflict) => conflict.column('username').doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

export async function grantOperator(db: Kysely<Tables>, id: string): Promise<void> {
  await db.updateTable('users').set({ operator: 1 }).where('id', '=', id).execute();
}

/** Changes an account. @returns false when it is gone, or another of its columns is not what `still` says. */
export async function updateUserRow(
  db: Kysely<Tables>,
  id: string,
  change: Partial<Pick<UserRow, 'username' | 'account_info' | 'password_hash' | 'email_verified_at'>>,
  still: Partial<Pick<UserRow, 'username' | 'account_info' | 'password_hash' | 'mfa_enabled_at'>> = {},
): Promise<boolean> {
  let query = db.updateTable('users').set(change).where('id', '=', id);
  if (still.username !== undefined) query = query.where('username', '=', still.username);
  if (still.account_info !== undefined) query = query.where('account_info', '=', still.account_info);
  if (still.password_hash !== undefined) query = query.where('password_hash', '=', still.password_hash);
  if (still.mfa_enabled_at === null) query = query.where('mfa_enabled_at', 'is', null);
  return (await query.returning('id').executeTakeFirst()) !== undefined;
}

/** Notes that the owner of the address answered a mail; the first time counts. */
export async function markEmailVerified(db: Kysely<Tables>, id: string, at: number): Promise<void> {
  await db
    .updateTable('users')
    .set({ email_verified_at: at })
    .where('id', '=', id)
    .where('email_verified_at', 'is', null)
    .execute();
}

/** One page of all accounts, oldest first; `page` counts from 1. */
export function findUserPage(db: Kysely<Tables>, page: number, perPage: number): Promise<StoredUser[]> {
  return db
    .selectFrom('users')
    .selectAll()
    .orderBy('created_at')
    .orderBy('id')
    .limit(perPage)
    .offset((page - 1) * perPage)
    .execute();
}

export async function countUsers(db: Kysely<Tables>): Promise<number> {
  const { count } = await db
    .selectFrom('users')
    .select((is) => is.fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}
