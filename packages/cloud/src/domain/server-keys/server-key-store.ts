import type { Kysely } from 'kysely';
import type { ServerKeyRow } from '../../store/tables/server-keys.ts';
import type { Tables } from '../../store/tables.ts';

export function findServerKey(db: Kysely<Tables>, algorithm: string): Promise<ServerKeyRow | undefined> {
  return db.selectFrom('server_keys').selectAll().where('algorithm', '=', algorithm).executeTakeFirst();
}

/** Leaves a key that another process has stored meanwhile. */
export async function insertServerKey(db: Kysely<Tables>, row: ServerKeyRow): Promise<void> {
  await db
    .insertInto('server_keys')
    .values(row)
    .onConflict((conflict) => conflict.column('algorithm').doNothing())
    .execute();
}
