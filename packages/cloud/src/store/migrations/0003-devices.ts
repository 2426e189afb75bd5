import type { Kysely } from 'kysely';
import type { Engine } from '../store.ts';
import { binaryType } from './column-types.ts';

/** Devices and what they subscribe to. */
export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await db.schema
    .createTable('devices')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('owner_id', 'text')
    .addColumn('product_id', 'integer')
    .addColumn('platform_id', 'integer', (column) => column.notNull())
    .addColumn('firmware_version', 'integer')
    .addColumn('system_version', 'integer')
    .addColumn('public_key', binaryType(engine))
    .addColumn('notes', 'text')
    .addColumn('functions', 'text')
    .addColumn('variables', 'text')
    .addColumn('system_describe', 'text')
    .addColumn('safe_mode', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('updates_enabled', 'integer')
    .addColumn('updates_forced', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('last_heard', 'bigint')
    .addColumn('last_handshake_at', 'bigint')
    .addColumn('last_ip', 'text')
    .addColumn('serial_number', 'text')
    .addColumn('iccid', 'text')
    .addColumn('imei', 'text')
    .addColumn('claimed_at', 'bigint')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('devices_owner').on('devices').columns(['owner_id', 'name']).execute();
  await db.schema
    .createTable('device_subscriptions')
    .addColumn('device_id', 'text', (column) => column.notNull().references('devices.id').onDelete('cascade'))
    .addColumn('prefix', 'text', (column) => column.notNull())
    .addColumn('accepts', 'text', (column) => column.notNull())
    .addColumn('device_filter', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('device_subscriptions_key', ['device_id', 'prefix', 'device_filter'])
    .execute();
}
