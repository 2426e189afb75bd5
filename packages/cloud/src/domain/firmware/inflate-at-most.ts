import { inflateRawSync } from 'node:zlib';

/** Inflates raw deflate data to at most `limit` bytes. @throws Error when it is none, or when there is more */
export function inflateAtMost(data: Uint8Array, limit: number): Uint8Array {
  return inflateRawSync(data, { maxOutputLength: Math.max(1, limit) });
}
