import { readFile } from 'node:fs/promises';
import { ChamberError, errorMessage } from '@cloudchamber/kernel';
import { decodeServerKeyFile, parseSpki, type ServerKeyFile, spkiFromPem } from '@cloudchamber/wire';

/**
 * The cloud's public key out of a file, 91 bytes, and its address when the file has one: PEM, DER, or the file that is written to a device (protocol section 1.11).
 * @throws ChamberError `server_key.unreadable` when there is no such file or it holds no P-256 public key
 */
export async function readServerKey(path: string): Promise<ServerKeyFile> {
  try {
    const content = await readFile(path);
    if (content.includes('-----BEGIN')) return { spki: spkiFromPem(content.toString()) };
    const file = decodeServerKeyFile(content);
    parseSpki(file.spki);
    return file;
  } catch (cause) {
    const message = `no P-256 public key in ${path} (${errorMessage(cause)}): pass the PEM or DER file of the cloud's public key`;
    throw new ChamberError('server_key.unreadable', 'caller', message, { cause });
  }
}
