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
import { SqliteThread } from './sqlite-thread.ts';

/** The file's name in the data folder. */
const SQLITE_FILE = 'chamber.sqlite';

/** Opens or creates the file, readable by its owner alone; its schema is not touched. */
export async function openSqliteStore(options: StoreOptions): Promise<Store> {
  const path = join(options.dataDir, SQLITE_FILE);
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  await (await open(path, 'a', 0o600)).close();
  await chmod(path, 0o600);
  const thread = await SqliteThread.open({
    path,
    clock: options.clock,
    onFailure(error) {
      options.log.error({ error: error.message, cause: error.cause }, 'the store is gone; the process must restart');
      options.onFailure?.(error);
    },
  });
  const db = new Kysely<Tables>({ dialect: new SqliteThreadDialect(thread) });
  const appender = new EventAppender(
    (events, marks) => appendToSqlite(thread, events, marks),
    options.eventLimits ?? defaultEventLimits,
    options.clock,
  );
  return {
    engine: 'sqlite',
    db,
    events: { append: (event, witness) => appender.append(event, witness), read: (query) => readEvents(db, query) },
    marks: appender,
    async check() {
      await sql`select 1 from migrations`.execute(db);
    },
    async close() {
      await appender.close();
      await db.destroy();
      await thread.close();
    },
  };
}
