import { WireError } from '../wire-error.ts';
import type { CoapMessage } from './message.ts';
import { NO_BYTES } from './message.ts';

/** Option numbers of RFC 7252, 7959, 7967 and 9175, and the device protocol's own for firmware updates (protocol section 9.1). */
export const CoapOptionNumber = {
  ETAG: 4,
  URI_PATH: 11,
  CONTENT_FORMAT: 12,
  MAX_AGE: 14,
  URI_QUERY: 15,
  BLOCK2: 23,
  BLOCK1: 27,
  NO_RESPONSE: 258,
  REQUEST_TAG: 292,
  CHUNK_INDEX: 2049,
  WINDOW_SIZE: 2053,
  FILE_SIZE: 2057,
  FILE_SHA256: 2061,
  CHUNK_SIZE: 2065,
  DISCARD_DATA: 2069,
  CANCEL_UPDATE: 2073,
  MODULE_FUNCTION: 2077,
} as const;
export type CoapOptionNumber = (typeof CoapOptionNumber)[keyof typeof CoapOptionNumber];

const UINT_CLAUSE = 'RFC 7252 3.2';

/** The value of the first option of that number, or undefined. */
export function findOption(message: CoapMessage, number: number): Uint8Array | undefined {
  for (const option of message.options) {
    if (option.number === number) return option.value;
  }
  return undefined;
}

/** The values of all options of that number, in order. */
export function optionValues(message: CoapMessage, number: number): Uint8Array[] {
  const values: Uint8Array[] = [];
  for (const option of message.options) {
    if (option.number === number) values.push(option.value);
  }
  return values;
}

/**
 * The first option of that number as an unsigned integer, or undefined when it isn't there.
 * @throws WireError `malformed` when it is longer than `maxBytes`.
 */
export function findUint(message: CoapMessage, number: number, maxBytes: number): number | undefined {
  const value = findOption(message, number);
  return value === undefined ? undefined : decodeUint(value, maxBytes);
}

/** Whether a receiver that doesn't know the option has to refuse the message: odd numbers (RFC 7252 section 5.4.1). */
export function isCritical(number: number): boolean {
  return (number & 1) === 1;
}

/** The number of the first critical option that is not in `known`: the message must then not be acted on (RFC 7252 section 5.4.1). */
export function unknownCriticalOption(message: CoapMessage, known: readonly number[]): number | undefined {
  for (const { number } of message.options) {
    if (isCritical(number) && !known.includes(number)) return number;
  }
  return undefined;
}

/**
 * An integer from 0 to 2^32 − 1 in as few big-endian bytes as it takes; 0 takes none (RFC 7252 section 3.2).
 * @throws WireError `malformed` for anything else.
 */
export function encodeUint(value: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new WireError('malformed', `${value} is not a 32-bit unsigned integer`, UINT_CLAUSE);
  }
  if (value === 0) return NO_BYTES;
  if (value <= 0xff) return Uint8Array.of(value);
  if (value <= 0xffff) return Uint8Array.of(value >> 8, value);
  if (value <= 0xffffff) return Uint8Array.of(value >> 16, value >> 8, value);
  return Uint8Array.of(value >>> 24, value >> 16, value >> 8, value);
}

/**
 * The integer in an option value. Leading zero bytes are allowed, as RFC 7252 section 3.2 asks of a receiver.
 * @throws WireError `malformed` above `maxBytes` bytes, which is at most 4.
 */
export function decodeUint(bytes: Uint8Array, maxBytes = 4): number {
  if (bytes.length > maxBytes) {
    throw new WireError('malformed', `an integer of ${bytes.length} bytes where ${maxBytes} are the most`, UINT_CLAUSE);
  }
  let value = 0;
  for (const byte of bytes) value = value * 256 + byte;
  return value;
}
