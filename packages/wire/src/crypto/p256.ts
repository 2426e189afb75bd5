import {
  createECDH,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { WireError } from '../wire-error.ts';
import { parseSpki } from './spki.ts';

/** A long-term P-256 key: a server's or a device's identity. */
export interface PrivateKeyP256 {
  /** The public half, 91 bytes of DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** The key as PKCS #8 PEM. Secret. */
  readonly pem: string;
  /** An ECDSA signature with SHA-256 over `data`, DER (RFC 8422 section 5.4). */
  sign(data: Uint8Array): Uint8Array;
}

const CLAUSE = 'protocol section 1.11';

/** A fresh key from the operating system's randomness. */
export function generateP256(): PrivateKeyP256 {
  return ofKeyObject(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey);
}

/**
 * A stored key: PEM or DER, PKCS #8 or SEC1.
 * @throws WireError `malformed` when it is no private key, `unsupported` when it is not P-256
 */
export function loadP256(pemOrDer: string | Uint8Array): PrivateKeyP256 {
  if (typeof pemOrDer === 'string') return ofKeyObject(parsePrivate({ key: pemOrDer, format: 'pem' }));
  const key = Buffer.from(pemOrDer);
  try {
    return ofKeyObject(parsePrivate({ key, format: 'der', type: 'pkcs8' }));
  } catch (error) {
    if (error instanceof WireError && error.kind === 'unsupported') throw error;
    return ofKeyObject(parsePrivate({ key, format: 'der', type: 'sec1' }));
  }
}

/**
 * The key with this private scalar, for vectors.
 * @param scalar 32 bytes, big-endian
 * @throws WireError `malformed` when it is not in [1, n-1]
 */
export function p256FromScalar(scalar: Uint8Array): PrivateKeyP256 {
  if (scalar.length !== 32) throw new WireError('malformed', 'a P-256 scalar has 32 bytes', CLAUSE);
  const ecdh = createECDH('prime256v1');
  try {
    ecdh.setPrivateKey(scalar);
  } catch {
    throw new WireError('malformed', 'not a P-256 private scalar', CLAUSE);
  }
  // RFC 5915: SEQUENCE { 1, OCTET STRING scalar, [0] prime256v1, [1] BIT STRING point }
  const head = Buffer.from('30770201010420', 'hex');
  const curve = Buffer.from('a00a06082a8648ce3d030107a144034200', 'hex');
  return loadP256(Buffer.concat([head, scalar, curve, ecdh.getPublicKey()]));
}

/** Whether `signature` (DER) is this key's ECDSA signature with SHA-256 over `data`; any malformed signature is false. */
export function verifyP256(key: KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify('sha256', data, key, signature);
  } catch {
    return false;
  }
}

function parsePrivate(input: Parameters<typeof createPrivateKey>[0]): KeyObject {
  try {
    return createPrivateKey(input);
  } catch {
    throw new WireError('malformed', 'not a private key', CLAUSE);
  }
}

function ofKeyObject(key: KeyObject): PrivateKeyP256 {
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new WireError('unsupported', 'not a P-256 private key', CLAUSE);
  }
  const spki = new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }));
  // A key stored with a compressed point would export another form than the one devices know.
  parseSpki(spki);
  return {
    spki,
    get pem() {
      return key.export({ format: 'pem', type: 'pkcs8' }).toString();
    },
    sign: (data) => sign('sha256', data, key),
  };
}
