import type { Clock, Logger } from '@cloudchamber/kernel';
import { ChamberError } from '@cloudchamber/kernel';
import type { Store } from './store.ts';

export interface StoreOptions {
  /** Folder of the SQLite file; created when it is missing. */
  readonly dataDir: string;
  /** A `postgres://…` address; without one the store is SQLite. */
  readonly databaseUrl?: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Opens the store and brings its schema up to date. */
export async function openStore(options: StoreOptions): Promise<Store> {
  throw new ChamberError('store.unavailable', 'internal', `no engine for ${options.dataDir}`);
}
