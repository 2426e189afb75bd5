import { existsSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { BackupError } from './backup-error.ts';
import type { Work } from './work.ts';

const PAGES_AT_ONCE = 2_000;
const PAGE_BYTES = 4_096;
const PATIENCE_MS = 5_000;
const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

/**
 * Copies a database as it is at this moment, while others write to it.
 * @param target written over
 * @throws BackupError when it is no database, or damaged, or the disk is full
 */
export async function copyDatabase(source: string, target: string, { progress, signal }: Work): Promise<void> {
  try {
    const db = new DatabaseSync(source, { readOnly: true, timeout: PATIENCE_MS });
    try {
      // Held open: every step reads the same state, so that writers never make the copy begin anew.
      db.exec('begin; select count(*) from sqlite_master');
      await backup(db, target, {
        rate: PAGES_AT_ONCE,
        progress({ totalPages, remainingPages }) {
          signal.throwIfAborted();
          progress('Database', (totalPages - remainingPages) * PAGE_BYTES, totalPages * PAGE_BYTES);
        },
      });
      signal.throwIfAborted();
    } finally {
      db.close();
    }
  } catch (error) {
    throw signal.aborted ? error : databaseError(error, source);
  }
}

/**
 * Deletes the sessions of devices, which have gone on since: a nonce must not be used twice.
 * @returns how many there were
 */
export function deleteSessions(path: string): number {
  try {
    const db = new DatabaseSync(path, { timeout: PATIENCE_MS });
    try {
      const table = db.prepare("select 1 from sqlite_master where type = 'table' and name = 'device_sessions'").get();
      return table === undefined ? 0 : Number(db.prepare('delete from device_sessions').run().changes);
    } finally {
      db.close();
    }
  } catch (error) {
    throw databaseError(error, path);
  }
}

/** Whether a running cloud has the database open: it is then never free for one alone. */
export function isInUse(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    const db = new DatabaseSync(path);
    try {
      db.exec('pragma locking_mode = exclusive; begin exclusive; rollback');
    } finally {
      db.close();
    }
    return false;
  } catch (error) {
    // What is no database is used by nobody.
    return sqliteCode(error) === SQLITE_BUSY;
  }
}

function databaseError(error: unknown, path: string): unknown {
  switch (sqliteCode(error)) {
    case SQLITE_BUSY:
      return new BackupError('backup.busy', `${path} is in use by something else`, 'Try again.', error);
    case SQLITE_FULL:
      return new BackupError('backup.full', 'The disk is full', 'Make room, or choose another disk.', error);
    case SQLITE_CORRUPT:
      return new BackupError('backup.damaged', `The database ${path} is damaged`, undefined, error);
    case SQLITE_NOTADB:
      return new BackupError('backup.no_database', `${path} is no database`, undefined, error);
    default:
      return error;
  }
}

/** The primary result code of SQLite. */
function sqliteCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code & 0xff : undefined;
}
