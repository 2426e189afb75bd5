import { createPublicKey, type KeyObject } from 'node:crypto';
import { usageError } from '../../failure/cli-error.ts';

export interface PublicKey {
  /** `-----BEGIN PUBLIC KEY-----` */
  readonly pem: string;
  readonly algorithm: 'ecc' | 'rsa';
}

/**
 * The public key in a file: PEM, or DER SubjectPublicKeyInfo.
 * @param name of the file, for messages
 * @throws CliError of kind `usage` for a private key, which has no business at the cloud, and for anything else
 */
export function publicKeyOf(content: Uint8Array, name: string): PublicKey {
  const bytes = Buffer.from(content);
  const text = bytes.toString('latin1');
  if (/-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/.test(text)) throw isPrivate(name);
  let key: KeyObject;
  try {
    key = text.includes('-----BEGIN')
      ? createPublicKey(text)
      : createPublicKey({ key: bytes, format: 'der', type: 'spki' });
  } catch {
    if (isPrivateDer(bytes)) throw isPrivate(name);
    throw usageError(`${name} holds no public key: it is PEM or DER of a P-256 or RSA key`);
  }
  const algorithm = key.asymmetricKeyType === 'rsa' ? 'rsa' : 'ecc';
  return { pem: key.export({ format: 'pem', type: 'spki' }).toString(), algorithm };
}

/** SEQUENCE { INTEGER version … } is how every form of a private key begins, and no public one. */
function isPrivateDer(bytes: Buffer): boolean {
  if (bytes[0] !== 0x30) return false;
  const long = (bytes[1] ?? 0) > 0x80 ? (bytes[1] ?? 0) - 0x80 : 0;
  return bytes[2 + long] === 0x02;
}

function isPrivate(name: string): Error {
  return usageError(
    `${name} holds a private key, which stays on the device`,
    'Pass the file of the public key, such as device.pub.pem.',
  );
}
