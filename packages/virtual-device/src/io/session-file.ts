import { closeSync, ftruncateSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { errorMessage, type Logger } from '@cloudchamber/kernel';
import { sha256 } from '@cloudchamber/wire';
import type { SessionStorage } from '../session-storage.ts';

const CHECK_BYTES = 8;

/**
 * A session in a file of its own, mode 0600, written in place for every record and kept open meanwhile: it outlives the process however that ends. After a
 * failure to write, as on a full disk, the session is dropped from the file and not stored again: an old one must not be resumed.
 */
export function sessionFile(path: string, log: Logger): SessionStorage {
  let file: number | undefined;
  let broken = false;

  const fail = (error: unknown): void => {
    broken = true;
    log.error({ path, error: errorMessage(error) }, 'a session cannot be stored: the device will handshake anew');
    if (file !== undefined) ftruncateSync(file);
  };

  return {
    load: () => checked(readIfThere(path)),
    save(bytes) {
      if (broken) return;
      try {
        file ??= openSync(path, 'w', 0o600);
        writeSync(file, Buffer.concat([check(bytes), bytes]), 0, undefined, 0);
      } catch (error) {
        fail(error);
      }
    },
    erase() {
      if (file !== undefined) closeSync(file);
      file = undefined;
      rmSync(path, { force: true });
    },
  };
}

function check(bytes: Uint8Array): Buffer {
  return sha256(bytes).subarray(0, CHECK_BYTES);
}

/** A file that was torn by a crash is as good as none. */
function checked(stored: Buffer | undefined): Uint8Array | undefined {
  if (stored === undefined) return undefined;
  const bytes = stored.subarray(CHECK_BYTES);
  return stored.subarray(0, CHECK_BYTES).equals(check(bytes)) ? bytes : undefined;
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
