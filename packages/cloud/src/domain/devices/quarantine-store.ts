import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../store/tables.ts';

/** Is the device in the product's quarantine, and was it denied? */
export async function findQuarantine(
  db: Kysely<Tables>,
  productId: number,
  deviceId: string,
): Promise<{ readonly denied: boolean } | undefined> {
  const row = await db
    .selectFrom('quarantined_devices')
    .select('denied')
    .where('product_id', '=', productId)
    .where('device_id', '=', deviceId)
    .executeTakeFirst();
  return row && { denied: row.denied === 1 };
}

/** Puts a device that is not in the product into its quarantine; one that is there already stays as it is. */
export async function quarantineDevice(
  db: Kysely<Tables>,
  productId: number,
  deviceId: string,
  at: number,
): Promise<void> {
  await db
    .insertInto('quarantined_devices')
    .columns(['product_id', 'device_id', 'denied', 'created_at'])
    .expression((from) =>
      from
        .selectFrom('devices')
        .select([
          sql<number>`cast(${productId} as integer)`.as('product_id'),
          'id',
          sql<number>`0`.as('denied'),
          sql<number>`cast(${at} as bigint)`.as('created_at'),
        ])
        .where('id', '=', deviceId)
        .where((row) => row.or([row('product_id', 'is', null), row('product_id', '!=', productId)])),
    )
    .onConflict((conflict) => conflict.columns(['product_id', 'device_id']).doNothing())
    .execute();
}

/** From now on the device may not connect as this product. */
export async function denyDevice(db: Kysely<Tables>, productId: number, deviceId: string, at: number): Promise<void> {
  await db
    .insertInto('quarantined_devices')
    .values({ product_id: productId, device_id: deviceId, denied: 1, created_at: at })
    .onConflict((conflict) => conflict.columns(['product_id', 'device_id']).doUpdateSet({ denied: 1 }))
    .execute();
}

/** Takes devices out of the quarantine, denied ones too. At most a few thousand devices. */
export async function leaveQuarantine(
  db: Kysely<Tables>,
  productId: number,
  deviceIds: readonly string[],
): Promise<void> {
  await db
    .deleteFrom('quarantined_devices')
    .where('product_id', '=', productId)
    .where('device_id', 'in', deviceIds)
    .execute();
}

export async function endQuarantine(db: Kysely<Tables>, productId: number): Promise<void> {
  await db.deleteFrom('quarantined_devices').where('product_id', '=', productId).execute();
}
