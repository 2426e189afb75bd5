import { hmacKey, hmacSha256 } from './digest.ts';

/**
 * The TLS 1.2 pseudo-random function with SHA-256 (RFC 5246 section 5).
 * @param label ASCII, such as `master secret`
 * @returns `length` bytes
 */
export function prfSha256(secret: Uint8Array, label: string, seed: Uint8Array, length: number): Buffer {
  const key = hmacKey(secret);
  const labelled = Buffer.concat([Buffer.from(label, 'latin1'), seed]);
  const out = Buffer.alloc(length);
  let a: Buffer = labelled;
  for (let at = 0; at < length; at += a.length) {
    a = hmacSha256(key, a);
    out.set(hmacSha256(key, a, labelled).subarray(0, length - at), at);
  }
  return out;
}
