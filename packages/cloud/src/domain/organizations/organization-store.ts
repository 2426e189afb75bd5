import type { Kysely, Selectable, Updateable } from 'kysely';
import type { OrganizationRow } from '../../store/tables/tenancy.ts';
import type { Tables } from '../../store/tables.ts';
import type { Organization } from './organization.ts';

const ID = /^[0-9a-f]{24}$/;
const SLUG = /^[a-z0-9-]{1,200}$/;

/** @param selector the id in any case, or the slug */
export async function findOrganization(db: Kysely<Tables>, selector: string): Promise<Organization | undefined> {
  const text = selector.toLowerCase();
  if (!SLUG.test(text)) return undefined;
  const row = await db
    .selectFrom('organizations')
    .selectAll()
    .where(ID.test(text) ? 'id' : 'slug', '=', text)
    .executeTakeFirst();
  return row && organizationOf(row);
}

/** The organizations that an account owns or is an accepted member of, in the order of their names. */
export async function findOrganizationsOf(db: Kysely<Tables>, userId: string): Promise<Organization[]> {
  const rows = await db
    .selectFrom('organizations')
    .selectAll()
    .where((is) =>
      is.or([
        is('owner_id', '=', userId),
        is(
          'id',
          'in',
          is
            .selectFrom('team_members')
            .select('team_id')
            .where('team_kind', '=', 'organization')
            .where('user_id', '=', userId)
            .where('state', '=', 'accepted'),
        ),
      ]),
    )
    .orderBy('name')
    .orderBy('id')
    .execute();
  return rows.map(organizationOf);
}

export async function findOrganizationsOwnedBy(db: Kysely<Tables>, userId: string): Promise<Organization[]> {
  const rows = await db
    .selectFrom('organizations')
    .selectAll()
    .where('owner_id', '=', userId)
    .orderBy('name')
    .execute();
  return rows.map(organizationOf);
}

/** Those of the organizations that there are, by id. At most a few thousand ids. */
export async function findOrganizationsById(
  db: Kysely<Tables>,
  ids: readonly string[],
): Promise<Map<string, Organization>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('organizations').selectAll().where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, organizationOf(row)]));
}

/** @returns the organization, or undefined when its slug is taken. */
export async function insertOrganization(db: Kysely<Tables>, row: OrganizationRow): Promise<Organization | undefined> {
  const inserted = await db
    .insertInto('organizations')
    .values(row)
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .returningAll()
    .executeTakeFirst();
  return inserted && organizationOf(inserted);
}

/** The slugs that begin with `prefix`, which has no wildcard in it. */
export async function findSlugs(db: Kysely<Tables>, prefix: string): Promise<string[]> {
  const rows = await db.selectFrom('organizations').select('slug').where('slug', 'like', `${prefix}%`).execute();
  return rows.map((row) => row.slug);
}

/** @returns the organization as it is then, or undefined when there is none. */
export async function changeOrganization(
  db: Kysely<Tables>,
  id: string,
  changes: Updateable<Pick<OrganizationRow, 'name' | 'updated_at'>>,
): Promise<Organization | undefined> {
  const changed = await db
    .updateTable('organizations')
    .set(changes)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  return changed && organizationOf(changed);
}

export async function hasProducts(db: Kysely<Tables>, id: string): Promise<boolean> {
  const row = await db
    .selectFrom('products')
    .select('id')
    .where('owner_kind', '=', 'organization')
    .where('owner_id', '=', id)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export async function deleteOrganization(db: Kysely<Tables>, id: string): Promise<void> {
  await db.deleteFrom('organizations').where('id', '=', id).execute();
}

function organizationOf(row: Selectable<OrganizationRow>): Organization {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    ownerId: row.owner_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
