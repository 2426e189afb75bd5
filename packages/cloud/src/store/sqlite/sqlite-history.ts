import { ChamberError } from '@cloudchamber/kernel';
import {
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type Driver,
  type Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { SqliteThreadDialect } from './sqlite-dialect.ts';
import { SqliteThread, type SqliteThreadOptions } from './sqlite-thread.ts';

/**
 * Kysely over a second worker thread with a read-only connection, for reads of many rows. It sees everything that was committed before a statement
 * starts (WAL), and neither waits for the thread that writes nor holds it up. The thread starts with the first read.
 */
export class SqliteHistoryDialect implements Dialect {
  readonly #options: SqliteThreadOptions;

  /** @param options of a file that is in WAL mode already */
  constructor(options: SqliteThreadOptions) {
    this.#options = options;
  }

  createAdapter(): SqliteAdapter {
    return new SqliteAdapter();
  }

  createDriver(): Driver {
    return new SqliteHistoryDriver(this.#options);
  }

  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(db);
  }

  createQueryCompiler(): SqliteQueryCompiler {
    return new SqliteQueryCompiler();
  }
}

class SqliteHistoryDriver implements Driver {
  readonly #options: SqliteThreadOptions;
  #opened: { readonly thread: SqliteThread; readonly driver: Driver } | undefined;

  constructor(options: SqliteThreadOptions) {
    this.#options = options;
  }

  async init(): Promise<void> {
    const thread = await SqliteThread.open({ ...this.#options, readOnly: true });
    this.#opened = { thread, driver: new SqliteThreadDialect(thread).createDriver() };
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#opened === undefined) throw new ChamberError('store.closed', 'internal', 'the store is closed');
    return this.#opened.driver.acquireConnection();
  }

  beginTransaction(): Promise<void> {
    return Promise.reject(new ChamberError('store.read_only', 'caller', 'reads of history have no transactions'));
  }

  async commitTransaction(): Promise<void> {}

  async rollbackTransaction(): Promise<void> {}

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    await this.#opened?.thread.close();
    this.#opened = undefined;
  }
}
