import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';

/**
 * Deletes at most `limit` rows of rollouts that were completed or rolled back before `before` (ms UTC): devices first, the rollout last.
 * @returns how many rows; fewer than `limit` when none are left of what is to go
 */
export async function deleteSomeEnded(db: Kysely<Tables>, before: number, limit: number): Promise<number> {
  const old = await db
    .selectFrom('rollouts')
    .select('id')
    .where('state', 'in', ['completed', 'rolled_back'])
    .where('ended_at', '<', before)
    .orderBy('ended_at')
    .limit(1)
    .executeTakeFirst();
  if (old === undefined) return 0;
  const some = db.selectFrom('rollout_devices').select('device_id').where('rollout_id', '=', old.id).limit(limit);
  const deleted = await db
    .deleteFrom('rollout_devices')
    .where('rollout_id', '=', old.id)
    .where('device_id', 'in', some)
    .returning('device_id')
    .execute();
  if (deleted.length >= limit) return deleted.length;
  await db.transaction().execute(async (rest) => {
    await rest.deleteFrom('rollout_timeline').where('rollout_id', '=', old.id).execute();
    await rest.deleteFrom('rollouts').where('id', '=', old.id).execute();
  });
  // There may be another one.
  return limit;
}
