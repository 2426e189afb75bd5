import type { Kysely } from 'kysely';
import type { DataOperations } from './data-operations.ts';
import type { EventLog } from './event-log.ts';
import type { SessionMarks } from './session-marks.ts';
import type { Tables } from './tables.ts';

export type Engine = 'sqlite' | 'postgres';

/** The durable truth: SQLite in a worker thread by default, PostgreSQL when `DATABASE_URL` is set. */
export interface Store {
  readonly engine: Engine;
  readonly db: Kysely<Tables>;
  /**
   * For reads of a few rows by key, outside of transactions: SQLite answers them in this thread, at once (decision 0005). What may read many rows, or
   * search for them, goes through `db`, where it holds up nobody.
   */
  readonly reads: Kysely<Tables>;
  /**
   * For reads that look at many rows, one bounded statement at a time: connections of their own that change nothing. On SQLite a thread of its own that
   * starts with the first read, so that the one that writes never waits for them.
   */
  readonly history: Kysely<Tables>;
  readonly events: EventLog;
  readonly marks: SessionMarks;
  readonly operations: DataOperations;
  /** Rejects when the store cannot be read now; for `/readyz`. */
  check(): Promise<void>;
  close(): Promise<void>;
}
