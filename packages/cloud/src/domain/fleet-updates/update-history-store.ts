import type { DeviceId } from '@cloudchamber/kernel';
import type { Kysely } from 'kysely';
import type { Tables } from '../../store/index.ts';
import type { UpdateReason, UpdateStage } from '../firmware/index.ts';

/** An update of a device, under way or over. Times are ms UTC. */
export interface UpdateAttempt {
  readonly id: string;
  /** Null for updates of older servers, like others that they did not store. */
  readonly reason: UpdateReason | null;
  /** Of the product's firmware. */
  readonly version: number | null;
  readonly rolloutId: string | null;
  readonly stage: UpdateStage | null;
  /** What the device had for sure, over all images, when that was last stored. */
  readonly bytes: number;
  readonly totalBytes: number | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly outcome: string | null;
  readonly message: string | null;
}

/** Where a page begins: behind the update that began at `at` and has that id. */
export interface AttemptPosition {
  readonly at: number;
  readonly id: string;
}

/** A device's updates that began at `since` (ms UTC) or later, the newest first. */
export async function findUpdatesOf(
  db: Kysely<Tables>,
  deviceId: DeviceId,
  page: { readonly since: number; readonly before: AttemptPosition | undefined; readonly limit: number },
): Promise<UpdateAttempt[]> {
  const { since, before, limit } = page;
  let query = db
    .selectFrom('firmware_updates')
    .select([
      'id',
      'reason',
      'version',
      'rollout_id',
      'stage',
      'bytes',
      'total_bytes',
      'created_at',
      'started_at',
      'ended_at',
      'outcome',
      'message',
    ])
    .where('device_id', '=', deviceId)
    .where('created_at', '>=', since);
  if (before !== undefined) {
    query = query.where((row) =>
      row.or([
        row('created_at', '<', before.at),
        row.and([row('created_at', '=', before.at), row('id', '<', before.id)]),
      ]),
    );
  }
  const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map((row) => ({
    id: row.id,
    // Both were written by the journal.
    reason: row.reason as UpdateReason | null,
    stage: row.stage as UpdateStage | null,
    version: row.version,
    rolloutId: row.rollout_id,
    bytes: row.bytes ?? 0,
    totalBytes: row.total_bytes,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    outcome: row.outcome,
    message: row.message,
  }));
}

/** Devices of the product with an update of its firmware under way, by id. */
export async function findUpdating(
  db: Kysely<Tables>,
  productId: number,
  after: string,
  limit: number,
): Promise<DeviceId[]> {
  const rows = await underWayIn(db, productId)
    .select('devices.id')
    .where('devices.id', '>', after)
    .orderBy('devices.id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id as DeviceId);
}

export async function countUpdating(db: Kysely<Tables>, productId: number): Promise<number> {
  const row = await underWayIn(db, productId)
    .select((count) => count.fn.countAll<number>().as('devices'))
    .executeTakeFirst();
  return Number(row?.devices ?? 0);
}

function underWayIn(db: Kysely<Tables>, productId: number) {
  return db
    .selectFrom('firmware_updates')
    .innerJoin('devices', 'devices.id', 'firmware_updates.device_id')
    .where('firmware_updates.ended_at', 'is', null)
    .where('devices.product_id', '=', productId)
    .where('firmware_updates.product_id', '=', productId);
}
