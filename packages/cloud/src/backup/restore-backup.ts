import { mkdir, mkdtemp, open, readdir, realpath, rename, rm, rmdir, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { formatTimestamp } from '@cloudchamber/contract';
import { SQLITE_FILE } from '../store/sqlite/sqlite-file.ts';
import { BackupError } from './backup-error.ts';
import { isGone } from './data-files.ts';
import { deleteSessions, isInUse } from './database.ts';
import type { Manifest } from './manifest.ts';
import { type ArchivedFile, readArchive } from './read-archive.ts';
import type { Work } from './work.ts';

export interface RestoreOptions {
  readonly file: string;
  readonly dataDir: string;
  /** Whether a folder that is not empty is moved aside; it is refused otherwise. */
  readonly replace: boolean;
  /** Wall time, ms. */
  readonly now: number;
}

export interface Restored {
  /** Absolute. */
  readonly data: string;
  readonly bytes: number;
  readonly files: number;
  readonly manifest: Manifest;
  /** Where the folder that was there is now. */
  readonly movedTo: string | undefined;
}

/**
 * Makes a data folder from a backup. The archive is read whole before anything is written, and the folder appears whole or not at all.
 * @throws BackupError when the archive is none, damaged or not to be trusted, or too large for the disk, and when the folder is in use or not empty; the system's error
 */
export async function restoreBackup(options: RestoreOptions, work: Work): Promise<Restored> {
  const { file, replace, now } = options;
  const found = await check(file, work);
  const there = await lookAt(resolve(options.dataDir));
  const { path: data } = there;
  if (there.files > 0 && isInUse(join(data, SQLITE_FILE))) {
    throw new BackupError('backup.in_use', `A running cloud uses ${data}`, 'Stop it first.');
  }
  if (there.files > 0 && !replace) {
    throw new BackupError(
      'backup.not_empty',
      `${data} is not empty`,
      'Choose another folder with --data, or pass --yes.',
    );
  }
  const parent = dirname(data);
  const made = await mkdir(parent, { recursive: true, mode: 0o700 });
  let whole = false;
  try {
    await holds(parent, found.bytes);
    const draft = await mkdtemp(`${data}.restoring-`);
    try {
      await readArchive(file, 'Restoring', (entry) => write(draft, entry), work);
      if (found.manifest.database === 'sqlite') deleteSessions(join(draft, SQLITE_FILE));
      const aside = there.files > 0 ? `${data}.before-restore-${stamp(now)}` : undefined;
      await take(draft, data, aside, there.exists);
      whole = true;
      return { data, ...found, movedTo: aside };
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  } finally {
    if (!whole && made !== undefined) await rm(made, { recursive: true, force: true });
  }
}

/** A time as a part of a file's name, such as `20260131T235959Z`. @param now wall time, ms */
export function stamp(now: number): string {
  return formatTimestamp(now).replace(/[-:]|\.\d+/g, '');
}

async function check(file: string, work: Work): Promise<Pick<Restored, 'manifest' | 'bytes' | 'files'>> {
  let bytes = 0;
  let files = 0;
  let hasDatabase = false;
  const visit = async ({ name, size, content }: ArchivedFile): Promise<void> => {
    hasDatabase ||= name === SQLITE_FILE;
    files++;
    bytes += size;
    for await (const _ of content);
  };
  const manifest = await readArchive(file, 'Checking', visit, work);
  if (hasDatabase !== (manifest.database === 'sqlite')) {
    throw new BackupError('backup.damaged', `${file} is damaged: what it says of its database is not so`);
  }
  return { manifest, bytes, files };
}

async function lookAt(path: string): Promise<{ path: string; exists: boolean; files: number }> {
  try {
    const real = await realpath(path);
    return { path: real, exists: true, files: (await readdir(real)).length };
  } catch (error) {
    if (isGone(error)) return { path, exists: false, files: 0 };
    throw error;
  }
}

async function holds(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bytes > bavail * bsize) {
    const megabytes = (count: number): string => `${Math.ceil(count / 1_000_000)} MB`;
    const sizes = `it takes ${megabytes(bytes)}, and ${megabytes(bavail * bsize)} are free`;
    throw new BackupError('backup.full', `The backup does not fit on the disk of ${folder}: ${sizes}`);
  }
}

async function write(folder: string, { name, content }: ArchivedFile): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const handle = await open(path, 'wx', 0o600);
  try {
    for await (const part of content) await handle.writeFile(part);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives the draft the folder's place. @param aside where the folder goes that is there and not empty */
async function take(draft: string, data: string, aside: string | undefined, exists: boolean): Promise<void> {
  try {
    if (aside !== undefined) {
      if (await stat(aside).then(() => true, isThere)) {
        throw new BackupError('backup.exists', `${aside} exists already`, 'Try again in a second.');
      }
      await rename(data, aside);
    } else if (exists) await rmdir(data);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EBUSY') {
      const next = 'Restore into a folder within it, and point the cloud there.';
      throw new BackupError('backup.mount', `${data} is a disk of its own, which cannot be moved`, next, error);
    }
    throw error;
  }
  try {
    await rename(draft, data);
  } catch (error) {
    if (aside !== undefined) await rename(aside, data);
    else if (exists) await mkdir(data, { mode: 0o700 });
    throw error;
  }
}

function isThere(error: unknown): boolean {
  if (isGone(error)) return false;
  throw error;
}
