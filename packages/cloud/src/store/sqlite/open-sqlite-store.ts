import { chmod, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { defaultEventLimits, EventAppender } from '../event-appender.ts';
import type { StoreOptions } from '../open-store.ts';
import { readEvents } from '../read-events.ts';
import type { Store } from '../store.ts';
import type { Tables } from '../tables.ts';
import { appendToSqlite } from './append-to-sqlite.ts';
import { SqliteThreadDialect } from './sqlite-dialect.ts';
import { SQLITE_FILE } from './sqlite-file.ts';
import { SqliteHistoryDialect } from './sqlite-history.ts';
import { SqliteReader, SqliteReaderDialect } from './sqlite-reader.ts';
import { SqliteThread, type SqliteThreadOptions } from './sqlite-thread.ts';

/** Opens or creates the file, readable by its owner alone; its schema is not touched. */
export async function openSqliteStore(options: StoreOptions): Promise<Store> {
  const path = join(options.dataDir, SQLITE_FILE);
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  await (await open(path, 'a', 0o600)).close();
  await chmod(path, 0o600);
  const threadOptions: SqliteThreadOptions = {
    path,
    clock: options.clock,
    onFailure(error) {
      options.log.error({ error: error.message, cause: error.cause }, 'the store is gone; the process must restart');
      options.onFailure?.(error);
    },
  };
  const thread = await SqliteThread.open(threadOptions);
  const db = new Kysely<Tables>({ dialect: new SqliteThreadDialect(thread) });
  const reader = new SqliteReader(path);
  const reads = new Kysely<Tables>({ dialect: new SqliteReaderDialect(reader) });
  const history = new Kysely<Tables>({ dialect: new SqliteHistoryDialect(threadOptions) });
  const appender = new EventAppender(
    (events, company) => appendToSqlite(thread, events, company),
    options.eventLimits ?? defaultEventLimits,
    options.clock,
  );
  return {
    engine: 'sqlite',
    db,
    reads,
    history,
    events: { append: (event, witness) => appender.append(event, witness), read: (query) => readEvents(db, query) },
    marks: appender,
    operations: appender,
    async check() {
      await sql`select 1 from migrations`.execute(db);
    },
    async close() {
      await appender.close();
      reader.close();
      await history.destroy();
      await db.destroy();
      await thread.close();
    },
  };
}
