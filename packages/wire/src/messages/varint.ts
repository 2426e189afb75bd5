import type { ByteWriter } from '@cloudchamber/kernel';
import { WireError } from '../wire-error.ts';
import type { WireReader } from '../wire-reader.ts';

const MAX_BYTES = 10;

/**
 * An unsigned LEB128 number of up to 64 bits, as Goodbye and protobuf have it. Above 2^53 the result is rounded, so check the range that the field allows.
 * @throws WireError `malformed` above 10 bytes, `truncated` when the bytes end inside it.
 */
export function readVarint(reader: WireReader, clause: string): number {
  let value = 0;
  let scale = 1;
  for (let i = 0; i < MAX_BYTES; i++) {
    const byte = reader.u8();
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
    scale *= 128;
  }
  throw new WireError('malformed', 'a number of more than 10 bytes', clause, reader.offset);
}

/** Like `readVarint`, for a field of 32 bits. @throws WireError `malformed` above 2^32 − 1. */
export function readVarint32(reader: WireReader, clause: string): number {
  const value = readVarint(reader, clause);
  if (value > 0xffffffff) throw new WireError('malformed', 'a number above 32 bits', clause, reader.offset);
  return value;
}

/** @throws WireError `malformed` unless `value` is an integer from 0 to 2^53 − 1. */
export function writeVarint(writer: ByteWriter, value: number, clause: string): ByteWriter {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new WireError('malformed', `${value} is not an unsigned integer`, clause);
  let rest = value;
  while (rest > 0x7f) {
    writer.u8((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  return writer.u8(rest);
}
