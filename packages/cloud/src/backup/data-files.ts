import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SQLITE_FILE } from '../store/sqlite/sqlite-file.ts';
import { isSafeName } from './safe-name.ts';

export interface DataFiles {
  /** Paths relative to the folder, with `/`, sorted. */
  readonly names: readonly string[];
  /** What is no file, or has a name that an archive cannot have. */
  readonly leftOut: readonly string[];
}

const OF_SQLITE = new Set(['', '-wal', '-shm', '-journal'].map((end) => SQLITE_FILE + end));

/** All files of a data folder but those of SQLite. Links to files count as files. What goes away meanwhile is not there. */
export async function listDataFiles(folder: string): Promise<DataFiles> {
  const names: string[] = [];
  const leftOut: string[] = [];
  const visit = async (prefix: string): Promise<void> => {
    for (const part of (await readdir(join(folder, prefix))).sort()) {
      const name = prefix + part;
      if (OF_SQLITE.has(name)) continue;
      const kind = await kindOf(join(folder, name));
      if (kind === 'gone') continue;
      if (kind === 'other' || !isSafeName(name)) leftOut.push(name);
      else if (kind === 'folder') await visit(`${name}/`);
      else names.push(name);
    }
  };
  await visit('');
  return { names, leftOut };
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'other' | 'gone'> {
  try {
    if ((await lstat(path)).isDirectory()) return 'folder';
    return (await stat(path)).isFile() ? 'file' : 'other';
  } catch (error) {
    if (isGone(error)) return 'gone';
    throw error;
  }
}

/** Whether the system says that there is no such file. */
export function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
