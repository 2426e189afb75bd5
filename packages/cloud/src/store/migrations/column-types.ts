import { type RawBuilder, sql } from 'kysely';
import type { Engine } from '../store.ts';

/** The column type of binary values: BLOB, or bytea on PostgreSQL. */
export function binaryType(engine: Engine): RawBuilder<unknown> {
  return engine === 'sqlite' ? sql`blob` : sql`bytea`;
}
