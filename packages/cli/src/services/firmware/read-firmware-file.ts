import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CliError } from '../../failure/cli-error.ts';

const MIB = 1024 * 1024;

/** What the cloud takes at most. */
export const MOST_TO_SEND = 8 * MIB;

/**
 * Reads a firmware file whole.
 * @param path absolute, or relative to `cwd` @param most bytes that it may have
 * @throws CliError for what is no file, is empty, or is longer than that, which is not read then
 */
export async function readFirmwareFile(path: string, cwd: string, most: number): Promise<Uint8Array> {
  const file = await open(resolve(cwd, path));
  try {
    const facts = await file.stat();
    if (!facts.isFile()) throw new CliError('failure', `${path} is no file`);
    if (facts.size === 0) throw new CliError('failure', `${path} is empty`);
    if (facts.size > most) {
      const size = Math.ceil(facts.size / MIB);
      throw new CliError('failure', `${path} has ${size} MB: no firmware has more than ${most / MIB} MB`);
    }
    const bytes = await file.readFile();
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  } finally {
    await file.close();
  }
}
