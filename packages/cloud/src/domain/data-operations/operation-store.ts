import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Tables } from '../../store/index.ts';
import type { TimeRange } from './operation-periods.ts';

/** Whose data operations. */
export type OperationPlace =
  | { readonly of: 'user'; readonly userId: string }
  | { readonly of: 'product'; readonly productId: number }
  | { readonly of: 'organization'; readonly organizationId: string };

export type OperationGroup = 'kind' | 'device' | 'product';

const KEYS = { kind: 'kind', device: 'device_id', product: 'product_id' } as const;

/** Adds up the operations of a place by what `group` names. Keys are as the table has them, as text. */
export async function sumOperations(
  db: Kysely<Tables>,
  place: OperationPlace,
  group: OperationGroup,
  range: TimeRange,
): Promise<Map<string, number>> {
  const key = KEYS[group];
  const query = db
    .selectFrom('data_operations')
    .select((is) => [key, is.fn.sum<number | string>('count').as('total')])
    .where('hour', '>=', range.start)
    .where('hour', '<', range.end)
    .groupBy(key);
  const productsOf = (kind: 'user' | 'organization', id: string) =>
    query.where('product_id', 'in', (is) =>
      is.selectFrom('products').select('products.id').where('owner_kind', '=', kind).where('owner_id', '=', id),
    );
  const sums = new Map<string, number>();
  for (const each of queriesOf()) {
    for (const row of await each.execute()) {
      const name = String(row[key]);
      sums.set(name, (sums.get(name) ?? 0) + Number(row.total));
    }
  }
  return sums;

  /** Two for an account: one statement with `or` would find no index. */
  function queriesOf() {
    switch (place.of) {
      case 'product':
        return [query.where('product_id', '=', place.productId)];
      case 'organization':
        return [productsOf('organization', place.organizationId)];
      case 'user':
        return [
          // The sign keeps SQLite from the indexes that begin with or go on with the product: they are no help with the hour.
          query.where('data_operations.owner_id', '=', place.userId).where(sql<SqlBool>`+product_id = 0`),
          productsOf('user', place.userId),
        ];
    }
  }
}

/** Deletes at most `limit` counts of hours before `before`. @returns how many */
export async function deleteOldOperations(db: Kysely<Tables>, before: number, limit: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('data_operations')
    .where(
      sql<SqlBool>`(owner_id, product_id, device_id, hour, kind) in
        (select owner_id, product_id, device_id, hour, kind from data_operations where hour < ${before} order by hour limit ${limit})`,
    )
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
