import type { Kysely } from 'kysely';

/** Data operations are read by whose they are and when, and deleted by when. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const index = (name: string) => db.schema.createIndex(name).on('data_operations');
  await index('data_operations_owner').columns(['owner_id', 'hour']).execute();
  await index('data_operations_hour').column('hour').execute();
}
