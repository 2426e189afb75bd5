import { type Kysely, sql } from 'kysely';

/**
 * The index that the history of products is read by, and how long accounts and products keep their events. There is none by device: in a fleet of
 * thousands every event would touch a page of its own, which made appends four times as dear.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('events_product_sequence')
    .on('events')
    .columns(['product_id', 'sequence'])
    .where(sql.ref('product_id'), 'is not', null)
    .execute();
  await db.schema
    .createTable('event_retention')
    .addColumn('place_kind', 'text', (column) => column.notNull())
    .addColumn('place_id', 'text', (column) => column.notNull())
    .addColumn('days', 'integer', (column) => column.notNull())
    .addColumn('pruned_to', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('event_retention_key', ['place_kind', 'place_id'])
    .execute();
}
