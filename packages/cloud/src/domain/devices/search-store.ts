import { type Kysely, sql } from 'kysely';
import { contains } from '../../store/contains.ts';
import type { Tables } from '../../store/tables.ts';
import type { Device } from './device.ts';
import { deviceOf } from './device-store.ts';

/** Where to look: devices of an owner, and devices in products. */
export interface SearchedDevices {
  readonly ownerId: string | null;
  readonly productIds: readonly number[];
}

/** Well under the parameters that SQLite and PostgreSQL take. */
const PRODUCTS_PER_QUERY = 5000;

/** The first `limit` devices, by name, whose name, id or serial number has `text` in it. */
export async function searchDevices(
  db: Kysely<Tables>,
  { ownerId, productIds }: SearchedDevices,
  text: string,
  limit: number,
): Promise<Device[]> {
  const found = new Map<string, Device>();
  const look = async (column: 'owner_id' | 'product_id', values: readonly (string | number)[]) => {
    const rows = await db
      .selectFrom('devices')
      .selectAll()
      .where(sql.ref(column), 'in', values)
      .where((is) => is.or(['name', 'id', 'serial_number'].map((name) => contains(sql.ref(name), text))))
      .orderBy('name')
      .orderBy('id')
      .limit(limit)
      .execute();
    for (const row of rows) found.set(row.id, deviceOf(row));
  };
  if (ownerId !== null) await look('owner_id', [ownerId]);
  for (let at = 0; at < productIds.length; at += PRODUCTS_PER_QUERY) {
    await look('product_id', productIds.slice(at, at + PRODUCTS_PER_QUERY));
  }
  return [...found.values()].toSorted(byName).slice(0, limit);
}

function byName(one: Device, other: Device): number {
  if (one.name !== other.name) return one.name < other.name ? -1 : 1;
  return one.id < other.id ? -1 : 1;
}
