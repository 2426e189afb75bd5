import type { Subscription } from '@cloudchamber/gateway';
import type { DeviceId } from '@cloudchamber/kernel';
import { parseDeviceId } from '@cloudchamber/kernel';
import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';

/** What each of the devices subscribes to; devices without a subscription are missing. */
export async function findSubscriptionsOf(
  db: Kysely<Tables>,
  deviceIds: readonly DeviceId[],
): Promise<Map<string, Subscription[]>> {
  const rows = await db
    .selectFrom('device_subscriptions')
    .selectAll()
    .where('device_id', 'in', deviceIds)
    .orderBy('prefix')
    .execute();
  const found = new Map<string, Subscription[]>();
  for (const row of rows) {
    const subscriptions = found.get(row.device_id) ?? [];
    found.set(row.device_id, subscriptions);
    const deviceFilter = parseDeviceId(row.device_filter);
    const accepts = row.accepts as Subscription['accepts'];
    subscriptions.push({ prefix: row.prefix, accepts, ...(deviceFilter && { deviceFilter }) });
  }
  return found;
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
