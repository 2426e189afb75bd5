import type { Kysely } from 'kysely';
import type { Engine } from '../store.ts';
import { binaryType } from './column-types.ts';

/** The cloud's own long-term keys, the private halves sealed. */
export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await db.schema
    .createTable('server_keys')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('algorithm', 'text', (column) => column.notNull().unique())
    .addColumn('public_key', binaryType(engine), (column) => column.notNull())
    .addColumn('sealed_private_key', binaryType(engine), (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
}
