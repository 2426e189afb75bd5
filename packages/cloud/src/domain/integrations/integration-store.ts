import type { Kysely, Selectable } from 'kysely';
import type { IntegrationRow } from '../../store/tables/integrations.ts';
import type { Tables } from '../../store/tables.ts';
import type { Integration, IntegrationOwner } from './integration.ts';

export type StoredIntegration = Selectable<IntegrationRow>;

const ROWS_PER_QUERY = 5000;

const ID = /^[0-9a-f]{24}$/;

/** The integrations of one owner, oldest first. */
export function findIntegrationRows(db: Kysely<Tables>, owner: IntegrationOwner): Promise<StoredIntegration[]> {
  return ofOwner(db, owner).orderBy('created_at').orderBy('id').execute();
}

/** @returns undefined for the integration of somebody else, too. */
export async function findIntegrationRow(
  db: Kysely<Tables>,
  owner: IntegrationOwner,
  id: string,
): Promise<StoredIntegration | undefined> {
  return ID.test(id) ? ofOwner(db, owner).where('id', '=', id).executeTakeFirst() : undefined;
}

/** For what is delivered: whoever owns it. */
export function findAnyIntegrationRow(db: Kysely<Tables>, id: string): Promise<StoredIntegration | undefined> {
  return db.selectFrom('integrations').selectAll().where('id', '=', id).executeTakeFirst();
}

/** All enabled integrations of the cloud, in parts of at most 5,000. */
export async function* enabledIntegrations(db: Kysely<Tables>): AsyncGenerator<readonly StoredIntegration[]> {
  let after = '';
  for (;;) {
    const rows = await db
      .selectFrom('integrations')
      .selectAll()
      .where('disabled', '=', 0)
      .where('id', '>', after)
      .orderBy('id')
      .limit(ROWS_PER_QUERY)
      .execute();
    yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_PER_QUERY) return;
    after = last.id;
  }
}

export async function countIntegrations(db: Kysely<Tables>, owner: IntegrationOwner): Promise<number> {
  const { count } = await db
    .selectFrom('integrations')
    .select((is) => is.fn.countAll().as('count'))
    .where('owner_kind', '=', owner.kind)
    .where('owner_id', '=', owner.id)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function insertIntegration(db: Kysely<Tables>, row: IntegrationRow): Promise<void> {
  await db.insertInto('integrations').values(row).execute();
}

/** @returns false when this owner has no such integration. */
export async function replaceIntegration(
  db: Kysely<Tables>,
  owner: IntegrationOwner,
  { id, created_at: _, ...changes }: IntegrationRow,
): Promise<boolean> {
  const changed = await db
    .updateTable('integrations')
    .set(changes)
    .where('id', '=', id)
    .where('owner_kind', '=', owner.kind)
    .where('owner_id', '=', owner.id)
    .returning('id')
    .executeTakeFirst();
  return changed !== undefined;
}

/** With its counters and logs. @returns false when this owner has no such integration. */
export async function deleteIntegrationRow(db: Kysely<Tables>, owner: IntegrationOwner, id: string): Promise<boolean> {
  if (!ID.test(id)) return false;
  const deleted = await db
    .deleteFrom('integrations')
    .where('id', '=', id)
    .where('owner_kind', '=', owner.kind)
    .where('owner_id', '=', owner.id)
    .returning('id')
    .executeTakeFirst();
  return deleted !== undefined;
}

/** Deletes all integrations of an owner that ends. */
export async function deleteIntegrationsOf(db: Kysely<Tables>, owner: IntegrationOwner): Promise<void> {
  await db.deleteFrom('integrations').where('owner_kind', '=', owner.kind).where('owner_id', '=', owner.id).execute();
}

/** The products of organizations: number and organization. */
export async function findProductsOfOrganizations(db: Kysely<Tables>): Promise<ReadonlyMap<number, string>> {
  const rows = await db
    .selectFrom('products')
    .select(['id', 'owner_id'])
    .where('owner_kind', '=', 'organization')
    .execute();
  return new Map(rows.map((row) => [row.id, row.owner_id]));
}

export function integrationOf(row: StoredIntegration): Integration {
  return {
    id: row.id,
    owner: { kind: row.owner_kind, id: row.owner_id },
    type: row.integration_type,
    event: row.event,
    name: row.name,
    disabled: row.disabled === 1,
    settings: JSON.parse(row.settings) as Readonly<Record<string, unknown>>,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function ofOwner(db: Kysely<Tables>, owner: IntegrationOwner) {
  return db
    .selectFrom('integrations')
    .selectAll()
    .where('owner_kind', '=', owner.kind)
    .where('owner_id', '=', owner.id);
}
