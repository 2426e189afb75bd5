import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { BackupError } from './backup-error.ts';
import { DATA, MANIFEST, type Manifest, noBackup, readManifest } from './manifest.ts';
import { isSafeName } from './safe-name.ts';
import type { Work } from './work.ts';

interface Entry extends AsyncIterable<unknown> {
  readonly header: Pick<Header, 'name' | 'type' | 'size'>;
}

const LONGEST_MANIFEST = 65_536;
const MOST_FILES = 1_000_000;

/** A file of an archive. */
export interface ArchivedFile {
  /** Relative to the data folder, with `/`; it stays within. */
  readonly name: string;
  readonly size: number;
  /** All of it must be read. */
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * Reads an archive from its begin to its end, as a stream.
 * @param onFile is given each file, once for each name
 * @throws BackupError when it is no backup, is cut or damaged, or has anything in it but a manifest and files of the data folder; whatever `onFile` throws
 */
export async function readArchive(
  file: string,
  label: string,
  onFile: (file: ArchivedFile) => Promise<void>,
  { progress, signal }: Work,
): Promise<Manifest> {
  const about = await stat(file);
  if (!about.isFile()) throw noBackup(file);
  const source = createReadStream(file);
  source.on('data', () => progress(label, source.bytesRead, about.size));
  const tar = extract();
  const feeding = pipeline(source, createGunzip(), tar, { signal }).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  let manifest: Manifest | undefined;
  let cut: unknown;
  let own: unknown;
  const contentOf = async function* (entry: Entry): AsyncIterable<Uint8Array> {
    try {
      for await (const part of entry) if (part instanceof Uint8Array) yield part;
    } catch (error) {
      cut = error;
      throw error;
    }
  };
  const seen = new Set<string>();
  const take = async (entry: Entry): Promise<void> => {
    const content = contentOf(entry);
    if (manifest === undefined) {
      manifest = readManifest(await manifestOf(entry, content, file), file);
      return;
    }
    const name = nameOf(entry, file);
    if (seen.has(name)) throw strange(file, `has ${JSON.stringify(name)} twice`);
    seen.add(name);
    if (seen.size > MOST_FILES) throw strange(file, `has more than ${MOST_FILES} files`);
    await onFile({ name, size: entry.header.size, content });
  };
  try {
    for await (const entry of tar) {
      try {
        await take(entry);
      } catch (error) {
        own = error;
        throw error;
      }
    }
  } catch (error) {
    tar.destroy();
    if (own === undefined) cut = error;
  }
  const fed = await feeding;
  signal.throwIfAborted();
  if (own !== undefined && cut === undefined) throw own;
  if (fed !== undefined && isOfSystem(fed.error)) throw fed.error;
  if (manifest === undefined) throw noBackup(file);
  if (cut !== undefined || fed !== undefined) throw damaged(file, fed?.error ?? cut);
  return manifest;
}

async function manifestOf({ header }: Entry, content: AsyncIterable<Uint8Array>, file: string): Promise<string> {
  const { name, type, size } = header;
  if (name !== MANIFEST || type !== 'file' || size > LONGEST_MANIFEST) throw noBackup(file);
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

/** @throws BackupError for what is no file, or would come to lie elsewhere */
function nameOf({ header: { name, type } }: Entry, file: string): string {
  if (type !== 'file') throw strange(file, `has something that is no file: ${JSON.stringify(name)}`);
  const own = name.slice(DATA.length);
  if (!name.startsWith(DATA) || !isSafeName(own)) {
    throw strange(file, `has a file that would be outside of the data folder: ${JSON.stringify(name)}`);
  }
  return own;
}

function strange(file: string, what: string): BackupError {
  return new BackupError('backup.strange', `${file} ${what}`, 'Nothing was restored. Do not trust this file.');
}

function damaged(file: string, cause: unknown): BackupError {
  return new BackupError('backup.damaged', `${file} is damaged, or not all of it is there`, undefined, cause);
}

/** Whether the system could not read the file: what streams and zlib say has codes of other kinds. */
function isOfSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
