import type { Kysely, Selectable } from 'kysely';
import type { OauthClientRow } from '../../store/tables/accounts.ts';
import type { Tables } from '../../store/tables.ts';

export type StoredClient = Selectable<OauthClientRow>;

/** Whose client it is: an account's, or a product's. */
export type ClientOwner =
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'product'; readonly id: number };

const columnOf = ({ kind }: ClientOwner): 'user_id' | 'product_id' => (kind === 'user' ? 'user_id' : 'product_id');

export function findClientRow(db: Kysely<Tables>, id: string): Promise<StoredClient | undefined> {
  return db.selectFrom('oauth_clients').selectAll().where('id', '=', id).executeTakeFirst();
}

export function findClientRows(db: Kysely<Tables>, owner: ClientOwner): Promise<StoredClient[]> {
  return db
    .selectFrom('oauth_clients')
    .selectAll()
    .where(columnOf(owner), '=', owner.id)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}

export async function countClients(db: Kysely<Tables>, owner: ClientOwner): Promise<number> {
  const { count } = await db
    .selectFrom('oauth_clients')
    .select((is) => is.fn.countAll().as('count'))
    .where(columnOf(owner), '=', owner.id)
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

/** Changes a client of this owner. @returns it, or undefined when there is none. */
export function updateClientRow(
  db: Kysely<Tables>,
  owner: ClientOwner,
  id: string,
  change: Partial<Pick<OauthClientRow, 'name' | 'scope' | 'role'>>,
): Promise<StoredClient | undefined> {
  return db
    .updateTable('oauth_clients')
    .set(change)
    .where('id', '=', id)
    .where(columnOf(owner), '=', owner.id)
    .returningAll()
    .executeTakeFirst();
}

/** @returns false when this owner has no such client. */
export async function deleteClientRow(db: Kysely<Tables>, owner: ClientOwner, id: string): Promise<boolean> {
  const deleted = await db
    .deleteFrom('oauth_clients')
    .where('id', '=', id)
    .where(columnOf(owner), '=', owner.id)
    .returning('id')
    .executeTakeFirst();
  return deleted !== undefined;
}
