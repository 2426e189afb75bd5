import type { Subscription } from '@cloudchamber/gateway';
import type { DeviceId } from '@cloudchamber/kernel';
import { parseDeviceId } from '@cloudchamber/kernel';
import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';

export async function findSubscriptions(db: Kysely<Tables>, deviceId: DeviceId): Promise<Subscription[]> {
  const rows = await db
    .selectFrom('device_subscriptions')
    .selectAll()
    .where('device_id', '=', deviceId)
    .orderBy('prefix')
    .execute();
  return rows.map((row) => {
    const deviceFilter = parseDeviceId(row.device_filter);
    const accepts = row.accepts as Subscription['accepts'];
    return deviceFilter === undefined ? { prefix: row.prefix, accepts } : { prefix: row.prefix, accepts, deviceFilter };
  });
}

/** Adds the subscription, or changes what it accepts. */
export async function saveSubscription(
  db: Kysely<Tables>,
  deviceId: DeviceId,
  subscription: Subscription,
): Promise<void> {
  await db
    .insertInto('device_subscriptions')
    .values({
      device_id: deviceId,
      prefix: subscription.prefix,
      accepts: subscription.accepts,
      device_filter: subscription.deviceFilter ?? '',
    })
    .onConflict((conflict) =>
      conflict.columns(['device_id', 'prefix', 'device_filter']).doUpdateSet({ accepts: subscription.accepts }),
    )
    .execute();
}

export async function deleteSubscriptions(db: Kysely<Tables>, deviceId: DeviceId): Promise<void> {
  await db.deleteFrom('device_subscriptions').where('device_id', '=', deviceId).execute();
}
