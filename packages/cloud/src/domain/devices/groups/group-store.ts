import type { Kysely, Selectable, Updateable } from 'kysely';
import { sql } from 'kysely';
import { contains } from '../../../store/contains.ts';
import type { DeviceGroupRow } from '../../../store/tables/devices.ts';
import type { Tables } from '../../../store/tables.ts';
import { DEFAULT_COLOR, type Group, type GroupWithCount } from './group.ts';

type GroupKey = Pick<DeviceGroupRow, 'product_id' | 'name'>;

/** By name. @param part only those whose name contains it, in any case */
export async function findGroups(db: Kysely<Tables>, productId: number, part?: string): Promise<GroupWithCount[]> {
  const all = withCounts(db).where('device_groups.product_id', '=', productId);
  const query = part === undefined ? all : all.where(contains(sql.ref('device_groups.name'), part));
  const rows = await query.orderBy('device_groups.name').execute();
  return rows.map(groupOf);
}

export async function findGroup(db: Kysely<Tables>, key: GroupKey): Promise<GroupWithCount | undefined> {
  const row = await withCounts(db)
    .where('device_groups.product_id', '=', key.product_id)
    .where('device_groups.name', '=', key.name)
    .executeTakeFirst();
  return row && groupOf(row);
}

export async function countGroups(db: Kysely<Tables>, productId: number): Promise<number> {
  const { groups } = await db
    .selectFrom('device_groups')
    .select((row) => row.fn.countAll<number>().as('groups'))
    .where('product_id', '=', productId)
    .executeTakeFirstOrThrow();
  return Number(groups);
}

/** @returns false when there is one of that name. */
export async function insertGroup(db: Kysely<Tables>, row: DeviceGroupRow): Promise<boolean> {
  const inserted = await db
    .insertInto('device_groups')
    .values(row)
    .onConflict((conflict) => conflict.columns(['product_id', 'name']).doNothing())
    .returning('name')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** Makes those of the groups that are not there yet. At most 500 names. */
export async function ensureGroups(
  db: Kysely<Tables>,
  productId: number,
  names: readonly string[],
  at: number,
): Promise<void> {
  if (names.length === 0) return;
  const fresh = { product_id: productId, description: '', color: DEFAULT_COLOR, created_at: at };
  await db
    .insertInto('device_groups')
    .values(names.map((name) => ({ ...fresh, name })))
    .onConflict((conflict) => conflict.columns(['product_id', 'name']).doNothing())
    .execute();
}

/** A new name moves the members. @returns false when there is no such group. Rejects with a unique violation when the new name is taken. */
export async function changeGroup(
  db: Kysely<Tables>,
  key: GroupKey,
  changes: Updateable<Pick<DeviceGroupRow, 'name' | 'description' | 'color'>>,
): Promise<boolean> {
  const changed = await db
    .updateTable('device_groups')
    .set(changes)
    .where('product_id', '=', key.product_id)
    .where('name', '=', key.name)
    .returning('name')
    .executeTakeFirst();
  return changed !== undefined;
}

/** Its devices lose the group. @returns false when there is no such group. */
export async function removeGroup(db: Kysely<Tables>, key: GroupKey): Promise<boolean> {
  const removed = await db
    .deleteFrom('device_groups')
    .where('product_id', '=', key.product_id)
    .where('name', '=', key.name)
    .returning('name')
    .executeTakeFirst();
  return removed !== undefined;
}

/** Deletes all groups of a product that ends. */
export async function removeGroupsOf(db: Kysely<Tables>, productId: number): Promise<void> {
  await db.deleteFrom('device_groups').where('product_id', '=', productId).execute();
}

/** The groups of each device in a product, in order. At most a few thousand devices. */
export async function findGroupsOfDevices(
  db: Kysely<Tables>,
  productId: number,
  deviceIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const groups = new Map<string, string[]>(deviceIds.map((id) => [id, []]));
  if (deviceIds.length === 0) return groups;
  // By device alone: with the product in the condition SQLite walks all members of all its groups.
  const rows = await db
    .selectFrom('device_group_members')
    .select(['product_id', 'device_id', 'name'])
    .where('device_id', 'in', deviceIds)
    .orderBy('name')
    .execute();
  for (const row of rows) if (row.product_id === productId) groups.get(row.device_id)?.push(row.name);
  return groups;
}

/**
 * Puts those of the devices that are in the product into the group, which is there. At most a few thousand devices.
 * @returns those that were not in it.
 */
export async function addToGroup(db: Kysely<Tables>, key: GroupKey, deviceIds: readonly string[]): Promise<string[]> {
  const added = await db
    .insertInto('device_group_members')
    .columns(['product_id', 'name', 'device_id'])
    .expression((from) =>
      from
        .selectFrom('devices')
        .select([
          sql<number>`cast(${key.product_id} as integer)`.as('product_id'),
          sql<string>`cast(${key.name} as text)`.as('name'),
          'id',
        ])
        .where('product_id', '=', key.product_id)
        .where('id', 'in', deviceIds),
    )
    .onConflict((conflict) => conflict.columns(['product_id', 'name', 'device_id']).doNothing())
    .returning('device_id')
    .execute();
  return added.map((row) => row.device_id);
}

/**
 * Takes devices out of groups: out of the named ones, out of all without names. At most a few thousand devices.
 * @returns those that were in one of them.
 */
export async function removeFromGroups(
  db: Kysely<Tables>,
  productId: number,
  deviceIds: readonly string[],
  names?: readonly string[],
): Promise<string[]> {
  if (names?.length === 0) return [];
  const all = db
    .deleteFrom('device_group_members')
    .where('product_id', '=', productId)
    .where('device_id', 'in', deviceIds);
  const removed = await (names === undefined ? all : all.where('name', 'in', names)).returning('device_id').execute();
  return [...new Set(removed.map((row) => row.device_id))];
}

function withCounts(db: Kysely<Tables>) {
  return db
    .selectFrom('device_groups')
    .selectAll()
    .select((row) =>
      row
        .selectFrom('device_group_members as members')
        .select((member) => member.fn.countAll<number>().as('count'))
        .whereRef('members.product_id', '=', 'device_groups.product_id')
        .whereRef('members.name', '=', 'device_groups.name')
        .as('device_count'),
    );
}

function groupOf(row: Selectable<DeviceGroupRow> & { readonly device_count: number | null }): GroupWithCount {
  const { name, description, color }: Group = row;
  return { name, description, color, deviceCount: Number(row.device_count) };
}
