import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

/** A secret in the form that HMAC wants it: six times as fast as raw bytes, which Node first tries to read as a key object. */
export type HmacKey = KeyObject;

/** The HMAC key of raw bytes, which are copied. */
export function hmacKey(raw: Uint8Array): HmacKey {
  return createSecretKey(raw);
}

/** HMAC-SHA-256 (RFC 2104) over the parts as if joined, 32 bytes. */
export function hmacSha256(key: HmacKey, ...parts: readonly Uint8Array[]): Buffer {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

/** HMAC-SHA-1 (RFC 2104), 20 bytes: only where the protocol for TCP asks for it (protocol section 2.1). */
export function hmacSha1(key: HmacKey, data: Uint8Array): Buffer {
  return createHmac('sha1', key).update(data).digest();
}

/** SHA-256, 32 bytes. */
export function sha256(data: Uint8Array): Buffer {
  return hash('sha256', data, 'buffer');
}
