import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Pack, pack } from 'tar-stream';
import { BackupError } from './backup-error.ts';
import { isGone } from './data-files.ts';
import { DATA, MANIFEST, type Manifest } from './manifest.ts';
import type { Work } from './work.ts';

/** A file for an archive. */
export interface Source {
  /** Relative to the data folder, with `/`. */
  readonly name: string;
  readonly path: string;
}

/**
 * Writes an archive, readable by its owner alone, synced to the disk. Files that are gone by now are left out.
 * @param path a new file
 * @returns how many files are in it, without the manifest
 * @throws BackupError for a file that got shorter while it was read; the system's error
 */
export async function writeArchive(
  path: string,
  manifest: Manifest,
  sources: readonly Source[],
  { progress, signal }: Work,
): Promise<number> {
  const tar = pack();
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
  const writing = pipeline(tar, createGzip(), file, { signal });
  const broken = writing.then(() => new Promise<never>(() => {}));
  // It is looked at below, later than it may come.
  broken.catch(() => {});
  try {
    tar.entry({ name: MANIFEST, mode: 0o600 }, `${JSON.stringify(manifest, undefined, 2)}\n`);
    let files = 0;
    for (const source of sources) {
      if (await Promise.race([addFile(tar, source, progress), broken])) files++;
    }
    tar.finalize();
    await writing;
    return files;
  } catch (error) {
    tar.destroy();
    // A full disk is why the rest broke.
    const reason = await writing.then(
      () => undefined,
      (failure: unknown) => failure,
    );
    throw isPrematureClose(reason) ? error : (reason ?? error);
  }
}

/** @returns false when the file is gone */
async function addFile(tar: Pack, { name, path }: Source, progress: Work['progress']): Promise<boolean> {
  const handle = await open(path).catch((error: unknown) => {
    if (isGone(error)) return undefined;
    throw error;
  });
  if (handle === undefined) return false;
  try {
    const { size } = await handle.stat();
    const header = { name: DATA + name, size, mode: 0o600 };
    if (size === 0) {
      tar.entry(header, '');
      return true;
    }
    const content = handle.createReadStream({ start: 0, end: size - 1, autoClose: false });
    await new Promise<void>((resolve, reject) => {
      const entry = tar.entry(header, (error) => (error ? reject(changed(path, error)) : resolve()));
      let done = 0;
      content.on('data', (chunk) => {
        done += chunk.length;
        progress('Archive', done, size);
      });
      content.once('error', reject);
      content.pipe(entry);
    });
    return true;
  } finally {
    await handle.close();
  }
}

function changed(path: string, cause: unknown): BackupError {
  return new BackupError('backup.changed', `${path} changed while it was read`, 'Try again.', cause);
}

function isPrematureClose(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
