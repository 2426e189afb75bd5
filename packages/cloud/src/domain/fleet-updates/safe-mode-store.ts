import type { DeviceId } from '@cloudchamber/kernel';
import type { Kysely } from 'kysely';
import type { Tables } from '../../store/index.ts';

/** Devices that have said in their last session that they run in safe mode; so many at most. */
export async function findInSafeMode(db: Kysely<Tables>, limit: number): Promise<DeviceId[]> {
  const rows = await db.selectFrom('devices').select('id').where('safe_mode', '=', 1).limit(limit).execute();
  return rows.map((row) => row.id as DeviceId);
}
