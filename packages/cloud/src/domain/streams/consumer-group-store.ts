import { type DeviceId, parseDeviceId } from '@cloudchamber/kernel';
import type { Kysely, Selectable } from 'kysely';
import type { Tables } from '../../store/index.ts';
import type { StreamFilter, StreamPlace } from '../events/index.ts';
import { type ConsumerGroup, type GroupKey, MOST_GROUPS } from './consumer-group.ts';
import { decodeSequences, encodeSequences } from './sequence-list.ts';

export async function findGroup(db: Kysely<Tables>, { place, name }: GroupKey): Promise<ConsumerGroup | undefined> {
  const row = await inPlace(db, place).where('name', '=', name).executeTakeFirst();
  return row && groupOf(row, place);
}

/** The groups of a place, by name. */
export async function findGroups(db: Kysely<Tables>, place: StreamPlace): Promise<ConsumerGroup[]> {
  const rows = await inPlace(db, place).orderBy('name').execute();
  return rows.map((row) => groupOf(row, place));
}

/** @returns false when the place has as many groups as it may. Does nothing when there is one of that name. */
export async function insertGroup(
  db: Kysely<Tables>,
  { place, name }: GroupKey,
  { filter, through, at }: { readonly filter: StreamFilter; readonly through: number; readonly at: number },
): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    const names = await inPlace(transaction, place).execute();
    if (names.some((row) => row.name === name)) return true;
    if (names.length >= MOST_GROUPS) return false;
    const row = {
      place_kind: place.kind,
      place_id: String(place.id),
      name,
      device_id: filter.deviceId ?? '',
      name_prefix: filter.namePrefix ?? '',
      through,
      unacknowledged: '',
      created_at: at,
      updated_at: at,
    };
    await transaction
      .insertInto('consumer_groups')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return true;
  });
}

/** @returns false when there is no such group any more. */
export async function saveProgress(
  db: Kysely<Tables>,
  { place, name }: GroupKey,
  progress: { readonly through: number; readonly unacknowledged: Iterable<number>; readonly at: number },
): Promise<boolean> {
  const saved = await db
    .updateTable('consumer_groups')
    .set({
      through: progress.through,
      unacknowledged: encodeSequences(progress.unacknowledged),
      updated_at: progress.at,
    })
    .where('place_kind', '=', place.kind)
    .where('place_id', '=', String(place.id))
    .where('name', '=', name)
    .returning('name')
    .executeTakeFirst();
  return saved !== undefined;
}

/** @returns false when there was none. */
export async function deleteGroup(db: Kysely<Tables>, { place, name }: GroupKey): Promise<boolean> {
  const deleted = await db
    .deleteFrom('consumer_groups')
    .where('place_kind', '=', place.kind)
    .where('place_id', '=', String(place.id))
    .where('name', '=', name)
    .returning('name')
    .executeTakeFirst();
  return deleted !== undefined;
}

export async function deleteGroupsOf(db: Kysely<Tables>, place: StreamPlace): Promise<void> {
  await db
    .deleteFrom('consumer_groups')
    .where('place_kind', '=', place.kind)
    .where('place_id', '=', String(place.id))
    .execute();
}

/** Deletes groups whose account, customer, product or organization is gone. */
export async function deleteOrphans(db: Kysely<Tables>): Promise<void> {
  await db
    .deleteFrom('consumer_groups')
    .where((is) =>
      is.or([
        is.and([
          is('place_kind', '=', 'owner'),
          is('place_id', 'not in', is.selectFrom('users').select('users.id')),
          is('place_id', 'not in', is.selectFrom('customers').select('customers.id')),
        ]),
        is.and([
          is('place_kind', '=', 'product'),
          is(
            'place_id',
            'not in',
            is.selectFrom('products').select((product) => product.cast<string>('products.id', 'text').as('id')),
          ),
        ]),
        is.and([
          is('place_kind', '=', 'organization'),
          is('place_id', 'not in', is.selectFrom('organizations').select('organizations.id')),
        ]),
      ]),
    )
    .execute();
}

function inPlace(db: Kysely<Tables>, place: StreamPlace) {
  return db
    .selectFrom('consumer_groups')
    .selectAll()
    .where('place_kind', '=', place.kind)
    .where('place_id', '=', String(place.id));
}

function groupOf(row: Selectable<Tables['consumer_groups']>, place: StreamPlace): ConsumerGroup {
  const deviceId: DeviceId | undefined = row.device_id === '' ? undefined : parseDeviceId(row.device_id);
  return {
    name: row.name,
    filter: { place, namePrefix: row.name_prefix, ...(deviceId !== undefined && { deviceId }) },
    through: row.through,
    unacknowledged: decodeSequences(row.unacknowledged),
    createdAt: row.created_at,
  };
}
