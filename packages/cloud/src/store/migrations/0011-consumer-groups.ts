import type { Kysely } from 'kysely';

/** Consumer groups of event streams. Nothing refers to another table: a group says itself whose it is. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('consumer_groups')
    .addColumn('place_kind', 'text', (column) => column.notNull())
    .addColumn('place_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('device_id', 'text', (column) => column.notNull())
    .addColumn('name_prefix', 'text', (column) => column.notNull())
    .addColumn('through', 'bigint', (column) => column.notNull())
    .addColumn('unacknowledged', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('consumer_groups_key', ['place_kind', 'place_id', 'name'])
    .execute();
}
