import { ByteWriter } from '@cloudchamber/kernel';
import { WireError } from '../wire-error.ts';
import { WireReader } from '../wire-reader.ts';
import { readVarint, writeVarint } from './varint.ts';

const CLAUSE = 'protobuf encoding';
const WireType = { VARINT: 0, FIXED64: 1, BYTES: 2, FIXED32: 5 } as const;

/** One field of a message: `integer` for the wire types varint and fixed32, `bytes` for length-delimited and fixed64. */
export interface ProtobufField {
  readonly number: number;
  readonly integer?: number;
  readonly bytes?: Uint8Array;
}

/**
 * The fields of a protobuf message, in order, as views on `bytes`. Callers pick the numbers they know and skip the rest.
 * @throws WireError `malformed` for field number 0 and the group wire types, `truncated` when a field ends early.
 */
export function readProtobuf(bytes: Uint8Array): ProtobufField[] {
  const reader = new WireReader(bytes, CLAUSE);
  const fields: ProtobufField[] = [];
  while (reader.remaining > 0) fields.push(readField(reader));
  return fields;
}

/** The value of a uint32, bool or enum field. @throws WireError `malformed` when it is of another kind or above 32 bits. */
export function fieldUint32(field: ProtobufField): number {
  if (field.integer === undefined || field.integer > 0xffffffff) {
    throw new WireError('malformed', `field ${field.number} is no 32-bit integer`, CLAUSE);
  }
  return field.integer;
}

/** The value of a bytes, string or message field. @throws WireError `malformed` when it is of another kind. */
export function fieldBytes(field: ProtobufField): Uint8Array {
  if (field.bytes === undefined) throw new WireError('malformed', `field ${field.number} is an integer`, CLAUSE);
  return field.bytes;
}

/** Writes one message. As in proto3, integers of 0 are left out; what is given as undefined is left out everywhere. */
export class ProtobufWriter {
  readonly #parts: Uint8Array[] = [];

  uint(number: number, value: number): this {
    if (value !== 0) this.#parts.push(writeVarint(fieldHead(number, WireType.VARINT), value, CLAUSE).finish());
    return this;
  }

  fixed32(number: number, value: number): this {
    if (value !== 0) this.#parts.push(fieldHead(number, WireType.FIXED32).u32le(value).finish());
    return this;
  }

  /** A bytes, string or message field. `value` is read when `finish` is called. */
  bytes(number: number, value: Uint8Array | string | undefined): this {
    if (value === undefined) return this;
    const content = typeof value === 'string' ? Buffer.from(value) : value;
    this.#parts.push(writeVarint(fieldHead(number, WireType.BYTES), content.length, CLAUSE).finish(), content);
    return this;
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** A writer that holds the tag of a field, with room for the longest integer behind it. */
function fieldHead(number: number, wireType: number): ByteWriter {
  return writeVarint(new ByteWriter(16), number * 8 + wireType, CLAUSE);
}

function readField(reader: WireReader): ProtobufField {
  const start = reader.offset;
  const tag = readVarint(reader, CLAUSE);
  const number = Math.floor(tag / 8);
  if (number === 0 || number > 0x1fffffff) throw new WireError('malformed', `field number ${number}`, CLAUSE, start);
  switch (tag % 8) {
    case WireType.VARINT:
      return { number, integer: readVarint(reader, CLAUSE) };
    case WireType.FIXED64:
      return { number, bytes: reader.bytes(8) };
    case WireType.BYTES:
      return { number, bytes: reader.bytes(readVarint(reader, CLAUSE)) };
    case WireType.FIXED32:
      return { number, integer: reader.u32le() };
    default:
      throw new WireError('malformed', `wire type ${tag % 8}`, CLAUSE, start);
  }
}
