import type { Kysely } from 'kysely';
import type { ServerKeyRow } from '../../store/tables/server-keys.ts';
import type { Tables } from '../../store/tables.ts';
import type { ServerKeyAlgorithm } from './server-key.ts';

/** Every key that there ever was, of an algorithm the oldest first. */
export function findServerKeys(db: Kysely<Tables>): Promise<ServerKeyRow[]> {
  return db.selectFrom('server_keys').selectAll().orderBy('algorithm').orderBy('generation').execute();
}

/** @returns false when another process has stored that generation meanwhile; its key stays. */
export async function insertServerKey(db: Kysely<Tables>, row: ServerKeyRow): Promise<boolean> {
  const inserted = await db
    .insertInto('server_keys')
    .values(row)
    .onConflict((conflict) => conflict.columns(['algorithm', 'generation']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** Retires a key, unless it is the last in use of its algorithm. @returns whether it did */
export async function retireUnlessLast(
  db: Kysely<Tables>,
  id: string,
  algorithm: ServerKeyAlgorithm,
  at: number,
): Promise<boolean> {
  const retired = await db
    .updateTable('server_keys')
    .set({ retired_at: at })
    .where('id', '=', id)
    .where('retired_at', 'is', null)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('server_keys as other')
          .select('other.id')
          .where('other.algorithm', '=', algorithm)
          .where('other.retired_at', 'is', null)
          .where('other.id', '!=', id),
      ),
    )
    .returning('id')
    .executeTakeFirst();
  return retired !== undefined;
}

/** How many devices were last seen to hold each key, by its fingerprint. */
export async function countHolders(db: Kysely<Tables>): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('devices')
    .select(({ fn }) => ['server_key', fn.countAll().as('devices')])
    .where('server_key', 'is not', null)
    .groupBy('server_key')
    .execute();
  return new Map(rows.map(({ server_key: fingerprint, devices }) => [fingerprint ?? '', Number(devices)]));
}
