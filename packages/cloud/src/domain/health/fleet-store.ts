import type { Kysely } from 'kysely';
import type { Tables } from '../../store/index.ts';
import { runsFirmwareOf } from '../devices/index.ts';

/** Devices of a product that run a version of its firmware. */
export interface VersionCount {
  /** Null for those that run none of it. */
  readonly version: number | null;
  readonly count: number;
}

const MOST_VERSIONS = 1000;

/** How many devices run each version, the most used first. */
export async function countVersions(db: Kysely<Tables>, productId: number): Promise<VersionCount[]> {
  const rows = await db
    .selectFrom('devices')
    .select((row) => [
      row.case().when(runsFirmwareOf(productId)(row)).then(row.ref('firmware_version')).else(null).end().as('version'),
      row.fn.countAll<number | string>().as('devices'),
    ])
    .where('product_id', '=', productId)
    .groupBy('version')
    .orderBy('devices', 'desc')
    .limit(MOST_VERSIONS)
    .execute();
  return rows.map(({ version, devices }) => ({ version, count: Number(devices) }));
}

/** Devices of a product that are for development, and those that last came online in safe mode. */
export async function countMarked(
  db: Kysely<Tables>,
  productId: number,
): Promise<{ readonly development: number; readonly safeMode: number }> {
  const { development, safe } = await db
    .selectFrom('devices')
    .select((row) => [
      row.fn.sum<number | string | null>('development').as('development'),
      row.fn.sum<number | string | null>('safe_mode').as('safe'),
    ])
    .where('product_id', '=', productId)
    .executeTakeFirstOrThrow();
  return { development: Number(development ?? 0), safeMode: Number(safe ?? 0) };
}

/** Devices that only say they belong to the product: those that wait, and those that were denied. */
export async function countQuarantine(
  db: Kysely<Tables>,
  productId: number,
): Promise<{ readonly waiting: number; readonly denied: number }> {
  const rows = await db
    .selectFrom('quarantined_devices')
    .select((row) => ['denied', row.fn.countAll<number | string>().as('devices')])
    .where('product_id', '=', productId)
    .groupBy('denied')
    .execute();
  const of = (denied: number) => Number(rows.find((row) => row.denied === denied)?.devices ?? 0);
  return { waiting: of(0), denied: of(1) };
}

/** The customers of a product, and those of them that own one of its devices that was heard since then, ms UTC. */
export async function countCustomers(
  db: Kysely<Tables>,
  productId: number,
  since: number,
): Promise<{ readonly total: number; readonly active: number }> {
  const { total } = await db
    .selectFrom('customers')
    .select((row) => row.fn.countAll<number | string>().as('total'))
    .where('product_id', '=', productId)
    .executeTakeFirstOrThrow();
  const { active } = await db
    .selectFrom('devices')
    .innerJoin('customers', 'customers.id', 'devices.owner_id')
    .select((row) => row.fn.count<number | string>('customers.id').distinct().as('active'))
    .where('devices.product_id', '=', productId)
    .where('customers.product_id', '=', productId)
    .where('devices.last_heard', '>=', since)
    .executeTakeFirstOrThrow();
  return { total: Number(total), active: Number(active) };
}
