import { ChamberError, type Logger } from '@cloudchamber/kernel';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { defaultEventLimits, EventAppender } from '../event-appender.ts';
import type { StoreOptions } from '../open-store.ts';
import { readEvents } from '../read-events.ts';
import type { Store } from '../store.ts';
import type { Tables } from '../tables.ts';
import { appendToPostgres } from './append-to-postgres.ts';

const INT8 = 20;
/** A bounded read of history takes a fraction of this, also on a cold and busy disk. */
const HISTORY_STATEMENT_MS = 10_000;

/** int8 as a number: our integers are times in ms and positions, far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary' ? toSafeInteger : pg.types.getTypeParser(oid, format),
};

/** Connects to the server; its schema is not touched. */
export async function openPostgresStore(options: StoreOptions, databaseUrl: string): Promise<Store> {
  const pool = openPool(databaseUrl, 10, options.log);
  // A connection of its own, so that appends never wait behind other queries.
  const eventPool = openPool(databaseUrl, 1, options.log);
  // Long reads have connections of their own too, and none runs for ever.
  const historyPool = openPool(databaseUrl, 4, options.log, { statement_timeout: HISTORY_STATEMENT_MS });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const history = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: historyPool }) });
  const appender = new EventAppender(
    (events, company) => appendToPostgres(eventPool, events, company),
    options.eventLimits ?? defaultEventLimits,
    options.clock,
  );
  const store: Store = {
    engine: 'postgres',
    db,
    reads: db,
    history,
    events: { append: (event, witness) => appender.append(event, witness), read: (query) => readEvents(db, query) },
    marks: appender,
    operations: appender,
    async check() {
      await sql`select 1 from migrations`.execute(db);
    },
    close: once(async () => {
      await appender.close();
      await history.destroy();
      await db.destroy();
      await eventPool.end();
    }),
  };
  try {
    await pool.query('select 1');
  } catch (error) {
    await store.close();
    throw new ChamberError('store.unavailable', 'internal', 'PostgreSQL does not answer', { cause: error });
  }
  return store;
}

function openPool(connectionString: string, max: number, log: Logger, extra: pg.PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({
    ...extra,
    connectionString,
    max,
    types,
    connectionTimeoutMillis: 5_000,
    application_name: 'cloud-chamber',
    // Awaited by the pool, although its type does not say so.
    onConnect: requireSynchronousCommit,
  });
  pool.on('error', (error) => log.warn({ error: error.message }, 'an idle PostgreSQL connection was lost'));
  return pool;
}

/** Acknowledge after commit means after the sync; a server set to `off` would break that silently. */
async function requireSynchronousCommit(client: pg.ClientBase): Promise<void> {
  await client.query(
    `select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'`,
  );
}

function toSafeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new ChamberError('store.bad_value', 'internal', `${text} is beyond 2^53`);
  return value;
}

function once(run: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= run();
    return done;
  };
}
