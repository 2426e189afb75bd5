import type { Insertable, Kysely, Selectable, Updateable } from 'kysely';
import type { ProductRow } from '../../store/tables/tenancy.ts';
import type { Tables } from '../../store/tables.ts';
import type { Product, ProductOwner, ProductSettings } from './product.ts';

const NUMBER = /^\d{1,9}$/;
/** Well under the 32,766 parameters of SQLite. */
const IDS_PER_QUERY = 5000;

const SLUG = /^[a-z0-9-]{1,200}$/;

/** @param selector the number or the slug (PRD-06) */
export async function findProduct(db: Kysely<Tables>, selector: string | number): Promise<Product | undefined> {
  const text = String(selector).toLowerCase();
  if (!SLUG.test(text)) return undefined;
  const query = db.selectFrom('products').selectAll();
  const row = await (NUMBER.test(text)
    ? query.where('id', '=', Number(text))
    : query.where('slug', '=', text)
  ).executeTakeFirst();
  return row && productOf(row);
}

/** The products of one owner, oldest first. */
export async function findProductsOwnedBy(db: Kysely<Tables>, owner: ProductOwner): Promise<Product[]> {
  const rows = await db
    .selectFrom('products')
    .selectAll()
    .where('owner_kind', '=', owner.kind)
    .where('owner_id', '=', owner.id)
    .orderBy('id')
    .execute();
  return rows.map(productOf);
}

/**
 * The products that an account has a role in, oldest first.
 * @param reach `own`: owned by it, or member of the product's own team (LST-02); `all`: those of its organizations too.
 */
export async function findProductsOf(db: Kysely<Tables>, userId: string, reach: 'own' | 'all'): Promise<Product[]> {
  const rows = await db
    .selectFrom('products')
    .selectAll()
    .where((is) => {
      const memberOf = (kind: 'product' | 'organization') =>
        is
          .selectFrom('team_members')
          .select('team_id')
          .where('team_kind', '=', kind)
          .where('user_id', '=', userId)
          .where('state', '=', 'accepted');
      const own = is.or([
        is.and([is('owner_kind', '=', 'user'), is('owner_id', '=', userId)]),
        is(is.cast('products.id', 'text'), 'in', memberOf('product')),
      ]);
      if (reach === 'own') return own;
      const owned = is
        .selectFrom('organizations')
        .select('organizations.id')
        .where('organizations.owner_id', '=', userId);
      const byOrganization = is.or([is('owner_id', 'in', memberOf('organization')), is('owner_id', 'in', owned)]);
      return is.or([own, is.and([is('owner_kind', '=', 'organization'), byOrganization])]);
    })
    .orderBy('id')
    .execute();
  return rows.map(productOf);
}

/** @returns the product, or undefined when its name or its slug is taken. */
export async function insertProduct(
  db: Kysely<Tables>,
  row: Omit<Insertable<ProductRow>, 'id'>,
): Promise<Product | undefined> {
  const inserted = await db
    .insertInto('products')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  return inserted && productOf(inserted);
}

export async function isNameTaken(db: Kysely<Tables>, nameKey: string): Promise<boolean> {
  const row = await db.selectFrom('products').select('id').where('name_key', '=', nameKey).executeTakeFirst();
  return row !== undefined;
}

/** The slugs that begin with `prefix`, which has no wildcard in it. */
export async function findSlugs(db: Kysely<Tables>, prefix: string): Promise<string[]> {
  const rows = await db.selectFrom('products').select('slug').where('slug', 'like', `${prefix}%`).execute();
  return rows.map((row) => row.slug);
}

/** Changes the product when it still has that owner. @returns it as it is then, or undefined when there is none. */
export async function changeProduct(
  db: Kysely<Tables>,
  product: Pick<Product, 'id' | 'owner'>,
  changes: Updateable<Omit<ProductRow, 'id' | 'created_at'>>,
): Promise<Product | undefined> {
  const changed = await db
    .updateTable('products')
    .set(changes)
    .where('id', '=', product.id)
    .where('owner_kind', '=', product.owner.kind)
    .where('owner_id', '=', product.owner.id)
    .returningAll()
    .executeTakeFirst();
  return changed && productOf(changed);
}

/** @returns false when it was gone already. */
export async function deleteProduct(db: Kysely<Tables>, id: number): Promise<boolean> {
  const deleted = await db.deleteFrom('products').where('id', '=', id).returning('id').executeTakeFirst();
  return deleted !== undefined;
}

/** Takes an account out of the product's team. */
export async function deleteMember(db: Kysely<Tables>, productId: number, userId: string): Promise<void> {
  await db
    .deleteFrom('team_members')
    .where('team_kind', '=', 'product')
    .where('team_id', '=', String(productId))
    .where('user_id', '=', userId)
    .execute();
}

/** The names of the groups of each product, in their order. */
export async function findGroupNames(db: Kysely<Tables>, ids: readonly number[]): Promise<Map<number, string[]>> {
  const names = new Map<number, string[]>();
  for (let at = 0; at < ids.length; at += IDS_PER_QUERY) {
    const rows = await db
      .selectFrom('device_groups')
      .select(['product_id', 'name'])
      .where('product_id', 'in', ids.slice(at, at + IDS_PER_QUERY))
      .orderBy('name')
      .execute();
    for (const { product_id, name } of rows) names.set(product_id, [...(names.get(product_id) ?? []), name]);
  }
  return names;
}

/** Deletes the OAuth clients of a product and what they were about to give out. */
export async function deleteClientsOf(db: Kysely<Tables>, productId: number): Promise<void> {
  const clients = await db.deleteFrom('oauth_clients').where('product_id', '=', productId).returning('id').execute();
  for (const { id } of clients) {
    await db.deleteFrom('authorization_codes').where('client_id', '=', id).execute();
    await db.deleteFrom('refresh_tokens').where('client_id', '=', id).execute();
  }
}

function productOf(row: Selectable<ProductRow>): Product {
  return {
    id: row.id,
    name: row.name,
    slug: row.slug,
    description: row.description,
    platformId: row.platform_id,
    owner: { kind: row.owner_kind, id: row.owner_id },
    settings: JSON.parse(row.settings) as ProductSettings,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
