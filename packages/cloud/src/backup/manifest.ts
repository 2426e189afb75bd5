import { z } from 'zod';
import { BackupError } from './backup-error.ts';

/** The first entry of an archive. */
export const MANIFEST = 'manifest.json';
/** The folder of the archive that everything else is in. */
export const DATA = 'data/';

const FORMAT = 'cloud-chamber-backup';
const VERSION = 1;

const shape = z.object({
  format: z.literal(FORMAT),
  version: z.number().int().positive(),
  /** The cloud's version, such as `0.1.0`. */
  program: z.string(),
  made_at: z.iso.datetime(),
  /** `sqlite` when the database is in the archive; it is elsewhere otherwise. */
  database: z.enum(['sqlite', 'postgres']),
});

export type Manifest = z.output<typeof shape>;

export function newManifest(facts: Pick<Manifest, 'program' | 'made_at' | 'database'>): Manifest {
  return { format: FORMAT, version: VERSION, ...facts };
}

/** @throws BackupError when it is none, or that of a newer program */
export function readManifest(text: string, file: string): Manifest {
  const parsed = shape.safeParse(jsonOf(text));
  if (!parsed.success) throw noBackup(file);
  if (parsed.data.version > VERSION) {
    throw new BackupError('backup.newer', `${file} was made by a newer version, ${parsed.data.program}`);
  }
  return parsed.data;
}

export function noBackup(file: string): BackupError {
  return new BackupError('backup.none', `${file} is no backup of Cloud Chamber`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
