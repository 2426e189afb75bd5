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
