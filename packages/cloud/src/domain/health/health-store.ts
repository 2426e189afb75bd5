import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Tables } from '../../store/index.ts';
import { runsFirmwareOf } from '../devices/index.ts';
import type { HealthCount, HealthKind } from './health-figure.ts';

/** Adds to what is counted. Each figure of a device and quarter may be there once; a few hundred at most. */
export async function addCounts(db: Kysely<Tables>, counts: readonly HealthCount[]): Promise<void> {
  if (counts.length === 0) return;
  await db
    .insertInto('health_counts')
    .values(
      counts.map(({ productId, deviceId, kind, outcome, bucket, count }) => ({
        product_id: productId,
        kind,
        device_id: deviceId,
        bucket,
        outcome,
        count,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['product_id', 'kind', 'device_id', 'bucket', 'outcome'])
        .doUpdateSet({ count: sql<number>`health_counts.count + excluded.count` }),
    )
    .execute();
}

/** The product of a device, and since when it is there, ms UTC. */
export interface Membership {
  readonly productId: number;
  readonly since: number;
}

const IDS_PER_STATEMENT = 500;

/** Those of the devices that are in a product. */
export async function findMemberships(
  db: Kysely<Tables>,
  deviceIds: readonly string[],
): Promise<ReadonlyMap<string, Membership>> {
  const memberships = new Map<string, Membership>();
  for (let at = 0; at < deviceIds.length; at += IDS_PER_STATEMENT) {
    const rows = await db
      .selectFrom('devices')
      .select(['id', 'product_id', 'joined_product_at'])
      .where('id', 'in', deviceIds.slice(at, at + IDS_PER_STATEMENT))
      .where('product_id', 'is not', null)
      .execute();
    for (const { id, product_id: productId, joined_product_at: since } of rows) {
      if (productId !== null) memberships.set(id, { productId, since: since ?? 0 });
    }
  }
  return memberships;
}

/** From `start` to before `end`, ms UTC. */
export interface CountRange {
  readonly start: number;
  readonly end: number;
}

export interface QuarterSum {
  readonly bucket: number;
  readonly outcome: string;
  readonly count: number;
}

/** What a product had in the quarters that begin in the range: in all, or of these devices, of which there are a few hundred at most. */
export async function sumCounts(
  db: Kysely<Tables>,
  productId: number,
  kind: HealthKind,
  { start, end }: CountRange,
  deviceIds?: readonly string[],
): Promise<QuarterSum[]> {
  const rows = await db
    .selectFrom('health_counts')
    .select((is) => ['bucket', 'outcome', is.fn.sum<number | string>('count').as('total')])
    .where('product_id', '=', productId)
    .where('kind', '=', kind)
    .where('device_id', 'in', deviceIds ?? [''])
    .where('bucket', '>=', start)
    .where('bucket', '<', end)
    .groupBy(['bucket', 'outcome'])
    .execute();
  return rows.map(({ bucket, outcome, total }) => ({ bucket, outcome, count: Number(total) }));
}

/** Deletes at most `limit` counts of quarters before `before`, ms UTC. @returns how many */
export async function deleteOldCounts(db: Kysely<Tables>, before: number, limit: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('health_counts')
    .where(
      sql<SqlBool>`(product_id, kind, device_id, bucket, outcome) in
        (select product_id, kind, device_id, bucket, outcome from health_counts where bucket < ${before} order by bucket limit ${limit})`,
    )
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/** Begin of the quarter behind which there are `most` counts, ms UTC; undefined when there are no more than that. */
export async function findBucketBehind(db: Kysely<Tables>, most: number): Promise<number | undefined> {
  const row = await db
    .selectFrom('health_counts')
    .select('bucket')
    .orderBy('bucket', 'desc')
    .offset(most)
    .limit(1)
    .executeTakeFirst();
  return row?.bucket;
}

/** Which devices of a product a figure is about. */
export interface FleetFilter {
  /** The version of the product's firmware that they run. */
  readonly firmwareVersion?: number | undefined;
  /** As devices tell it, such as 6201 for 6.2.1. */
  readonly systemVersion?: number | undefined;
  readonly group?: string | undefined;
}

export interface FleetMember {
  readonly id: string;
  /** When it joined, ms UTC. */
  readonly since: number;
}

/** The devices of a product that pass the filter, by id, after that one. */
export async function findFleet(
  db: Kysely<Tables>,
  productId: number,
  { firmwareVersion, systemVersion, group }: FleetFilter,
  after: string,
  limit: number,
): Promise<FleetMember[]> {
  let query = db
    .selectFrom('devices')
    .select(['id', 'joined_product_at'])
    .where('product_id', '=', productId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit);
  if (firmwareVersion !== undefined) {
    query = query.where(runsFirmwareOf(productId)).where('firmware_version', '=', firmwareVersion);
  }
  if (systemVersion !== undefined) query = query.where('system_version', '=', systemVersion);
  if (group !== undefined) {
    query = query.where((row) =>
      row.exists(
        row
          .selectFrom('device_group_members as grouped')
          .select('grouped.device_id')
          .whereRef('grouped.device_id', '=', 'devices.id')
          .where('grouped.product_id', '=', productId)
          .where('grouped.name', '=', group),
      ),
    );
  }
  const rows = await query.execute();
  return rows.map(({ id, joined_product_at: since }) => ({ id, since: since ?? 0 }));
}
