import { readFile } from 'node:fs/promises';
import { ChamberError, errorMessage } from '@cloudchamber/kernel';
import { parseSpki, SPKI_LENGTH, spkiFromPem } from '@cloudchamber/wire';

/**
 * The cloud's public key out of a file: PEM, DER, or DER with padding and server address behind it, as the Particle CLI keeps server keys
 * (protocol section 1.11). 91 bytes.
 * @throws ChamberError `server_key.unreadable` when there is no such file or it holds no P-256 public key
 */
export async function readServerKey(path: string): Promise<Uint8Array> {
  try {
    const content = await readFile(path);
    if (content.includes('-----BEGIN')) return spkiFromPem(content.toString());
    const spki = new Uint8Array(content.subarray(0, SPKI_LENGTH));
    parseSpki(spki);
    return spki;
  } catch (cause) {
    const message = `no P-256 public key in ${path} (${errorMessage(cause)}): pass the PEM or DER file of the cloud's public key`;
    throw new ChamberError('server_key.unreadable', 'caller', message, { cause });
  }
}
