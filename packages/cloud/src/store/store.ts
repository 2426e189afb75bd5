import type { Kysely } from 'kysely';
import type { EventLog } from './event-log.ts';
import type { SessionMarks } from './session-marks.ts';
import type { Tables } from './tables.ts';

export type Engine = 'sqlite' | 'postgres';

/** The durable truth: SQLite in a worker thread by default, PostgreSQL when `DATABASE_URL` is set. */
export interface Store {
  readonly engine: Engine;
  readonly db: Kysely<Tables>;
  readonly events: EventLog;
  readonly marks: SessionMarks;
  /** Rejects when the store cannot be read now; for `/readyz`. */
  check(): Promise<void>;
  close(): Promise<void>;
}
