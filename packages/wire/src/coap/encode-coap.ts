import { WireError } from '../wire-error.ts';
import { CoapCode, checkCodeClass } from './code.ts';
import type { CoapFields, CoapOptionFields } from './message.ts';
import { CoapType, MAX_OPTION_NUMBER, NO_BYTES, PAYLOAD_MARKER } from './message.ts';

const CLAUSE = 'RFC 7252 3';
const MAX_OPTION_LENGTH = 0xffff + 269;
const NO_OPTIONS: readonly CoapOptionFields[] = Object.freeze([]);

/**
 * The bytes of one message, at exactly their length.
 * @throws WireError `malformed` for fields that no message can have: an id above 65535, a token above 8 bytes, a reserved code class, an empty message with content.
 */
export function encodeCoap(fields: CoapFields): Buffer {
  const { code, id } = fields;
  const token = fields.token ?? NO_BYTES;
  const options = inOrder(fields.options ?? NO_OPTIONS);
  const payload = fields.payload ?? NO_BYTES;
  if (token.length > 8) throw new WireError('malformed', `token of ${token.length} bytes`, CLAUSE);
  if (!Number.isInteger(id) || id < 0 || id > 0xffff) throw new WireError('malformed', `message id ${id}`, CLAUSE);
  if (code === CoapCode.EMPTY) {
    if (token.length + options.length + payload.length > 0) {
      throw new WireError('malformed', 'an empty message with content', CLAUSE);
    }
    return empty(fields.type, id);
  }
  checkCodeClass(code);

  const payloadLength = byteLength(payload);
  const message = Buffer.allocUnsafe(4 + token.length + optionsLength(options) + (payloadLength && payloadLength + 1));
  writeHeader(message, fields.type, token.length, code, id);
  for (let i = 0; i < token.length; i++) message[4 + i] = token[i] as number;
  let at = 4 + token.length;
  let previous = 0;
  for (const { number, value } of options) {
    at = writeOptionHead(message, at, number - previous, byteLength(value));
    at += writeBytes(message, at, value);
    previous = number;
  }
  if (payloadLength > 0) {
    message[at] = PAYLOAD_MARKER;
    writeBytes(message, at + 1, payload);
  }
  return message;
}

/** An ACK that carries no response: `60 00 id id`. */
export function emptyAck(id: number): Buffer {
  return empty(CoapType.ACK, id);
}

/** A ping: a CON without code, `40 00 id id` (protocol sections 5.7 and 6.5). */
export function emptyCon(id: number): Buffer {
  return empty(CoapType.CON, id);
}

/** A reset, `70 00 id id`. Towards a device it erases the session (protocol section 1.10). */
export function reset(id: number): Buffer {
  return empty(CoapType.RST, id);
}

function empty(type: CoapType, id: number): Buffer {
  const message = Buffer.allocUnsafe(4);
  writeHeader(message, type, 0, CoapCode.EMPTY, id);
  return message;
}

function writeHeader(message: Buffer, type: CoapType, tokenLength: number, code: number, id: number): void {
  message[0] = 0x40 | (type << 4) | tokenLength;
  message[1] = code;
  message[2] = id >> 8;
  message[3] = id & 0xff;
}

function inOrder(options: readonly CoapOptionFields[]): readonly CoapOptionFields[] {
  let previous = 0;
  for (const { number } of options) {
    if (number < previous) return options.toSorted((a, b) => a.number - b.number);
    previous = number;
  }
  return options;
}

function optionsLength(options: readonly CoapOptionFields[]): number {
  let total = 0;
  let previous = 0;
  for (const { number, value } of options) {
    const length = byteLength(value);
    if (number > MAX_OPTION_NUMBER || length > MAX_OPTION_LENGTH) {
      throw new WireError('malformed', `option ${number} of ${length} bytes`, CLAUSE);
    }
    total += 1 + extensionLength(number - previous) + extensionLength(length) + length;
    previous = number;
  }
  return total;
}

function extensionLength(value: number): number {
  if (value < 13) return 0;
  return value < 269 ? 1 : 2;
}

function writeOptionHead(message: Buffer, start: number, delta: number, length: number): number {
  message[start] = (nibbleOf(delta) << 4) | nibbleOf(length);
  return writeExtension(message, writeExtension(message, start + 1, delta), length);
}

function nibbleOf(value: number): number {
  if (value < 13) return value;
  return value < 269 ? 13 : 14;
}

function writeExtension(message: Buffer, at: number, value: number): number {
  if (value < 13) return at;
  if (value < 269) {
    message[at] = value - 13;
    return at + 1;
  }
  message[at] = (value - 269) >> 8;
  message[at + 1] = (value - 269) & 0xff;
  return at + 2;
}

function byteLength(value: Uint8Array | string): number {
  return typeof value === 'string' ? Buffer.byteLength(value) : value.length;
}

function writeBytes(message: Buffer, at: number, value: Uint8Array | string): number {
  if (typeof value === 'string') return message.write(value, at);
  message.set(value, at);
  return value.length;
}
