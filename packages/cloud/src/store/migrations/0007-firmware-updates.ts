import type { Kysely } from 'kysely';
import type { Engine } from '../store.ts';
import { binaryType } from './column-types.ts';

/** Firmware updates of devices: those under way go on after a restart of the server. */
export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await db.schema
    .createTable('firmware_updates')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('device_id', 'text', (column) => column.notNull())
    .addColumn('requested_by', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('images', binaryType(engine))
    .addColumn('images_done', 'integer', (column) => column.notNull())
    .addColumn('application_hash', 'text')
    .addColumn('ended_at', 'bigint')
    .addColumn('outcome', 'text')
    .addColumn('message', 'text')
    .execute();
  await db.schema
    .createIndex('firmware_updates_device')
    .on('firmware_updates')
    .columns(['device_id', 'created_at'])
    .execute();
}
