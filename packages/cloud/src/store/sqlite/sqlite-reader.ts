import { DatabaseSync, type StatementSync } from 'node:sqlite';
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
import type { SqliteValue } from './sqlite-messages.ts';
import { parametersOf } from './sqlite-parameters.ts';

const STATEMENTS_KEPT = 200;

/** Kysely over a `SqliteReader`. */
export class SqliteReaderDialect implements Dialect {
  readonly #reader: SqliteReader;

  constructor(reader: SqliteReader) {
    this.#reader = reader;
  }

  createAdapter(): SqliteAdapter {
    return new SqliteAdapter();
  }

  createDriver(): Driver {
    return new SqliteReaderDriver(this.#reader);
  }

  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(db);
  }

  createQueryCompiler(): SqliteQueryCompiler {
    return new SqliteQueryCompiler();
  }
}

class SqliteReaderDriver implements Driver {
  readonly #reader: SqliteReader;

  constructor(reader: SqliteReader) {
    this.#reader = reader;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SqliteReader> {
    return this.#reader;
  }

  beginTransaction(): Promise<void> {
    return Promise.reject(new ChamberError('store.read_only', 'caller', 'short reads have no transactions'));
  }

  async commitTransaction(): Promise<void> {}

  async rollbackTransaction(): Promise<void> {}

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}

interface PreparedRead {
  readonly statement: StatementSync;
  readonly columns: readonly string[];
}

/**
 * A second, read-only connection in this thread, for reads of a few rows by key: a trip to the worker costs ten times what such a read does.
 * It sees everything that was committed before it starts (WAL), and waits for no writer.
 */
export class SqliteReader implements DatabaseConnection {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, PreparedRead>();

  /** @param path a file that is in WAL mode already. */
  constructor(path: string) {
    this.#db = new DatabaseSync(path, { readOnly: true });
    this.#db.exec('pragma busy_timeout = 1000; pragma cache_size = -16384');
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (query.query.kind !== 'SelectQueryNode') {
      throw new ChamberError('store.read_only', 'caller', 'short reads change nothing');
    }
    const parameters = parametersOf(query);
    try {
      return { rows: this.#read(query.sql, parameters) as R[] };
    } catch (error) {
      throw new SqliteError(error instanceof Error ? error.message : String(error), undefined);
    }
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new ChamberError('store.unsupported', 'caller', 'short reads are not streamed');
  }

  /** Reads that come later are refused; closing twice is harmless. */
  close(): void {
    this.#statements.clear();
    if (this.#db.isOpen) this.#db.close();
  }

  #read(sql: string, parameters: readonly SqliteValue[]): Record<string, SqliteValue>[] {
    const { statement, columns } = this.#prepared(sql);
    // `setReturnArrays` makes rows arrays, which the types of node:sqlite do not follow.
    const rows = statement.all(...parameters) as unknown as readonly (readonly SqliteValue[])[];
    if (rows[0] !== undefined && rows[0].length !== columns.length) {
      // The table was changed since the statement was prepared.
      this.#statements.delete(sql);
      return this.#read(sql, parameters);
    }
    return rows.map((values) => rowOf(columns, values));
  }

  #prepared(sql: string): PreparedRead {
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

function rowOf(columns: readonly string[], values: readonly SqliteValue[]): Record<string, SqliteValue> {
  const row: Record<string, SqliteValue> = {};
  for (let at = 0; at < columns.length; at++) row[columns[at] ?? ''] = values[at] ?? null;
  return row;
}
