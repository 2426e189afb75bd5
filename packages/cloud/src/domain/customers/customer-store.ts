import type { Kysely } from 'kysely';
import type { CustomerRow } from '../../store/tables/tenancy.ts';
import type { Tables } from '../../store/tables.ts';
import { type Customer, customerFromRow } from './customer.ts';

/** Ids per statement, well under the parameters that SQLite and PostgreSQL take. */
const IDS_PER_STATEMENT = 5000;

/** The customer with this id. */
export async function findCustomer(db: Kysely<Tables>, id: string): Promise<Customer | undefined> {
  const row = await db.selectFrom('customers').selectAll().where('id', '=', id).executeTakeFirst();
  return row && customerFromRow(row);
}

/** The customer of a product by its username, as `customerName` gives it. */
export async function findCustomerByName(
  db: Kysely<Tables>,
  productId: number,
  username: string,
): Promise<Customer | undefined> {
  const row = await db
    .selectFrom('customers')
    .selectAll()
    .where('product_id', '=', productId)
    .where('username', '=', username)
    .executeTakeFirst();
  return row && customerFromRow(row);
}

/** The argon2id hash of a customer's password; null for a customer without one. */
export async function findCustomerPassword(db: Kysely<Tables>, id: string): Promise<string | null> {
  const row = await db.selectFrom('customers').select('password_hash').where('id', '=', id).executeTakeFirst();
  return row?.password_hash ?? null;
}

/** The customer of a product that an account logs in as. */
export async function findLinkedCustomer(
  db: Kysely<Tables>,
  productId: number,
  userId: string,
): Promise<Customer | undefined> {
  const row = await db
    .selectFrom('customers')
    .selectAll()
    .where('user_id', '=', userId)
    .where('product_id', '=', productId)
    .orderBy('created_at')
    .orderBy('id')
    .executeTakeFirst();
  return row && customerFromRow(row);
}

/** Usernames of those of `ids` that are customers. */
export async function findCustomerNames(db: Kysely<Tables>, ids: readonly string[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (let at = 0; at < ids.length; at += IDS_PER_STATEMENT) {
    const rows = await db
      .selectFrom('customers')
      .select(['id', 'username'])
      .where('id', 'in', ids.slice(at, at + IDS_PER_STATEMENT))
      .execute();
    for (const row of rows) names.set(row.id, row.username);
  }
  return names;
}

/** One page of a product's customers by username, and how many there are. */
export async function findCustomerPage(
  db: Kysely<Tables>,
  productId: number,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ readonly customers: readonly Customer[]; readonly total: number }> {
  const { count } = await db
    .selectFrom('customers')
    .select((is) => is.fn.countAll().as('count'))
    .where('product_id', '=', productId)
    .executeTakeFirstOrThrow();
  const rows = await db
    .selectFrom('customers')
    .selectAll()
    .where('product_id', '=', productId)
    .orderBy('username')
    .limit(page.limit)
    .offset(page.offset)
    .execute();
  return { customers: rows.map(customerFromRow), total: Number(count) };
}

/** @returns false when the product has a customer of that username. */
export async function insertCustomer(db: Kysely<Tables>, row: CustomerRow): Promise<boolean> {
  const inserted = await db
    .insertInto('customers')
    .values(row)
    .onConflict((conflict) => conflict.columns(['product_id', 'username']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** @returns false when there is no such customer any more. */
export async function changeCustomerPassword(db: Kysely<Tables>, id: string, passwordHash: string): Promise<boolean> {
  const changed = await db
    .updateTable('customers')
    .set({ password_hash: passwordHash })
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return changed !== undefined;
}

/** Deletes a customer of a product. @returns its id, or undefined when there is none. */
export async function deleteCustomerRow(
  db: Kysely<Tables>,
  productId: number,
  username: string,
): Promise<string | undefined> {
  const deleted = await db
    .deleteFrom('customers')
    .where('product_id', '=', productId)
    .where('username', '=', username)
    .returning('id')
    .executeTakeFirst();
  return deleted?.id;
}

/** Deletes all customers of a product. @returns their ids. */
export async function deleteCustomersOf(db: Kysely<Tables>, productId: number): Promise<string[]> {
  const deleted = await db.deleteFrom('customers').where('product_id', '=', productId).returning('id').execute();
  return deleted.map((row) => row.id);
}

/** The customers that an account logs in as, in any product. @returns their ids. */
export async function findCustomersOfAccount(db: Kysely<Tables>, userId: string): Promise<string[]> {
  const rows = await db.selectFrom('customers').select('id').where('user_id', '=', userId).execute();
  return rows.map((row) => row.id);
}
