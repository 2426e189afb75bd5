import { renameSync, writeFileSync } from 'node:fs';
import { errorMessage, type Logger } from '@cloudchamber/kernel';
import type { FirmwareStorage } from '../firmware/firmware-storage.ts';
import { readChecked, withCheck } from './checked-file.ts';

/**
 * What a device knows of its firmware, in a file of its own that is replaced as a whole. When it cannot be written, as on a full disk, the device goes on with what it
 * has got, and the next process begins with what the file said before.
 */
export function firmwareFile(path: string, log: Logger): FirmwareStorage {
  return {
    load: () => readChecked(path),
    save(bytes) {
      const draft = `${path}.new`;
      try {
        writeFileSync(draft, withCheck(bytes), { mode: 0o600 });
        renameSync(draft, path);
      } catch (error) {
        log.error({ path, error: errorMessage(error) }, 'firmware cannot be stored: it is gone when the process ends');
      }
    },
  };
}
