import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';

/** The e-mail addresses of those of the accounts that there are, by id. At most a few thousand ids. */
export async function findUserNames(db: Kysely<Tables>, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('users').select(['id', 'username']).where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, row.username]));
}
