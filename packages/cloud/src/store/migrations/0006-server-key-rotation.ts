import { type Kysely, sql } from 'kysely';
import type { Engine } from '../store.ts';
import { binaryType } from './column-types.ts';

/** Several keys of one algorithm, one after the other, and which of them each device was last seen to hold. */
export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  // SQLite cannot take the UNIQUE from `algorithm`: the table is made anew.
  await db.schema
    .createTable('server_keys_0006')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('algorithm', 'text', (column) => column.notNull())
    .addColumn('generation', 'integer', (column) => column.notNull())
    .addColumn('public_key', binaryType(engine), (column) => column.notNull())
    .addColumn('sealed_private_key', binaryType(engine), (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('retired_at', 'bigint')
    .addUniqueConstraint('server_keys_generation', ['algorithm', 'generation'])
    .execute();
  await sql`insert into server_keys_0006 (id, algorithm, generation, public_key, sealed_private_key, created_at)
    select id, algorithm, 1, public_key, sealed_private_key, created_at from server_keys`.execute(db);
  await db.schema.dropTable('server_keys').execute();
  await db.schema.alterTable('server_keys_0006').renameTo('server_keys').execute();
  await db.schema.alterTable('devices').addColumn('server_key', 'text').execute();
}
