import { type Kysely, sql } from 'kysely';
import type { Engine } from '../store.ts';
import { binaryType } from './column-types.ts';

/**
 * Integrations, what is owed to them, and data operations. Deliveries and operations are written with the event that causes them, so nothing
 * there refers to another table: an integration that is deleted meanwhile must not refuse an event.
 */
export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await createIntegrations(db, engine);
  await createDeliveries(db, engine);
  await db.schema
    .createTable('data_operations')
    .addColumn('hour', 'bigint', (column) => column.notNull())
    .addColumn('owner_id', 'text', (column) => column.notNull())
    .addColumn('product_id', 'integer', (column) => column.notNull())
    .addColumn('device_id', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('count', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('data_operations_key', ['owner_id', 'product_id', 'device_id', 'hour', 'kind'])
    .modifyEnd(engine === 'sqlite' ? sql`without rowid` : sql``)
    .execute();
  await db.schema
    .createIndex('data_operations_product')
    .on('data_operations')
    .columns(['product_id', 'hour'])
    .execute();
}

async function createIntegrations(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await db.schema
    .createTable('integrations')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('owner_kind', 'text', (column) => column.notNull())
    .addColumn('owner_id', 'text', (column) => column.notNull())
    .addColumn('integration_type', 'text', (column) => column.notNull())
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('device_id', 'text')
    .addColumn('settings', 'text', (column) => column.notNull())
    .addColumn('secrets', binaryType(engine), (column) => column.notNull())
    .addColumn('mode', 'text', (column) => column.notNull())
    .addColumn('disabled', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('integrations_owner')
    .on('integrations')
    .columns(['owner_kind', 'owner_id', 'created_at'])
    .execute();
  await db.schema
    .createTable('integration_counters')
    .addColumn('integration_id', 'text', (column) => column.notNull().references('integrations.id').onDelete('cascade'))
    .addColumn('day', 'bigint', (column) => column.notNull())
    .addColumn('success', 'integer', (column) => column.notNull())
    .addColumn('error', 'integer', (column) => column.notNull())
    .addColumn('sleep', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('integration_counters_key', ['integration_id', 'day'])
    .execute();
  await db.schema
    .createTable('integration_logs')
    .addColumn('sequence', engine === 'sqlite' ? sql`integer` : sql`bigint`, (column) =>
      engine === 'sqlite' ? column.primaryKey().autoIncrement() : column.primaryKey().generatedAlwaysAsIdentity(),
    )
    .addColumn('integration_id', 'text', (column) => column.notNull().references('integrations.id').onDelete('cascade'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('request', 'text', (column) => column.notNull())
    .addColumn('response', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('integration_logs_integration')
    .on('integration_logs')
    .columns(['integration_id', 'kind', 'sequence'])
    .execute();
}

async function createDeliveries(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await db.schema
    .createTable('deliveries')
    .addColumn('id', engine === 'sqlite' ? sql`integer` : sql`bigint`, (column) =>
      engine === 'sqlite' ? column.primaryKey().autoIncrement() : column.primaryKey().generatedAlwaysAsIdentity(),
    )
    .addColumn('integration_id', 'text', (column) => column.notNull())
    .addColumn('event_sequence', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('due_at', 'bigint')
    .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('last_error', 'text')
    .execute();
  await db.schema.createIndex('deliveries_due').on('deliveries').columns(['integration_id', 'due_at', 'id']).execute();
  await db.schema.createIndex('deliveries_event').on('deliveries').column('event_sequence').execute();
}
