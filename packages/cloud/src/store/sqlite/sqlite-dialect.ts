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
    return new SqliteThreadDriver(this.#thread);
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

  constructor(thread: SqliteThread) {
    this.#thread = thread;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SqliteThreadConnection> {
    return new SqliteThreadConnection(this.#thread);
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

class SqliteThreadConnection implements DatabaseConnection {
  readonly #thread: SqliteThread;
  #lease: SqliteLease | undefined;

  constructor(thread: SqliteThread) {
    this.#thread = thread;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return toKysely<R>(
      await this.#run({ kind: 'query', mode: modeOf(query), sql: query.sql, parameters: parametersOf(query) }),
    );
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

/** Only plain values cross to the worker. */
function parametersOf(query: CompiledQuery): SqliteValue[] {
  return query.parameters.map((value) => {
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
      return value;
    if (value instanceof Uint8Array) return value;
    throw new ChamberError(
      'store.bad_parameter',
      'caller',
      `a query parameter is ${typeof value}, which no column takes`,
    );
  });
}

function toKysely<R>(result: JobResult): QueryResult<R> {
  if (result.kind === 'failed') throw new SqliteError(result.message, result.resultCode);
  if (result.kind === 'append')
    throw new ChamberError('store.unavailable', 'internal', 'a query was answered as an append');
  const { columns } = result;
  const rows = result.rows.map((values) => {
    const row: Record<string, SqliteValue> = {};
    for (let at = 0; at < columns.length; at++) row[columns[at] ?? ''] = values[at] ?? null;
    return row as R;
  });
  return { rows, numAffectedRows: BigInt(result.changes), insertId: BigInt(result.lastInsertRowid) };
}
