import { encodeServerKeyFile, type ServerAddress, WireError } from '@cloudchamber/wire';
import { DomainError } from '../domain-error.ts';
import type { ServerKeyAlgorithm } from './server-key.ts';
import type { ServerKeyRing } from './server-key-ring.ts';

/**
 * The file that is written to a device: the newest key, with the address when there is one (CON-23, CON-24).
 * @throws DomainError `server_key.bad_address` for an address that no device can hold
 */
export function serverKeyFile(ring: ServerKeyRing, algorithm: ServerKeyAlgorithm, address?: ServerAddress): Buffer {
  const { spki } = ring.newest(algorithm);
  try {
    return encodeServerKeyFile({ spki, ...(address !== undefined && { address }) });
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new DomainError('invalid', 'server_key.bad_address', `No address of a device: ${error.message}`);
  }
}
