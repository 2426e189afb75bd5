import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
  privateEncrypt,
  publicDecrypt,
  publicEncrypt,
} from 'node:crypto';
import type { Entropy } from '@cloudchamber/kernel';
import { WireError } from '../wire-error.ts';
import { padForEncryption, type Unpadded, unpadAfterDecryption } from './rsa-padding.ts';

const { RSA_NO_PADDING, RSA_PKCS1_PADDING } = constants;

/** Modulus sizes that the protocol has a place for, in bits: 1024 for devices, 2048 for servers (protocol section 2.1). */
export type RsaBits = 1024 | 2048;

/** DER SubjectPublicKeyInfo of an RSA-1024 key as devices have it, public exponent 65537 (protocol section 2.1). */
export const RSA_1024_SPKI_LENGTH = 162;
/** The same of an RSA-2048 key, as servers have it. */
export const RSA_2048_SPKI_LENGTH = 294;

/** A long-term RSA key: the identity of a server or a device on TCP. */
export interface PrivateKeyRsa {
  /** The public half as DER SubjectPublicKeyInfo: 162 bytes for 1024 bits, 294 for 2048. */
  readonly spki: Uint8Array;
  /** The key as PKCS #8 PEM. Secret. */
  readonly pem: string;
  /** Bytes of the modulus, and of everything that the key encrypts or signs. */
  readonly size: number;
  /**
   * Decrypts PKCS #1 v1.5 without telling whether the padding was right: see `unpadAfterDecryption`. Never throws for what a peer sent.
   * @param ciphertext `size` bytes
   */
  decrypt(ciphertext: Uint8Array, lengths: readonly number[], substitute: Uint8Array): Unpadded;
  /** A PKCS #1 v1.5 signature over bare bytes, with no digest and no DigestInfo in front: protocol section 2.1. */
  signBare(message: Uint8Array): Buffer;
}

/** The public half of somebody's RSA key. */
export interface PublicKeyRsa {
  readonly spki: Uint8Array;
  readonly size: number;
  /** PKCS #1 v1.5 encryption. @throws WireError `too_large` when the message is longer than `size` - 11, `malformed` for a key that can't encrypt */
  encrypt(message: Uint8Array, entropy: Entropy): Buffer;
  /** What `signBare` signed. @throws WireError `unauthenticated` when it is no signature of this key */
  openSignature(signature: Uint8Array): Buffer;
}

const CLAUSE = 'protocol section 2.1';
const SPKI_LENGTHS: Record<RsaBits, number> = { 1024: RSA_1024_SPKI_LENGTH, 2048: RSA_2048_SPKI_LENGTH };
/** SEQUENCE { SEQUENCE { rsaEncryption, NULL }, BIT STRING { SEQUENCE { INTEGER modulus, … } } } up to the modulus' first byte. */
const SPKI_HEADS: Record<RsaBits, Buffer> = {
  1024: Buffer.from('30819f300d06092a864886f70d010101050003818d0030818902818100', 'hex'),
  2048: Buffer.from('30820122300d06092a864886f70d01010105000382010f003082010a0282010100', 'hex'),
};
const EXPONENT = Buffer.from('0203010001', 'hex');

/** A fresh key from the operating system's randomness. 2048 bits take up to a second. */
export function generateRsa(bits: RsaBits): PrivateKeyRsa {
  return privateKey(generateKeyPairSync('rsa', { modulusLength: bits, publicExponent: 65_537 }).privateKey, bits);
}

/**
 * A stored key: PEM, or DER in PKCS #8 or PKCS #1.
 * @throws WireError `malformed` when it is no private key, `unsupported` when it is not RSA of that size with the exponent 65537
 */
export function loadRsa(pemOrDer: string | Uint8Array, bits: RsaBits): PrivateKeyRsa {
  if (typeof pemOrDer === 'string') return privateKey(parsePrivate({ key: pemOrDer, format: 'pem' }), bits);
  const key = Buffer.from(pemOrDer);
  try {
    return privateKey(parsePrivate({ key, format: 'der', type: 'pkcs8' }), bits);
  } catch (error) {
    if (error instanceof WireError && error.kind === 'unsupported') throw error;
    return privateKey(parsePrivate({ key, format: 'der', type: 'pkcs1' }), bits);
  }
}

/**
 * The public key in DER SubjectPublicKeyInfo, in the one form that devices use: that size, exponent 65537, 162 or 294 bytes.
 * @throws WireError `unsupported` for any other kind or form of key
 */
export function parseRsaSpki(spki: Uint8Array, bits: RsaBits): PublicKeyRsa {
  const head = SPKI_HEADS[bits];
  const right =
    spki.length === SPKI_LENGTHS[bits] &&
    head.compare(spki, 0, head.length) === 0 &&
    EXPONENT.compare(spki, spki.length - EXPONENT.length) === 0 &&
    (spki[head.length] as number) >= 0x80;
  if (!right) throw new WireError('unsupported', `not an RSA public key of ${bits} bits`, CLAUSE);
  const own = new Uint8Array(spki);
  const key = createPublicKey({ key: Buffer.from(own), format: 'der', type: 'spki' });
  const size = bits / 8;
  return {
    spki: own,
    size,
    encrypt: (message, entropy) => encrypt(key, padForEncryption(message, size, entropy)),
    openSignature: (signature) => openSignature(key, signature),
  };
}

function privateKey(key: KeyObject, bits: RsaBits): PrivateKeyRsa {
  if (key.asymmetricKeyType !== 'rsa') throw new WireError('unsupported', 'not an RSA private key', CLAUSE);
  const spki = new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }));
  parseRsaSpki(spki, bits);
  const size = bits / 8;
  return {
    spki,
    size,
    get pem() {
      return key.export({ format: 'pem', type: 'pkcs8' }).toString();
    },
    decrypt: (ciphertext, lengths, substitute) =>
      unpadAfterDecryption(decryptRaw(key, ciphertext, size), lengths, substitute),
    signBare: (message) => privateEncrypt({ key, padding: RSA_PKCS1_PADDING }, message),
  };
}

/** The bare operation: Node refuses to take PKCS #1 v1.5 padding off, for good reasons, which `unpadAfterDecryption` deals with. */
function decryptRaw(key: KeyObject, ciphertext: Uint8Array, size: number): Uint8Array {
  try {
    return privateDecrypt({ key, padding: RSA_NO_PADDING }, ciphertext);
  } catch {
    // A number above the modulus, which anybody can tell who has the public key. A block of zeros is no padding.
    return new Uint8Array(size);
  }
}

function encrypt(key: KeyObject, block: Buffer): Buffer {
  try {
    return publicEncrypt({ key, padding: RSA_NO_PADDING }, block);
  } catch {
    throw new WireError('malformed', 'an RSA key that cannot encrypt', CLAUSE);
  }
}

function openSignature(key: KeyObject, signature: Uint8Array): Buffer {
  try {
    return publicDecrypt({ key, padding: RSA_PKCS1_PADDING }, signature);
  } catch {
    throw new WireError('unauthenticated', 'not a signature of this key', CLAUSE);
  }
}

function parsePrivate(input: Parameters<typeof createPrivateKey>[0]): KeyObject {
  try {
    return createPrivateKey(input);
  } catch {
    throw new WireError('malformed', 'not a private key', CLAUSE);
  }
}
