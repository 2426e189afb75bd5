import { type Kysely, sql } from 'kysely';
import type { Engine } from '../store.ts';
import { binaryType } from './column-types.ts';

/** The event log: append-only, one index, so that an append stays cheap (design section 3). */
export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const sequence = engine === 'sqlite' ? sql`integer` : sql`bigint`;
  await db.schema
    .createTable('events')
    .addColumn('sequence', sequence, (column) =>
      engine === 'sqlite' ? column.primaryKey().autoIncrement() : column.primaryKey().generatedAlwaysAsIdentity(),
    )
    .addColumn('owner_id', 'text')
    .addColumn('product_id', 'integer')
    .addColumn('device_id', 'text')
    .addColumn('publisher', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('data', binaryType(engine))
    .addColumn('content_format', 'integer', (column) => column.notNull())
    .addColumn('ttl', 'integer', (column) => column.notNull())
    .addColumn('published_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('events_owner_sequence').on('events').columns(['owner_id', 'sequence']).execute();
}
