import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';

/**
 * How many operators there are. Writing to their rows first makes a second transaction wait, so that of the last two operators who delete
 * themselves at once one stays.
 */
export async function countOperatorsAlone(db: Kysely<Tables>): Promise<number> {
  await db.updateTable('users').set({ operator: 1 }).where('operator', '=', 1).execute();
  const rows = await db.selectFrom('users').select('id').where('operator', '=', 1).limit(2).execute();
  return rows.length;
}

/** Customers who log in as this account stay customers of their products, without an account. */
export async function unlinkCustomers(db: Kysely<Tables>, userId: string): Promise<void> {
  await db.updateTable('customers').set({ user_id: null }).where('user_id', '=', userId).execute();
}

/** Deletes an account and all rows that refer to it. @returns false when it is gone, or its password is another one. */
export async function deleteUserRow(db: Kysely<Tables>, id: string, passwordHash: string): Promise<boolean> {
  const deleted = await db
    .deleteFrom('users')
    .where('id', '=', id)
    .where('password_hash', '=', passwordHash)
    .returning('id')
    .executeTakeFirst();
  return deleted !== undefined;
}
