import { readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CliError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';

/** `mykey` of `mykey`, `mykey.der`, `mykey.pem` and `mykey.pub.pem`. */
export function baseName(name: string): string {
  return name.replace(/(\.pub)?\.(der|pem)$/, '');
}

/** What a file holds; undefined when there is none. */
export async function readIfThere(cwd: string, name: string): Promise<Buffer | undefined> {
  try {
    return await readFile(resolve(cwd, name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @throws CliError when somebody does not want these files to be overwritten */
export async function allowOverwriting(
  names: readonly string[],
  { ask, cwd }: Pick<Context, 'ask' | 'cwd'>,
  flag = '--yes',
): Promise<void> {
  const there: string[] = [];
  for (const name of names) if ((await readIfThere(cwd, name)) !== undefined) there.push(name);
  if (there.length === 0) return;
  if (await ask.confirm(`Overwrite ${there.join(' and ')}?`, { flag })) return;
  throw new CliError('failure', `${there.join(' and ')} stayed as it is`, { next: 'Give another name.' });
}

/** Writes a file anew, for its owner alone when it is secret. */
export async function writeKeyFile(cwd: string, name: string, content: string | Uint8Array): Promise<void> {
  const path = resolve(cwd, name);
  // The rights of a file that is there already would stay.
  await rm(path, { force: true });
  await writeFile(path, content, { mode: name.endsWith('.pub.pem') ? 0o644 : 0o600, flag: 'wx' });
}
