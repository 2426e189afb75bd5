import type { DeviceId } from '@cloudchamber/kernel';
import { type Insertable, type Kysely, type Selectable, sql } from 'kysely';
import type { Tables } from '../../store/index.ts';
import type { ConnectionAttemptRow } from '../../store/tables/connection-attempts.ts';
import type { Attempt, AttemptOutcome } from './attempt.ts';

/** Which attempts somebody may see. */
export type AttemptView =
  | { readonly of: 'everybody' }
  /** Of a device since then, ms UTC. */
  | { readonly of: 'device'; readonly deviceId: DeviceId; readonly since: number }
  /** Of devices of the account, since it claimed them. */
  | { readonly of: 'owner'; readonly ownerId: string }
  /** Of devices that are in the product, since they joined. */
  | { readonly of: 'product'; readonly productId: number };

export interface AttemptPage {
  readonly device?: DeviceId | undefined;
  readonly address?: string | undefined;
  readonly outcome?: AttemptOutcome | undefined;
  /** Only attempts with a smaller id. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** An attempt, and what is known now of the device that it names. */
export interface FoundAttempt {
  readonly attempt: Attempt;
  /** Whether the key is kept, so that it can be registered. */
  readonly hasKey: boolean;
  readonly device: {
    readonly name: string;
    readonly ownerId: string | null;
    readonly productId: number | null;
    readonly publicKey: Uint8Array | null;
  } | null;
}

export async function largestId(db: Kysely<Tables>): Promise<number> {
  const row = await db
    .selectFrom('connection_attempts')
    .select((attempt) => attempt.fn.max('id').as('id'))
    .executeTakeFirst();
  return Number(row?.id ?? 0);
}

/** Keeps new attempts, and of known ones how often they happened. A few hundred at most, each once. */
export async function saveAttempts(
  db: Kysely<Tables>,
  rows: readonly Insertable<ConnectionAttemptRow>[],
): Promise<void> {
  await db
    .insertInto('connection_attempts')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((row) => ({
        count: row.ref('excluded.count'),
        last_at: row.ref('excluded.last_at'),
        port: row.ref('excluded.port'),
      })),
    )
    .execute();
}

/** Forgets, of each of the devices, all but the newest `most` attempts that came in, and as many of those that did not. A few hundred devices at most. */
export async function trimDevices(db: Kysely<Tables>, deviceIds: readonly string[], most: number): Promise<void> {
  const ids = sql.join(deviceIds);
  await sql`delete from connection_attempts where id in (
    select id from (
      select id, row_number() over (
        partition by device_id, case when reason is null then 0 else 1 end order by id desc) as place
      from connection_attempts where device_id in (${ids})
    ) as placed where place > ${sql.lit(most)})`.execute(db);
}

/** Forgets every attempt up to that id. */
export async function deleteUpTo(db: Kysely<Tables>, id: number): Promise<void> {
  await db.deleteFrom('connection_attempts').where('id', '<=', id).execute();
}

/** Newest first. */
export async function findAttempts(db: Kysely<Tables>, view: AttemptView, page: AttemptPage): Promise<FoundAttempt[]> {
  let query = joined(db).orderBy('connection_attempts.id', 'desc').limit(page.limit);
  if (view.of === 'device') {
    query = query
      .where('connection_attempts.device_id', '=', view.deviceId)
      .where('connection_attempts.last_at', '>=', view.since);
  } else if (view.of === 'owner') {
    query = query
      .where('devices.owner_id', '=', view.ownerId)
      .where('connection_attempts.last_at', '>=', sql<number>`coalesce(devices.claimed_at, 0)`);
  } else if (view.of === 'product') {
    query = query
      .where('devices.product_id', '=', view.productId)
      .where('connection_attempts.last_at', '>=', sql<number>`coalesce(devices.joined_product_at, 0)`);
  }
  if (page.device !== undefined) query = query.where('connection_attempts.device_id', '=', page.device);
  if (page.address !== undefined) query = query.where('connection_attempts.address', '=', page.address);
  if (page.outcome !== undefined) query = query.where('connection_attempts.outcome', '=', page.outcome);
  if (page.before !== undefined) query = query.where('connection_attempts.id', '<', page.before);
  return (await query.execute()).map(foundOf);
}

/** The attempt with that id, and the key that is kept of it. */
export async function findAttempt(
  db: Kysely<Tables>,
  id: number,
): Promise<{ readonly attempt: Attempt; readonly publicKey: Uint8Array | null } | undefined> {
  const row = await db.selectFrom('connection_attempts').selectAll().where('id', '=', id).executeTakeFirst();
  return row && { attempt: attemptOf(row), publicKey: row.public_key };
}

export interface AttemptCount extends Pick<Attempt, 'transport' | 'outcome' | 'reason'> {
  readonly count: number;
}

/** How attempts that were last seen since then ended, counted; largest first. */
export async function countAttempts(db: Kysely<Tables>, since: number): Promise<AttemptCount[]> {
  const rows = await db
    .selectFrom('connection_attempts')
    .select(['transport', 'outcome', 'reason'])
    .select((attempt) => attempt.fn.sum<number>('count').as('total'))
    .where('last_at', '>=', since)
    .groupBy(['transport', 'outcome', 'reason'])
    .execute();
  const counts = rows.map(({ total, ...row }) => ({ ...wordsOf(row), count: Number(total) }));
  return counts.toSorted((one, other) => other.count - one.count);
}

/** Deletes the oldest attempts from before then, at most `limit`. @returns how many */
export async function deleteOldAttempts(db: Kysely<Tables>, before: number, limit: number): Promise<number> {
  const oldest = await db
    .selectFrom('connection_attempts')
    .select(['id', 'last_at'])
    .orderBy('id')
    .limit(limit)
    .execute();
  const old = oldest.filter((row) => row.last_at < before).map((row) => row.id);
  if (old.length > 0) await db.deleteFrom('connection_attempts').where('id', 'in', old).execute();
  return old.length;
}

/** Deletes the oldest attempts of whom nobody here knows, beyond the newest `most`; at most `limit`. @returns how many */
export async function deleteStrangers(db: Kysely<Tables>, most: number, limit: number): Promise<number> {
  const rows = await db
    .selectFrom('connection_attempts')
    .select('id')
    .where(sql<boolean>`(outcome = 'failed' or reason = 'unknown_device')`)
    .orderBy('id', 'desc')
    .offset(most)
    .limit(limit)
    .execute();
  const ids = rows.map((row) => row.id);
  if (ids.length > 0) await db.deleteFrom('connection_attempts').where('id', 'in', ids).execute();
  return ids.length;
}

function joined(db: Kysely<Tables>) {
  return db
    .selectFrom('connection_attempts')
    .leftJoin('devices', 'devices.id', 'connection_attempts.device_id')
    .select([
      'connection_attempts.id',
      'connection_attempts.device_id',
      'connection_attempts.transport',
      'connection_attempts.address',
      'connection_attempts.port',
      'connection_attempts.stage',
      'connection_attempts.outcome',
      'connection_attempts.reason',
      'connection_attempts.key_fingerprint',
      'connection_attempts.count',
      'connection_attempts.first_at',
      'connection_attempts.last_at',
      'devices.name',
      'devices.owner_id',
      'devices.product_id',
      'devices.public_key as registered_key',
    ])
    .select(sql<number>`case when connection_attempts.public_key is null then 0 else 1 end`.as('has_key'));
}

type JoinedRow = Awaited<ReturnType<ReturnType<typeof joined>['execute']>>[number];

function foundOf(row: JoinedRow): FoundAttempt {
  const { name, owner_id: ownerId, product_id: productId, registered_key: publicKey } = row;
  return {
    attempt: attemptOf(row),
    hasKey: row.has_key === 1,
    device: name === null ? null : { name, ownerId, productId, publicKey },
  };
}

function attemptOf(row: Omit<Selectable<ConnectionAttemptRow>, 'public_key'>): Attempt {
  return {
    id: row.id,
    deviceId: row.device_id as DeviceId | null,
    ...wordsOf(row),
    address: row.address,
    port: row.port,
    stage: row.stage as Attempt['stage'],
    keyFingerprint: row.key_fingerprint,
    count: row.count,
    firstAt: row.first_at,
    lastAt: row.last_at,
  };
}

function wordsOf(row: Pick<ConnectionAttemptRow, 'transport' | 'outcome' | 'reason'>) {
  return {
    transport: row.transport as Attempt['transport'],
    outcome: row.outcome as Attempt['outcome'],
    reason: row.reason as Attempt['reason'],
  };
}
