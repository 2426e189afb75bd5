import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { errorMessage, type Logger } from '@cloudchamber/kernel';
import type { SessionStorage } from '../session-storage.ts';
import { readChecked, withCheck } from './checked-file.ts';

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
    load: () => readChecked(path),
    save(bytes) {
      if (broken) return;
      try {
        file ??= openSync(path, 'w', 0o600);
        writeSync(file, withCheck(bytes), 0, undefined, 0);
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
