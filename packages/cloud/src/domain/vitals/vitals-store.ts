import { seconds } from '@cloudchamber/kernel';
import { type Kysely, type SqlBool, sql } from 'kysely';
import { keyedRead, type Tables } from '../../store/index.ts';
import type { VitalsPayload } from './vitals-payload.ts';

/** What a device said of itself at a time, ms UTC. */
export interface VitalsRecord {
  readonly at: number;
  readonly payload: VitalsPayload;
}

/** One record is kept of each ten seconds, so that a device cannot fill the store. */
const SLOT = seconds(10);
const slotOf = (at: number): number => Math.floor(at / SLOT);

/** Keeps a record, in the place of one that came before in the same ten seconds. */
export async function saveVitals(db: Kysely<Tables>, deviceId: string, { at, payload }: VitalsRecord): Promise<void> {
  await db
    .insertInto('device_vitals')
    .values({ device_id: deviceId, slot: slotOf(at), at, payload: JSON.stringify(payload) })
    .onConflict((conflict) =>
      conflict
        .columns(['device_id', 'slot'])
        .doUpdateSet((row) => ({ at: row.ref('excluded.at'), payload: row.ref('excluded.payload') })),
    )
    .execute();
}

const lastOf = keyedRead((db, deviceId: string, since: number) =>
  db
    .selectFrom('device_vitals')
    .select(['at', 'payload'])
    .where('device_id', '=', deviceId)
    .where('at', '>=', since)
    .orderBy('slot', 'desc')
    .limit(sql.lit(1)),
);

/** The newest record that is not older than `since`, ms UTC. */
export async function findLastVitals(
  db: Kysely<Tables>,
  deviceId: string,
  since: number,
): Promise<VitalsRecord | undefined> {
  const [row] = await lastOf(db, deviceId, since);
  return row && recordOf(row);
}

/** Records from `start` to before `end`, ms UTC, at most `limit`. */
export async function findVitals(
  db: Kysely<Tables>,
  deviceId: string,
  { start, end }: { readonly start: number; readonly end: number },
  { order, limit }: { readonly order: 'asc' | 'desc'; readonly limit: number },
): Promise<VitalsRecord[]> {
  const rows = await db
    .selectFrom('device_vitals')
    .select(['at', 'payload'])
    .where('device_id', '=', deviceId)
    .where('slot', '>=', slotOf(start))
    .where('slot', '<=', slotOf(end))
    .where('at', '>=', start)
    .where('at', '<', end)
    .orderBy('slot', order)
    .limit(limit)
    .execute();
  return rows.map(recordOf);
}

const handshakeOf = keyedRead((db, deviceId: string) =>
  db.selectFrom('devices').select('last_handshake_at').where('id', '=', deviceId),
);

/** When the device's session began, ms UTC; null before its first. */
export async function findSessionBegin(db: Kysely<Tables>, deviceId: string): Promise<number | null> {
  const [row] = await handshakeOf(db, deviceId);
  return row?.last_handshake_at ?? null;
}

/** Deletes at most `limit` records from before `before`, ms UTC. @returns how many */
export async function deleteOldVitals(db: Kysely<Tables>, before: number, limit: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('device_vitals')
    .where(
      sql<SqlBool>`(device_id, slot) in
        (select device_id, slot from device_vitals where slot < ${slotOf(before)} order by slot limit ${limit})`,
    )
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

function recordOf(row: { readonly at: number; readonly payload: string }): VitalsRecord {
  return { at: row.at, payload: JSON.parse(row.payload) as VitalsPayload };
}
