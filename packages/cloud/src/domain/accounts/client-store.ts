import type { Kysely, Selectable } from 'kysely';
import type { OauthClientRow } from '../../store/tables/accounts.ts';
import type { Tables } from '../../store/tables.ts';

export type StoredClient = Selectable<OauthClientRow>;

export function findClientRow(db: Kysely<Tables>, id: string): Promise<StoredClient | undefined> {
  return db.selectFrom('oauth_clients').selectAll().where('id', '=', id).executeTakeFirst();
}

export function findClientRows(db: Kysely<Tables>, userId: string): Promise<StoredClient[]> {
  return db
    .selectFrom('oauth_clients')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}

export async function countClients(db: Kysely<Tables>, userId: string): Promise<number> {
  const { count } = await db
    .selectFrom('oauth_clients')
    .select((is) => is.fn.countAll().as('count'))
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** @returns false when the id is taken. */
export async function insertClient(db: Kysely<Tables>, row: OauthClientRow): Promise<boolean> {
  const inserted = await db
    .insertInto('oauth_clients')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** Changes a client of this user. @returns it, or undefined when there is none. */
export function updateClientRow(
  db: Kysely<Tables>,
  userId: string,
  id: string,
  change: { readonly name?: string; readonly scope?: string | null },
): Promise<StoredClient | undefined> {
  return db
    .updateTable('oauth_clients')
    .set(change)
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .returningAll()
    .executeTakeFirst();
}

/** @returns false when this user has no such client. */
export async function deleteClientRow(db: Kysely<Tables>, userId: string, id: string): Promise<boolean> {
  const deleted = await db
    .deleteFrom('oauth_clients')
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .returning('id')
    .executeTakeFirst();
  return deleted !== undefined;
}
