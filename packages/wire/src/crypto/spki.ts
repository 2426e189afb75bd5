import { createPublicKey, type KeyObject } from 'node:crypto';
import { WireError } from '../wire-error.ts';

/** Length of the only form of public key that devices use: DER SubjectPublicKeyInfo of a P-256 key, uncompressed point. */
export const SPKI_LENGTH = 91;
/** Length of an uncompressed P-256 point: 04 ‖ x ‖ y (RFC 8422 section 5.4.1). */
export const POINT_LENGTH = 65;

const PREFIX = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');
const CLAUSE = 'protocol section 1.2';

/**
 * The public key in 91 bytes of SPKI, with its point on the curve (RFC 7250 section 3, protocol section 1.2).
 * @throws WireError `unsupported` for any other kind or form of key, `malformed` for a point off the curve
 */
export function parseSpki(spki: Uint8Array): KeyObject {
  if (spki.length !== SPKI_LENGTH || PREFIX.compare(spki, 0, PREFIX.length) !== 0 || spki[PREFIX.length] !== 4) {
    throw new WireError('unsupported', 'not an uncompressed P-256 public key of 91 bytes', CLAUSE);
  }
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch {
    throw new WireError('malformed', 'the point is not on the curve', CLAUSE);
  }
}

/**
 * The 91-byte SPKI in a `PUBLIC KEY` PEM.
 * @throws WireError `malformed` for anything that isn't such a PEM, `unsupported` for a key that isn't P-256
 */
export function spkiFromPem(pem: string): Uint8Array {
  if (!pem.includes('-----BEGIN PUBLIC KEY-----')) throw new WireError('malformed', 'not a PUBLIC KEY PEM', CLAUSE);
  let spki: Buffer;
  try {
    spki = createPublicKey(pem).export({ format: 'der', type: 'spki' });
  } catch {
    throw new WireError('malformed', 'not a PUBLIC KEY PEM', CLAUSE);
  }
  parseSpki(spki);
  return new Uint8Array(spki);
}
