import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { WireError } from '../wire-error.ts';

/** A 16-byte AES key in the form that OpenSSL wants it. */
export type CbcKey = KeyObject;

/** Bytes of an AES block. */
export const AES_BLOCK = 16;

const ALGORITHM = 'aes-128-cbc';

/** The AES-128 key of 16 raw bytes, which are copied. */
export function cbcKey(raw: Uint8Array): CbcKey {
  return createSecretKey(raw);
}

/** AES-128-CBC with PKCS #7 padding of 1 to 16 bytes. @param iv 16 bytes */
export function encryptCbc(key: CbcKey, iv: Uint8Array, plaintext: Uint8Array): Buffer {
  const cipher = createCipheriv(ALGORITHM, key, iv);
  return Buffer.concat([cipher.update(plaintext), cipher.final()]);
}

/** The plaintext of `encryptCbc`, in a buffer of its own. @throws WireError `unauthenticated` when the padding is wrong */
export function decryptCbc(key: CbcKey, iv: Uint8Array, ciphertext: Uint8Array): Buffer {
  const decipher = createDecipheriv(ALGORITHM, key, iv);
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    throw new WireError('unauthenticated', 'padding does not verify', 'protocol section 2.2');
  }
}
