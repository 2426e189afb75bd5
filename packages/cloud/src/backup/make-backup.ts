import { existsSync } from 'node:fs';
import { mkdtemp, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { formatTimestamp } from '@cloudchamber/contract';
import { SQLITE_FILE } from '../store/sqlite/sqlite-file.ts';
import { version } from '../version.ts';
import { BackupError } from './backup-error.ts';
import { isGone, listDataFiles } from './data-files.ts';
import { copyDatabase } from './database.ts';
import { newManifest } from './manifest.ts';
import type { Work } from './work.ts';
import { writeArchive } from './write-archive.ts';

export interface BackupOptions {
  readonly dataDir: string;
  /** A new file, outside of the data folder. */
  readonly out: string;
  /** Whether the database is SQLite in the data folder; it stays out otherwise. */
  readonly database: 'sqlite' | 'postgres';
  /** Wall time, ms. */
  readonly now: number;
}

export interface MadeBackup {
  /** Absolute. */
  readonly file: string;
  readonly bytes: number;
  readonly files: number;
  /** What of the data folder is not in it: neither files nor folders. */
  readonly leftOut: readonly string[];
}

/**
 * Copies a data folder into one file, also while its cloud runs; nothing is there under its name before it is whole.
 * @throws BackupError when there is no such folder, no database in it, or the file is there already; the system's error
 */
export async function makeBackup({ dataDir, out, database, now }: BackupOptions, work: Work): Promise<MadeBackup> {
  const folder = await folderOf(dataDir);
  const source = join(folder, SQLITE_FILE);
  if (database === 'sqlite' && !existsSync(source)) {
    throw new BackupError(
      'backup.no_database',
      `There is no ${SQLITE_FILE} in ${folder}: it is not the data folder of a cloud`,
      'Name it with --data. A cloud on PostgreSQL needs DATABASE_URL here too.',
    );
  }
  const wanted = resolve(out);
  const file = join(await folderOf(dirname(wanted)), basename(wanted));
  const way = relative(folder, file);
  if (way !== '..' && !way.startsWith(`..${sep}`)) {
    throw new BackupError('backup.within', `${out} would be in the data folder itself`, 'Choose another with --out.');
  }
  if (existsSync(file)) throw new BackupError('backup.exists', `${file} exists already`, 'Choose another with --out.');
  // Beside the file: the same disk, so that it can take the name at once.
  const draft = await mkdtemp(`${file}.part-`);
  try {
    const copy = join(draft, SQLITE_FILE);
    if (database === 'sqlite') await copyDatabase(source, copy, work);
    // After the database, so that what it speaks of is there.
    const { names, leftOut } = await listDataFiles(folder);
    const sources = names.map((name) => ({ name, path: join(folder, name) }));
    const archive = join(draft, 'archive');
    const manifest = newManifest({ program: version, made_at: formatTimestamp(now), database });
    const all = database === 'sqlite' ? [{ name: SQLITE_FILE, path: copy }, ...sources] : sources;
    const files = await writeArchive(archive, manifest, all, work);
    const { size } = await stat(archive);
    await rename(archive, file);
    return { file, bytes: size, files, leftOut };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function folderOf(path: string): Promise<string> {
  const found = await realpath(path).catch((error: unknown) => {
    if (isGone(error)) throw new BackupError('backup.no_folder', `There is no folder ${path}`, undefined, error);
    throw error;
  });
  if (!(await stat(found)).isDirectory()) throw new BackupError('backup.no_folder', `${path} is no folder`);
  return found;
}
