import type { Insertable, Kysely, Selectable } from 'kysely';
import { sql } from 'kysely';
import { binaryType, type Engine } from '../../store/index.ts';
import type { DeviceSessionRow, SessionMarksRow } from '../../store/tables/device-sessions.ts';
import type { Tables } from '../../store/tables.ts';

/** A session's row, and the key that is registered for its device now. */
export type SessionWithKey = Selectable<DeviceSessionRow> & { readonly registered_key: Uint8Array | null };

/** Two or three parameters each, well under the limits of both engines. */
const ROWS_PER_STATEMENT = 5000;

/** @returns the row's id */
export async function insertSession(db: Kysely<Tables>, row: Insertable<DeviceSessionRow>): Promise<number> {
  const { id } = await db.insertInto('device_sessions').values(row).returning('id').executeTakeFirstOrThrow();
  return id;
}

export async function changeHello(db: Kysely<Tables>, id: number, hello: string): Promise<void> {
  await db.updateTable('device_sessions').set({ hello }).where('id', '=', id).execute();
}

export async function deleteSessions(db: Kysely<Tables>, ids: readonly number[]): Promise<void> {
  for (let at = 0; at < ids.length; at += ROWS_PER_STATEMENT) {
    await db
      .deleteFrom('device_sessions')
      .where('id', 'in', ids.slice(at, at + ROWS_PER_STATEMENT))
      .execute();
  }
}

/** Sessions by ascending id, after `after`. */
export function findSessions(db: Kysely<Tables>, after: number, limit: number): Promise<SessionWithKey[]> {
  return db
    .selectFrom('device_sessions')
    .innerJoin('devices', 'devices.id', 'device_sessions.device_id')
    .selectAll('device_sessions')
    .select('devices.public_key as registered_key')
    .where('device_sessions.id', '>', after)
    .orderBy('device_sessions.id')
    .limit(limit)
    .execute();
}

/** Writes the progress of sessions, which has everything up to the marks at position `gathered`. */
export async function saveProgress(
  db: Kysely<Tables>,
  engine: Engine,
  rows: readonly { readonly id: number; readonly progress: Uint8Array }[],
  gathered: number,
): Promise<void> {
  if (rows.length === 0) return;
  const binary = binaryType(engine);
  const values = sql.join(rows.map(({ id, progress }) => sql`(cast(${id} as bigint), cast(${progress} as ${binary}))`));
  // Both engines call the columns of a VALUES list column1 and column2.
  await sql`update device_sessions set progress = changed.column2, gathered = ${sql.lit(gathered)}
    from (values ${values}) as changed where device_sessions.id = changed.column1`.execute(db);
}

/** Rows of marks by ascending position, after `after`. */
export function findMarks(db: Kysely<Tables>, after: number, limit: number): Promise<Selectable<SessionMarksRow>[]> {
  return db
    .selectFrom('session_marks')
    .selectAll()
    .where('sequence', '>', after)
    .orderBy('sequence')
    .limit(limit)
    .execute();
}

/** Deletes rows of marks up to that position, at most `limit`. @returns how many */
export async function deleteMarks(db: Kysely<Tables>, upTo: number, limit: number): Promise<number> {
  const oldest = db
    .selectFrom('session_marks')
    .select('sequence')
    .where('sequence', '<=', upTo)
    .orderBy('sequence')
    .limit(limit);
  const { numDeletedRows } = await db.deleteFrom('session_marks').where('sequence', 'in', oldest).executeTakeFirst();
  return Number(numDeletedRows);
}
