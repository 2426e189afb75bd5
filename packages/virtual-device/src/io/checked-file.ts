import { readFileSync } from 'node:fs';
import { sha256 } from '@cloudchamber/wire';

const CHECK_BYTES = 8;

/** The bytes as they are written: behind the start of their SHA-256. */
export function withCheck(bytes: Uint8Array): Buffer {
  return Buffer.concat([check(bytes), bytes]);
}

/** What a file has behind its check; undefined when there is no file, or one that was torn by a crash: that is as good as none. */
export function readChecked(path: string): Uint8Array | undefined {
  const stored = readIfThere(path);
  if (stored === undefined) return undefined;
  const bytes = stored.subarray(CHECK_BYTES);
  return stored.subarray(0, CHECK_BYTES).equals(check(bytes)) ? bytes : undefined;
}

function check(bytes: Uint8Array): Buffer {
  return sha256(bytes).subarray(0, CHECK_BYTES);
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
