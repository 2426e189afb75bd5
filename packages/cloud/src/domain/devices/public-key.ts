import { createPublicKey, type KeyObject } from 'node:crypto';
import { invalidInput } from './device-errors.ts';

export type KeyAlgorithm = 'ecc' | 'rsa';

/**
 * The SubjectPublicKeyInfo (DER) of a device's public key in PEM: P-256 for devices on UDP, RSA for those on TCP. Points come out uncompressed,
 * so that the bytes compare with what a handshake proves.
 * @param expected what the caller says that it is.
 * @throws DomainError `device.invalid`
 */
export function parsePublicKey(pem: string, expected?: KeyAlgorithm): Buffer {
  const key = readPem(pem);
  const algorithm = algorithmOf(key);
  if (algorithm === undefined) throw invalidInput('A device key is an elliptic curve key on P-256 or an RSA key');
  if (expected !== undefined && expected !== algorithm) throw invalidInput(`The key is ${algorithm}, not ${expected}`);
  if (algorithm === 'rsa') return key.export({ type: 'spki', format: 'der' });
  const uncompressed = createPublicKey({ key: key.export({ format: 'jwk' }), format: 'jwk' });
  return uncompressed.export({ type: 'spki', format: 'der' });
}

function readPem(pem: string): KeyObject {
  if (!pem.includes('-----BEGIN PUBLIC KEY-----'))
    throw invalidInput('publicKey must be PEM: -----BEGIN PUBLIC KEY-----');
  try {
    return createPublicKey(pem);
  } catch {
    throw invalidInput('publicKey is not a public key in PEM');
  }
}

function algorithmOf(key: KeyObject): KeyAlgorithm | undefined {
  if (key.asymmetricKeyType === 'rsa') return 'rsa';
  const isP256 = key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  return isP256 ? 'ecc' : undefined;
}
