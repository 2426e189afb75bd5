import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own for one test. */
export interface TemporaryFolder {
  readonly path: string;
  /** Deletes it with everything in it. */
  remove(): Promise<void>;
}

/** Makes an empty folder in the system's temporary place. */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'cloud-chamber-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
