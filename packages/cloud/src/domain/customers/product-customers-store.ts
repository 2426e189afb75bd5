import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';

/** Which of these ids are customers of the product. At most a few thousand ids. */
export async function findCustomerIdsOf(
  db: Kysely<Tables>,
  productId: number,
  ids: readonly string[],
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom('customers')
    .select('id')
    .where('product_id', '=', productId)
    .where('id', 'in', ids)
    .execute();
  return new Set(rows.map((row) => row.id));
}
