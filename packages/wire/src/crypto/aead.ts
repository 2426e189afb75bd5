import type { KeyObject } from 'node:crypto';
import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import { WireError } from '../wire-error.ts';

/** Tag length of AES-128-CCM-8 (RFC 6655 section 3). */
export const CCM_TAG_LENGTH = 8;

/** A 16-byte AES key in the form that OpenSSL wants it; about 1.2 KB of memory, so sessions make it on demand. */
export type AeadKey = KeyObject;

const ALGORITHM = 'aes-128-ccm';
const OPTIONS = { authTagLength: CCM_TAG_LENGTH } as const;

/** The AEAD key of 16 raw bytes, which are copied. */
export function aeadKey(raw: Uint8Array): AeadKey {
  return createSecretKey(raw);
}

/**
 * Encrypts and authenticates with AES-128-CCM-8 (RFC 6655) and writes ciphertext ‖ tag into `out` at `offset`.
 * @param nonce 12 bytes, never used twice with the same key
 */
export function sealCcm8(
  key: AeadKey,
  nonce: Uint8Array,
  associated: Uint8Array,
  plaintext: Uint8Array,
  out: Uint8Array,
  offset: number,
): void {
  const cipher = createCipheriv(ALGORITHM, key, nonce, OPTIONS);
  cipher.setAAD(associated, { plaintextLength: plaintext.length });
  const ciphertext = cipher.update(plaintext);
  cipher.final();
  out.set(ciphertext, offset);
  out.set(cipher.getAuthTag(), offset + ciphertext.length);
}

/**
 * The plaintext of ciphertext ‖ tag, in a buffer of its own.
 * @throws WireError `unauthenticated` when the tag does not fit, with nothing of the plaintext revealed
 */
export function openCcm8(key: AeadKey, nonce: Uint8Array, associated: Uint8Array, sealed: Uint8Array): Buffer {
  const length = sealed.length - CCM_TAG_LENGTH;
  if (length < 0) throw new WireError('truncated', 'shorter than its tag', 'RFC 6655 3');
  const decipher = createDecipheriv(ALGORITHM, key, nonce, OPTIONS);
  decipher.setAuthTag(sealed.subarray(length));
  decipher.setAAD(associated, { plaintextLength: length });
  try {
    const plaintext = decipher.update(sealed.subarray(0, length));
    decipher.final();
    return plaintext;
  } catch {
    throw new WireError('unauthenticated', 'tag does not verify', 'RFC 6655 3');
  }
}
