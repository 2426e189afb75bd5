import { mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entropy } from '@cloudchamber/kernel';
import { newSecret } from './secrets.ts';

/** In the data folder: 40 hex digits, readable for the server's own user only. */
const FILE = 'setup-code';
const CODE = /^[0-9a-f]{40}$/;

/** The code that proves that somebody runs this server; the same one until `forgetSetupCode`, also after a restart. @throws the system's error */
export async function readOrMakeSetupCode(dataDir: string, entropy: Entropy): Promise<string> {
  const path = join(dataDir, FILE);
  const known = (await readIfPresent(path))?.trim();
  if (known !== undefined && CODE.test(known)) return known;
  const code = newSecret(entropy);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await forgetSetupCode(dataDir);
  await writeFile(path, `${code}\n`, { mode: 0o600, flag: 'wx' });
  return code;
}

/** Removes the code, if there is one. @throws the system's error */
export async function forgetSetupCode(dataDir: string): Promise<void> {
  try {
    await unlink(join(dataDir, FILE));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
