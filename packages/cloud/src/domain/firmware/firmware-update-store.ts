import type { DeviceId } from '@cloudchamber/kernel';
import type { Kysely } from 'kysely';
import type { Tables } from '../../store/index.ts';

/** Why a device gets firmware: somebody flashes it, its product has a version for it, or it lacks parts of Device OS. */
export type UpdateReason = 'flash' | 'known_app' | 'lock' | 'release' | 'rollout' | 'repair';

/** Where an update stands. */
export type UpdateStage = 'starting' | 'transferring' | 'applying' | 'done';

/** Whose firmware an update brings, if it is a product's. */
export interface UpdateTarget {
  readonly productId: number;
  readonly version: number;
  readonly rolloutId: string | undefined;
}

/** An update that was asked for. Times are ms UTC. */
export interface UpdateToStore {
  readonly id: string;
  readonly deviceId: DeviceId;
  /** The account, or `system`. */
  readonly requestedBy: string;
  readonly reason: UpdateReason;
  readonly target: UpdateTarget | undefined;
  readonly at: number;
  readonly images: readonly StoredImage[];
  readonly totalBytes: number;
  /** SHA-256 of the application in it, hex. */
  readonly applicationHash: string | undefined;
}

/** An image whose bytes are a blob. */
interface StoredImage {
  readonly hash: string;
  readonly moduleFunction: number;
}

/** An update that has not ended. */
export interface PendingUpdate {
  readonly id: string;
  readonly deviceId: DeviceId;
  readonly reason: UpdateReason;
  readonly target: UpdateTarget | undefined;
  readonly images: readonly StoredImage[];
  readonly imagesDone: number;
  /** What the device had for sure when it was last noted, over all images, and their total. */
  readonly bytes: number;
  readonly totalBytes: number;
}

/** How an update ended, as its row tells. */
export interface UpdateEnd {
  readonly at: number;
  readonly outcome: string;
  readonly message: string | undefined;
  readonly stage: UpdateStage;
  readonly bytes: number;
}

export async function insertUpdate(db: Kysely<Tables>, update: UpdateToStore): Promise<void> {
  await db
    .insertInto('firmware_updates')
    .values({
      id: update.id,
      device_id: update.deviceId,
      requested_by: update.requestedBy,
      created_at: update.at,
      image_list: JSON.stringify(update.images),
      images_done: 0,
      application_hash: update.applicationHash ?? null,
      ended_at: null,
      outcome: null,
      message: null,
      reason: update.reason,
      rollout_id: update.target?.rolloutId ?? null,
      stage: 'starting',
      product_id: update.target?.productId ?? null,
      version: update.target?.version ?? null,
      started_at: null,
      bytes: 0,
      total_bytes: update.totalBytes,
    })
    .execute();
}

export async function deleteUpdate(db: Kysely<Tables>, id: string): Promise<void> {
  await db.deleteFrom('firmware_updates').where('id', '=', id).execute();
}

/** Updates that have not ended, the oldest first. */
export async function findPendingUpdates(db: Kysely<Tables>): Promise<PendingUpdate[]> {
  const rows = await db
    .selectFrom('firmware_updates')
    .selectAll()
    .where('ended_at', 'is', null)
    .orderBy('created_at')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    deviceId: row.device_id as DeviceId,
    reason: (row.reason ?? 'flash') as UpdateReason,
    target:
      row.product_id === null || row.version === null
        ? undefined
        : { productId: row.product_id, version: row.version, rolloutId: row.rollout_id ?? undefined },
    images: JSON.parse(row.image_list ?? '[]') as StoredImage[],
    imagesDone: row.images_done,
    bytes: row.bytes ?? 0,
    totalBytes: row.total_bytes ?? 0,
  }));
}

/** The update that was asked for last, of a device. Times are ms UTC. */
export interface LastUpdate {
  readonly id: string;
  readonly reason: UpdateReason;
  readonly version: number | null;
  /** Null while it is under way. */
  readonly outcome: string | null;
  readonly message: string | null;
  readonly endedAt: number | null;
}

/** The device's newest update; undefined when it never had one. */
export async function findLastUpdate(db: Kysely<Tables>, deviceId: DeviceId): Promise<LastUpdate | undefined> {
  const row = await db
    .selectFrom('firmware_updates')
    .select(['id', 'reason', 'version', 'outcome', 'message', 'ended_at'])
    .where('device_id', '=', deviceId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { id, version, outcome, message, ended_at: endedAt } = row;
  return { id, reason: (row.reason ?? 'flash') as UpdateReason, version, outcome, message, endedAt };
}

export async function saveStarted(db: Kysely<Tables>, id: string, at: number): Promise<void> {
  await db
    .updateTable('firmware_updates')
    .set({ started_at: at, stage: 'transferring' })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute();
}

export async function saveProgress(
  db: Kysely<Tables>,
  id: string,
  { imagesDone, bytes }: { readonly imagesDone: number; readonly bytes: number },
): Promise<void> {
  await db.updateTable('firmware_updates').set({ images_done: imagesDone, bytes }).where('id', '=', id).execute();
}

/** Notes how an update ended, and lets go of its images. @returns the hash of the application in it, if it has one */
export async function endUpdate(db: Kysely<Tables>, id: string, end: UpdateEnd): Promise<string | undefined> {
  const row = await db
    .updateTable('firmware_updates')
    .set({
      ended_at: end.at,
      outcome: end.outcome,
      message: end.message ?? null,
      stage: end.stage,
      bytes: end.bytes,
      image_list: null,
    })
    .where('id', '=', id)
    .returning('application_hash')
    .executeTakeFirst();
  return row?.application_hash ?? undefined;
}

/** Ends the updates that were asked for before `before` and are still under way: their devices did not come back. */
export async function endUpdatesBefore(db: Kysely<Tables>, before: number, at: number): Promise<void> {
  await db
    .updateTable('firmware_updates')
    .set({ ended_at: at, outcome: 'device_gone', image_list: null })
    .where('ended_at', 'is', null)
    .where('created_at', '<', before)
    .execute();
}

/** Deletes at most `limit` of the updates that ended before `before`. @returns how many */
export async function deleteUpdatesBefore(db: Kysely<Tables>, before: number, limit: number): Promise<number> {
  const old = db.selectFrom('firmware_updates').select('id').where('ended_at', '<', before).limit(limit);
  const deleted = await db.deleteFrom('firmware_updates').where('id', 'in', old).returning('id').execute();
  return deleted.length;
}
