import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely';
import type { Engine } from '../store.ts';
import { binaryType } from './column-types.ts';

/** DTLS sessions that outlive the process, and the log of their states. */
export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const number = engine === 'sqlite' ? sql`integer` : sql`bigint`;
  // Ids are never given out twice: a mark must not meet another session's row.
  const counted = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder =>
    engine === 'sqlite' ? column.primaryKey().autoIncrement() : column.primaryKey().generatedAlwaysAsIdentity();
  await db.schema
    .createTable('device_sessions')
    .addColumn('id', number, counted)
    .addColumn('device_id', 'text', (column) => column.notNull().references('devices.id').onDelete('cascade'))
    .addColumn('public_key', binaryType(engine), (column) => column.notNull())
    .addColumn('sealed_secrets', binaryType(engine), (column) => column.notNull())
    .addColumn('hello', 'text', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('progress', binaryType(engine), (column) => column.notNull())
    .addColumn('gathered', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('device_sessions_device').on('device_sessions').column('device_id').execute();
  await db.schema
    .createTable('session_marks')
    .addColumn('sequence', number, counted)
    .addColumn('marks', binaryType(engine), (column) => column.notNull())
    .execute();
}
