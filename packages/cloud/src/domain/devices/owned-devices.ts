import type { DeviceId } from '@cloudchamber/kernel';
import type { Kysely } from 'kysely';
import type { Bus } from '../../bus/index.ts';
import type { Tables } from '../../store/tables.ts';
import { deviceChanges } from './device-changes.ts';

/** What a list of owners shows of their devices. */
export interface OwnedDevice {
  readonly id: DeviceId;
  readonly ownerId: string;
  readonly productId: number | null;
  readonly platformId: number;
  readonly lastIp: string | null;
  readonly firmwareVersion: number | null;
}

/** Owners per statement, well under the parameters that SQLite and PostgreSQL take. */
const OWNERS_PER_STATEMENT = 5000;

/** The devices of these accounts or customers, by id. */
export async function findDevicesOfOwners(db: Kysely<Tables>, ownerIds: readonly string[]): Promise<OwnedDevice[]> {
  if (ownerIds.length === 0) return [];
  const rows = await db
    .selectFrom('devices')
    .select(['id', 'owner_id', 'product_id', 'platform_id', 'last_ip', 'firmware_version'])
    .where('owner_id', 'in', ownerIds)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id as DeviceId,
    ownerId: row.owner_id ?? '',
    productId: row.product_id,
    platformId: row.platform_id,
    lastIp: row.last_ip,
    firmwareVersion: row.firmware_version,
  }));
}

/**
 * Takes the devices and the claim codes from accounts or customers that go away. The devices stay known with their keys, and belong to nobody.
 * @param db may be a transaction
 * @param at ms UTC
 * @returns what tells the bus; call it after the commit.
 */
export async function releaseDevicesOf(
  db: Kysely<Tables>,
  bus: Bus,
  ownerIds: readonly string[],
  at: number,
): Promise<() => void> {
  const released: DeviceId[] = [];
  for (let start = 0; start < ownerIds.length; start += OWNERS_PER_STATEMENT) {
    const owners = ownerIds.slice(start, start + OWNERS_PER_STATEMENT);
    await db.deleteFrom('claim_codes').where('owner_id', 'in', owners).execute();
    const rows = await db
      .updateTable('devices')
      .set({ owner_id: null, claimed_at: null, updated_at: at })
      .where('owner_id', 'in', owners)
      .returning('id')
      .execute();
    released.push(...rows.map((row) => row.id as DeviceId));
  }
  return () => {
    for (const deviceId of released) bus.publish(deviceChanges, { deviceId, ownerId: null });
  };
}
