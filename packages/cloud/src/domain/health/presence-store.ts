import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Tables } from '../../store/index.ts';
import type { CountRange } from './health-store.ts';

/** A device came or went. */
export interface PresenceChange {
  readonly deviceId: string;
  /** ms UTC */
  readonly at: number;
  readonly online: boolean;
  /** Why it went; null when it came. */
  readonly reason: string | null;
}

const ROWS_PER_STATEMENT = 200;

export async function addChanges(db: Kysely<Tables>, changes: readonly PresenceChange[]): Promise<void> {
  for (let at = 0; at < changes.length; at += ROWS_PER_STATEMENT) {
    await db
      .insertInto('device_presence')
      .values(
        changes.slice(at, at + ROWS_PER_STATEMENT).map(({ deviceId, at, online, reason }) => ({
          device_id: deviceId,
          at,
          online: online ? 1 : 0,
          reason,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/** The last change of a device up to a time. */
function lastChange<T>(column: 'at' | 'online', time: number) {
  return sql<T>`(select ${sql.ref(`p.${column}`)} from device_presence p where p.device_id = devices.id and p.at <= ${time}
    order by p.at desc, p.online desc limit 1)`;
}

/** A device that was online at a time. */
interface Present {
  readonly id: string;
  /** Since when, ms UTC. */
  readonly since: number;
  readonly lastHeard: number | null;
}

/** Of the next `limit` devices after that id: which were online at the time, as far as is noted, and the last one's id. */
export async function findPresent(
  db: Kysely<Tables>,
  time: number,
  after: string,
  limit: number,
): Promise<{ readonly present: readonly Present[]; readonly last: string | undefined }> {
  const rows = await db
    .selectFrom('devices')
    .select(['id', 'last_heard'])
    .select(lastChange<number | null>('online', time).as('online'))
    .select(lastChange<number | null>('at', time).as('at'))
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  const present = rows.flatMap(({ id, last_heard: lastHeard, online, at: since }) =>
    online === 1 && since !== null ? [{ id, since, lastHeard }] : [],
  );
  return { present, last: rows.at(-1)?.id };
}

/** Which of the devices were online at the time, as far as is noted. A few hundred at most. */
export async function findOnlineAt(
  db: Kysely<Tables>,
  deviceIds: readonly string[],
  time: number,
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('devices')
    .select('id')
    .select(lastChange<number | null>('online', time).as('online'))
    .where('id', 'in', deviceIds)
    .execute();
  return new Set(rows.flatMap(({ id, online }) => (online === 1 ? [id] : [])));
}

/** A place in the changes of some devices, which are read in the order of device, time and kind. */
export type ChangePosition = Pick<PresenceChange, 'deviceId' | 'at' | 'online'>;

/** Changes of the devices after `start` and before `end`, in the order of device and time, behind a position. */
export async function findChanges(
  db: Kysely<Tables>,
  deviceIds: readonly string[],
  { start, end }: CountRange,
  after: ChangePosition | undefined,
  limit: number,
): Promise<PresenceChange[]> {
  let query = db
    .selectFrom('device_presence')
    .selectAll()
    .where('device_id', 'in', deviceIds)
    .where('at', '>', start)
    .where('at', '<', end)
    .orderBy('device_id')
    .orderBy('at')
    .orderBy('online')
    .limit(limit);
  if (after !== undefined) {
    const { deviceId, at, online } = after;
    query = query.where(sql<SqlBool>`(device_id, at, online) > (${deviceId}, ${at}, ${online ? 1 : 0})`);
  }
  return (await query.execute()).map(changeOf);
}

/** One page of the changes of a device in the range, newest first. */
export async function findPage(
  db: Kysely<Tables>,
  deviceId: string,
  { start, end }: CountRange,
  { number, size }: { readonly number: number; readonly size: number },
): Promise<PresenceChange[]> {
  const rows = await db
    .selectFrom('device_presence')
    .selectAll()
    .where('device_id', '=', deviceId)
    .where('at', '>=', start)
    .where('at', '<', end)
    .orderBy('at', 'desc')
    .orderBy('online', 'desc')
    .limit(size)
    .offset((number - 1) * size)
    .execute();
  return rows.map(changeOf);
}

export async function countChanges(db: Kysely<Tables>, deviceId: string, { start, end }: CountRange): Promise<number> {
  const { changes } = await db
    .selectFrom('device_presence')
    .select((row) => row.fn.countAll<number | string>().as('changes'))
    .where('device_id', '=', deviceId)
    .where('at', '>=', start)
    .where('at', '<', end)
    .executeTakeFirstOrThrow();
  return Number(changes);
}

/** Deletes at most `limit` changes from before `before`, ms UTC; of each device one stays, which says what it was then. @returns how many */
export async function deleteOldChanges(db: Kysely<Tables>, before: number, limit: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('device_presence')
    .where(
      sql<SqlBool>`(device_id, at, online) in
        (select old.device_id, old.at, old.online from device_presence old where old.at < ${before}
          and exists (select 1 from device_presence newer
            where newer.device_id = old.device_id and newer.at > old.at and newer.at <= ${before})
          limit ${limit})`,
    )
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/** Devices that have more than `most` changes. */
export async function findFlapping(db: Kysely<Tables>, most: number, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('device_presence')
    .select('device_id')
    .groupBy('device_id')
    .having((row) => row.fn.countAll(), '>', most)
    .limit(limit)
    .execute();
  return rows.map(({ device_id: id }) => id);
}

/** Deletes at most `limit` of a device's changes, the oldest, so that `most` are left or more. @returns how many */
export async function deleteBeyond(db: Kysely<Tables>, deviceId: string, most: number, limit: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('device_presence')
    .where(
      sql<SqlBool>`(device_id, at, online) in
        (select device_id, at, online from device_presence where device_id = ${deviceId}
          order by at desc, online desc limit ${limit} offset ${most})`,
    )
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

function changeOf(row: {
  readonly device_id: string;
  readonly at: number;
  readonly online: number;
  readonly reason: string | null;
}): PresenceChange {
  return { deviceId: row.device_id, at: row.at, online: row.online === 1, reason: row.reason };
}
