import { WireError } from '@cloudchamber/wire';
import { DomainError } from '../domain-error.ts';

/** Firmware that no device gets from here; the message says why. */
export function badFirmware(message: string): DomainError {
  return new DomainError('invalid', 'device.bad_firmware', message);
}

/** What `read` gives. @throws DomainError `device.bad_firmware`, which names the file, when it is no module or no archive */
export function readFirmware<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError) throw badFirmware(`${name}: ${error.message}`);
    throw error;
  }
}
