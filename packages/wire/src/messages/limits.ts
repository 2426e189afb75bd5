import { WireError } from '../wire-error.ts';

/** Longest name of an event, a function or a variable, and the longest subscription prefix, in bytes of UTF-8 (protocol section 3.4). */
export const MAX_NAME_BYTES = 64;

/** Largest event data, function argument or variable value that fits one message, from Device OS 3.0 on (protocol section 3.4). */
export const MAX_VALUE_BYTES = 1024;

/** Largest event data, Describe document or other body that may be put together from blocks (protocol section 5.3). */
export const MAX_BODY_BYTES = 16_384;

/** @throws WireError `malformed` for an empty name, `too_large` above 64 bytes. */
export function checkName(name: string, clause: string): void {
  if (name.length === 0) throw new WireError('malformed', 'an empty name', clause);
  const bytes = Buffer.byteLength(name);
  if (bytes > MAX_NAME_BYTES) throw new WireError('too_large', `a name of ${bytes} bytes`, clause);
}

/** @throws WireError `too_large` when the value is longer than `limit` bytes. */
export function checkLength(value: Uint8Array | string, limit: number, clause: string): void {
  const bytes = typeof value === 'string' ? Buffer.byteLength(value) : value.length;
  if (bytes > limit) throw new WireError('too_large', `${bytes} bytes where ${limit} are the most`, clause);
}
