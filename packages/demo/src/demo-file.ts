import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface DemoDevice {
  readonly id: string;
  readonly name: string;
  /** The behaviour that it runs: `tinker`, `weather`, `echo`. */
  readonly kind: string;
}

/** The demo's account and devices, for scripts: `demo.json` in the data folder, mode 0600. */
export interface Demo {
  readonly email: string;
  readonly password: string;
  readonly access_token: string;
  readonly devices: readonly DemoDevice[];
}

/** @returns undefined when there is none yet. @throws when it cannot be read or is no JSON */
export async function readDemo(dataDir: string): Promise<Demo | undefined> {
  try {
    return JSON.parse(await readFile(pathIn(dataDir), 'utf8')) as Demo;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Replaces the file whole or not at all. */
export async function writeDemo(dataDir: string, demo: Demo): Promise<void> {
  const draft = `${pathIn(dataDir)}.new`;
  await writeFile(draft, `${JSON.stringify(demo, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, pathIn(dataDir));
}

function pathIn(dataDir: string): string {
  return join(dataDir, 'demo.json');
}
