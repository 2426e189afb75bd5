import type { DeviceId } from '@cloudchamber/kernel';
import type { Kysely } from 'kysely';
import type { DeviceTransferRow } from '../../store/tables/devices.ts';
import type { Tables } from '../../store/tables.ts';
import { type Transfer, transferOf } from './transfer.ts';

export async function countWaitingTransfers(db: Kysely<Tables>, userId: string, now: number): Promise<number> {
  const { count } = await db
    .selectFrom('device_transfers')
    .select((is) => is.fn.countAll().as('count'))
    .where('to_user_id', '=', userId)
    .where('state', '=', 'waiting')
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** What an account has asked for about a device. */
export async function findTransferOf(
  db: Kysely<Tables>,
  deviceId: DeviceId,
  userId: string,
): Promise<Transfer | undefined> {
  const row = await db
    .selectFrom('device_transfers')
    .selectAll()
    .where('device_id', '=', deviceId)
    .where('to_user_id', '=', userId)
    .executeTakeFirst();
  return row && transferOf(row);
}

/** @returns false when the account asks for that device already. */
export async function insertTransfer(db: Kysely<Tables>, row: DeviceTransferRow): Promise<boolean> {
  const inserted = await db
    .insertInto('device_transfers')
    .values(row)
    .onConflict((conflict) => conflict.columns(['device_id', 'to_user_id']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

export async function deleteTransfer(db: Kysely<Tables>, id: string): Promise<void> {
  await db.deleteFrom('device_transfers').where('id', '=', id).execute();
}

/** A transfer that waits for an answer. */
export async function findWaitingTransfer(
  db: Kysely<Tables>,
  column: 'id' | 'token_hash',
  value: string,
  now: number,
): Promise<Transfer | undefined> {
  const row = await db
    .selectFrom('device_transfers')
    .selectAll()
    .where(column, '=', value)
    .where('state', '=', 'waiting')
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return row && transferOf(row);
}

/** Notes the answer. @returns false when there was one before. */
export async function answerTransferRow(
  db: Kysely<Tables>,
  id: string,
  state: 'approved' | 'declined',
): Promise<boolean> {
  const answered = await db
    .updateTable('device_transfers')
    .set({ state })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .returning('id')
    .executeTakeFirst();
  return answered !== undefined;
}

/** A transfer with what a list shows of its device and of who asks. */
export interface ListedTransfer extends Transfer {
  readonly deviceName: string;
  readonly deviceOwnerId: string | null;
  /** E-mail of whoever asks. */
  readonly requestedBy: string;
}

/** The newest transfers that an account gives (`from_owner_id`) or gets (`to_user_id`), as far as they are not too old. */
export async function findTransfers(
  db: Kysely<Tables>,
  column: 'from_owner_id' | 'to_user_id',
  userId: string,
  now: number,
  limit: number,
): Promise<ListedTransfer[]> {
  const rows = await db
    .selectFrom('device_transfers')
    .innerJoin('devices', 'devices.id', 'device_transfers.device_id')
    .innerJoin('users', 'users.id', 'device_transfers.to_user_id')
    .selectAll('device_transfers')
    .select(['devices.name', 'devices.owner_id', 'users.username'])
    .where(`device_transfers.${column}`, '=', userId)
    .where('device_transfers.expires_at', '>', now)
    .orderBy('device_transfers.created_at', 'desc')
    .orderBy('device_transfers.id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    ...transferOf(row),
    deviceName: row.name,
    deviceOwnerId: row.owner_id,
    requestedBy: row.username,
  }));
}
