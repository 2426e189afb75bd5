const TOKENS: readonly Uint8Array[] = Array.from({ length: 256 }, (_, value) => Uint8Array.of(value));

/**
 * The token of one byte that stands for `value` modulo 256. Requests in either direction carry exactly such a token (protocol section 3.1).
 * The bytes are shared by all callers: never write to them.
 */
export function oneByteToken(value: number): Uint8Array {
  return TOKENS[value & 0xff] as Uint8Array;
}
