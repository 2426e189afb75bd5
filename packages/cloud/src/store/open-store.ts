import type { ChamberError, Clock, Logger } from '@cloudchamber/kernel';
import type { EventLimits } from './event-appender.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { openPostgresStore } from './postgres/open-postgres-store.ts';
import { openSqliteStore } from './sqlite/open-sqlite-store.ts';
import type { Store } from './store.ts';

export interface StoreOptions {
  /** Folder of the SQLite file; created when it is missing. */
  readonly dataDir: string;
  /** A `postgres://…` address; without one the store is SQLite. */
  readonly databaseUrl?: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** How much may wait for a commit; the default is 100,000 events or 64 MB. */
  readonly eventLimits?: EventLimits;
  /** The store broke for good while in use: the process should end, and its supervisor start it anew. It is logged besides. */
  onFailure?(error: ChamberError): void;
}

/**
 * Opens the store and brings its schema up to date.
 * @throws ChamberError `store.unavailable` when the file or server cannot be used, `store.newer_schema` when a newer program wrote it.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const store =
    options.databaseUrl === undefined
      ? await openSqliteStore(options)
      : await openPostgresStore(options, options.databaseUrl);
  try {
    const applied = await migrate(store.db, store.engine, migrations, options.clock);
    if (applied.length > 0) options.log.info({ engine: store.engine, applied }, 'the schema was brought up to date');
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}
