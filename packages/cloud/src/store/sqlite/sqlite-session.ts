import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type OperationCount, OperationSums } from '../data-operations.ts';
import { visitEvents } from './encoded-events.ts';
import {
  type AppendJob,
  type AppendResult,
  BEGIN,
  type FailedJob,
  type Job,
  type JobResult,
  type QueryJob,
  type QueryResult,
  type RequestMode,
} from './sqlite-messages.ts';

const APPEND = `insert into events
  (owner_id, product_id, device_id, publisher, name, data, content_format, ttl, published_at)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const MARK = 'insert into session_marks (marks) values (?)';

const DELIVERY = 'insert into deliveries (integration_id, event_sequence, created_at, due_at) values (?, ?, ?, ?)';

const OPERATIONS = `insert into data_operations (hour, owner_id, product_id, device_id, kind, count) values (?, ?, ?, ?, ?, ?)
  on conflict (owner_id, product_id, device_id, hour, kind) do update set count = data_operations.count + excluded.count`;

const STATEMENTS_KEPT = 500;
const SQLITE_BUSY = 5;
const SWITCH_TRIES = 250;
const SWITCH_PAUSE_MS = 20;

interface PreparedStatement {
  readonly statement: StatementSync;
  readonly columns: readonly string[];
}

/** The worker's side: the one connection, its prepared statements, and jobs run on them. */
export class SqliteSession {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, PreparedStatement>();

  /**
   * @param readOnly for a file that is in WAL mode already
   * @throws Error when the file cannot be opened, or is not a database.
   */
  constructor(path: string, readOnly = false) {
    this.#db = new DatabaseSync(path, { readOnly });
    if (readOnly) {
      this.#db.exec('pragma busy_timeout = 5000; pragma cache_size = -32768; pragma temp_store = memory');
      return;
    }
    // FULL: with NORMAL a power cut takes acknowledged events along. WAL: one sync per commit, readers do not wait.
    this.#db.exec('pragma busy_timeout = 5000');
    switchToWal(this.#db);
    this.#db.exec('pragma synchronous = full');
    this.#db.exec('pragma foreign_keys = on; pragma cache_size = -65536; pragma temp_store = memory');
  }

  /** Runs jobs in order; a failing one does not touch its neighbours. */
  run(jobs: readonly Job[], mode: RequestMode): JobResult[] {
    if (mode === 'leased') return jobs.map((job) => this.#runLeased(job));
    const writes = mode === 'grouped' && jobs.some(needsTransaction) && (jobs.length > 1 || jobs[0]?.kind === 'append');
    return writes ? this.#runInTransaction(jobs) : jobs.map((job) => this.#runJob(job));
  }

  close(): void {
    this.#db.close();
  }

  #runInTransaction(jobs: readonly Job[]): JobResult[] {
    try {
      this.#statement(BEGIN).run();
      const results = jobs.map((job) => this.#runJob(job));
      // A full disk ends the transaction by itself (SQLite, "Response To Errors Within A Transaction"): then nothing was kept.
      if (!this.#db.isTransaction) throw results.find((result) => result.kind === 'failed');
      this.#statement('commit').run();
      return results;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('rollback');
      const failure = isFailedJob(error) ? error : failedJob(error);
      return jobs.map(() => failure);
    }
  }

  /** A full disk may have ended the transaction: what follows must not commit by itself. */
  #runLeased(job: Job): JobResult {
    const begins = job.kind === 'query' && job.sql === BEGIN;
    if (begins || this.#db.isTransaction) return this.#runJob(job);
    return { kind: 'failed', message: 'the transaction was rolled back', resultCode: undefined };
  }

  /** A statement that fails undoes itself and no more; an append is many. */
  #runJob(job: Job): JobResult {
    try {
      return job.kind === 'append' ? this.#appendWhole(job) : this.#query(job);
    } catch (error) {
      return failedJob(error);
    }
  }

  /** All of an append or nothing, whatever its neighbours do. */
  #appendWhole(job: AppendJob): AppendResult {
    this.#statement('savepoint append').run();
    try {
      const result = this.#append(job);
      this.#statement('release append').run();
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('rollback to append; release append');
      throw error;
    }
  }

  #query(job: QueryJob): QueryResult {
    if (job.mode === 'alone') this.#statements.clear();
    const { statement, columns } = this.#prepared(job.sql);
    const named = job.knownColumns === columns.length ? {} : { columns };
    if (columns.length === 0) {
      const { changes, lastInsertRowid } = statement.run(...job.parameters);
      return { kind: 'query', ...named, rows: [], changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
    }
    // `setReturnArrays` makes rows arrays, which the types of node:sqlite do not follow.
    const rows = statement.all(...job.parameters) as unknown as QueryResult['rows'];
    return { kind: 'query', ...named, rows, changes: job.mode === 'read' ? 0 : rows.length, lastInsertRowid: 0 };
  }

  #append(job: AppendJob): AppendResult {
    const markSequence =
      job.marks === undefined ? undefined : Number(this.#statement(MARK).run(job.marks).lastInsertRowid);
    const statement = this.#statement(APPEND);
    const sequences = new Float64Array(job.events.count);
    let refusal: string | undefined;
    const sums = new OperationSums();
    sums.restore(job.operations ?? []);
    visitEvents(job.events, (index, columns, { counted, deliveriesStart, deliveriesEnd }) => {
      try {
        sequences[index] = Number(statement.run(...columns).lastInsertRowid);
      } catch (error) {
        if (!this.#db.isTransaction || !isRowsOwnFault(error)) throw error;
        sequences[index] = Number.NaN;
        refusal ??= messageOf(error);
        return;
      }
      const [ownerId, productId, deviceId] = columns;
      const at = columns[8];
      if (counted) sums.add({ kind: 'publish', ownerId, productId, deviceId, at });
      for (let owed = deliveriesStart; owed < deliveriesEnd; owed++) {
        this.#statement(DELIVERY).run(job.events.deliveries[owed] ?? null, sequences[index] ?? null, at, at);
      }
    });
    if (sums.size > 0) this.#count(sums.take());
    return {
      kind: 'append',
      sequences,
      ...(refusal === undefined ? {} : { refusal }),
      ...(markSequence === undefined ? {} : { markSequence }),
    };
  }

  #count(counts: readonly OperationCount[]): void {
    const statement = this.#statement(OPERATIONS);
    for (const { hour, ownerId, productId, deviceId, kind, count } of counts) {
      statement.run(hour, ownerId, productId, deviceId, kind, count);
    }
  }

  #statement(sql: string): StatementSync {
    return this.#prepared(sql).statement;
  }

  #prepared(sql: string): PreparedStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (this.#statements.size >= STATEMENTS_KEPT) this.#statements.clear();
    const statement = this.#db.prepare(sql);
    statement.setReturnArrays(true);
    const prepared = { statement, columns: statement.columns().map(({ name }) => name) };
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

/**
 * SQLite doesn't wait for its busy timeout when two connections switch a fresh file at once: the later one is told at once that it is busy
 * (sqlite.org, "pragma journal_mode"). The switch of the other one takes milliseconds.
 */
function switchToWal(db: DatabaseSync): void {
  for (let tries = 1; ; tries++) {
    try {
      return db.exec('pragma journal_mode = wal');
    } catch (error) {
      if (((resultCodeOf(error) ?? 0) & 0xff) !== SQLITE_BUSY || tries === SWITCH_TRIES) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SWITCH_PAUSE_MS);
    }
  }
}

function needsTransaction(job: Job): boolean {
  return job.kind === 'append' || job.mode === 'write';
}

/** CONSTRAINT (19), MISMATCH (20), TOOBIG (18), or a value that no column takes; everything else concerns the whole file. */
function isRowsOwnFault(error: unknown): boolean {
  const code = resultCodeOf(error);
  return code === undefined || [18, 19, 20].includes(code & 0xff);
}

function resultCodeOf(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function failedJob(error: unknown): FailedJob {
  return { kind: 'failed', message: messageOf(error), resultCode: resultCodeOf(error) };
}

function isFailedJob(value: unknown): value is FailedJob {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'failed';
}
