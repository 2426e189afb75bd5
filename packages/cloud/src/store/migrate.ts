import type { Clock } from '@cloudchamber/kernel';
import { ChamberError } from '@cloudchamber/kernel';
import { type Kysely, sql } from 'kysely';
import type { Migration } from './migrations/migration.ts';
import type { Engine } from './store.ts';
import type { Tables } from './tables.ts';

interface MigrationTables {
  migrations: { name: string; applied_at: number };
}

/** Any number will do, as long as every Cloud Chamber uses the same: "chamb" in ASCII. */
const ADVISORY_LOCK = 0x6368616d62;

/**
 * Brings the schema forward, each migration in a transaction of its own. Two processes may start at once: the second waits for the first.
 * @returns the names that were applied now.
 * @throws ChamberError `store.newer_schema` when the database has a migration that this program does not know.
 */
export async function migrate(
  db: Kysely<Tables>,
  engine: Engine,
  migrations: readonly Migration[],
  clock: Clock,
): Promise<string[]> {
  const own = db as unknown as Kysely<MigrationTables>;
  const applied: string[] = [];
  for (let next = await step(own, engine, migrations, clock); next !== undefined; ) {
    applied.push(next);
    next = await step(own, engine, migrations, clock);
  }
  return applied;
}

/** Applies the first missing migration; undefined when none is missing. */
function step(
  db: Kysely<MigrationTables>,
  engine: Engine,
  migrations: readonly Migration[],
  clock: Clock,
): Promise<string | undefined> {
  return db.transaction().execute(async (transaction) => {
    if (engine === 'postgres') await sql`select pg_advisory_xact_lock(${ADVISORY_LOCK}::bigint)`.execute(transaction);
    await transaction.schema
      .createTable('migrations')
      .ifNotExists()
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('applied_at', 'bigint', (column) => column.notNull())
      .execute();
    const rows = await transaction.selectFrom('migrations').select('name').execute();
    const done = new Set(rows.map((row) => row.name));
    refuseNewer(done, migrations);
    const missing = migrations.find((migration) => !done.has(migration.name));
    if (missing === undefined) return undefined;
    await missing.up(transaction as unknown as Kysely<unknown>, engine);
    await transaction.insertInto('migrations').values({ name: missing.name, applied_at: clock.now() }).execute();
    return missing.name;
  });
}

function refuseNewer(done: ReadonlySet<string>, migrations: readonly Migration[]): void {
  const known = new Set(migrations.map((migration) => migration.name));
  const unknown = [...done].filter((name) => !known.has(name)).sort();
  if (unknown.length === 0) return;
  throw new ChamberError(
    'store.newer_schema',
    'caller',
    `the database was written by a newer Cloud Chamber (it has ${unknown.join(', ')}); start that version, or restore a backup`,
  );
}
