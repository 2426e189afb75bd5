import { type Kysely, sql } from 'kysely';
import type { Engine } from '../store.ts';
import { binaryType } from './column-types.ts';

/** How devices tried to connect. Read by device, by address, and newest first; ids are given out by the process, in the order of time. */
export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await db.schema
    .createTable('connection_attempts')
    .addColumn('id', 'bigint', (column) => column.primaryKey())
    .addColumn('device_id', 'text')
    .addColumn('transport', 'text', (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('port', 'bigint', (column) => column.notNull())
    .addColumn('stage', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('key_fingerprint', 'text')
    .addColumn('public_key', binaryType(engine))
    .addColumn('count', 'bigint', (column) => column.notNull())
    .addColumn('first_at', 'bigint', (column) => column.notNull())
    .addColumn('last_at', 'bigint', (column) => column.notNull())
    .execute();
  const index = (name: string) => db.schema.createIndex(name).on('connection_attempts');
  await index('connection_attempts_device').columns(['device_id', 'id']).execute();
  await index('connection_attempts_address').columns(['address', 'id']).execute();
  // Whom nobody here knows: few are kept of these.
  await index('connection_attempts_stranger')
    .column('id')
    .where(sql<boolean>`outcome = 'failed' or reason = 'unknown_device'`)
    .execute();
}
