import { ChamberError } from '@cloudchamber/kernel';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { SqliteError } from './sqlite-error.ts';
import { BEGIN, type Job, type JobResult, type QueryJob, type SqliteValue } from './sqlite-messages.ts';
import { parametersOf } from './sqlite-parameters.ts';
import type { SqliteLease, SqliteThread } from './sqlite-thread.ts';

/** Kysely over our worker thread: it compiles SQL here, and the thread runs it. */
export class SqliteThreadDialect implements Dialect {
  readonly #thread: SqliteThread;

  constructor(thread: SqliteThread) {
    this.#thread = thread;
  }

  createAdapter(): SqliteAdapter {
    return new SqliteAdapter();
  }

  createDriver(): Driver {
    return new SqliteThreadDriver(this.#thread, new StatementColumns());
  }

  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(db);
  }

  createQueryCompiler(): SqliteQueryCompiler {
    return new SqliteQueryCompiler();
  }
}

/** Kysely asks for a connection per query; only a transaction needs the real one for itself. */
class SqliteThreadDriver implements Driver {
  readonly #thread: SqliteThread;
  readonly #columns: StatementColumns;

  constructor(thread: SqliteThread, columns: StatementColumns) {
    this.#thread = thread;
    this.#columns = columns;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SqliteThreadConnection> {
    return new SqliteThreadConnection(this.#thread, this.#columns);
  }

  beginTransaction(connection: SqliteThreadConnection): Promise<void> {
    return connection.begin();
  }

  commitTransaction(connection: SqliteThreadConnection): Promise<void> {
    return connection.commit();
  }

  rollbackTransaction(connection: SqliteThreadConnection): Promise<void> {
    return connection.rollback();
  }

  async releaseConnection(): Promise<void> {}

  /** The thread belongs to the store, which closes it. */
  async destroy(): Promise<void> {}
}

/** Statements whose columns are remembered; all are forgotten when there are more. */
const MOST_STATEMENTS = 500;

/** The columns of statements that have run, so that the worker need not name them with every result. */
class StatementColumns {
  readonly #bySql = new Map<string, readonly string[]>();

  of(sql: string, mode: QueryJob['mode']): readonly string[] | undefined {
    return mode === 'alone' ? undefined : this.#bySql.get(sql);
  }

  /** What runs alone may change tables, and with them what a statement gives. */
  note(sql: string, mode: QueryJob['mode'], columns: readonly string[]): void {
    if (mode === 'alone' || this.#bySql.size >= MOST_STATEMENTS) this.#bySql.clear();
    if (mode !== 'alone') this.#bySql.set(sql, columns);
  }
}

class SqliteThreadConnection implements DatabaseConnection {
  readonly #thread: SqliteThread;
  readonly #columns: StatementColumns;
  #lease: SqliteLease | undefined;

  constructor(thread: SqliteThread, columns: StatementColumns) {
    this.#thread = thread;
    this.#columns = columns;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { sql } = query;
    const mode = modeOf(query);
    const known = this.#columns.of(sql, mode);
    const job: QueryJob = { kind: 'query', mode, sql, parameters: parametersOf(query) };
    const result = await this.#run(known === undefined ? job : { ...job, knownColumns: known.length });
    if (result.kind === 'query' && result.columns !== undefined) this.#columns.note(sql, mode, result.columns);
    return toKysely<R>(result, known);
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new ChamberError('store.unsupported', 'caller', 'SQLite queries are not streamed; read in pages');
  }

  async begin(): Promise<void> {
    this.#lease = await this.#thread.lease();
    try {
      toKysely(await this.#run(statement(BEGIN)));
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  async commit(): Promise<void> {
    toKysely(await this.#run(statement('commit')));
    this.#end();
  }

  async rollback(): Promise<void> {
    // The answer does not matter: a full disk or the idle limit may have rolled back already.
    await this.#run(statement('rollback')).catch(() => undefined);
    this.#end();
  }

  #run(job: Job): Promise<JobResult> {
    return (this.#lease ?? this.#thread).run(job);
  }

  #end(): void {
    this.#lease?.release();
    this.#lease = undefined;
  }
}

function statement(sql: string): QueryJob {
  return { kind: 'query', mode: 'write', sql, parameters: [] };
}

function modeOf(query: CompiledQuery): QueryJob['mode'] {
  switch (query.query.kind) {
    case 'SelectQueryNode':
      return 'read';
    case 'InsertQueryNode':
    case 'UpdateQueryNode':
    case 'DeleteQueryNode':
      return 'write';
    default:
      return 'alone';
  }
}

function toKysely<R>(result: JobResult, known: readonly string[] = []): QueryResult<R> {
  if (result.kind === 'failed') throw new SqliteError(result.message, result.resultCode);
  if (result.kind === 'append')
    throw new ChamberError('store.unavailable', 'internal', 'a query was answered as an append');
  const { columns = known } = result;
  const rows = result.rows.map((values) => {
    const row: Record<string, SqliteValue> = {};
    for (let at = 0; at < columns.length; at++) row[columns[at] ?? ''] = values[at] ?? null;
    return row as R;
  });
  return { rows, numAffectedRows: BigInt(result.changes), insertId: BigInt(result.lastInsertRowid) };
}
