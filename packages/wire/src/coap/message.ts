import { WireError } from '../wire-error.ts';
import { CoapCode } from './code.ts';

export const CoapType = { CON: 0, NON: 1, ACK: 2, RST: 3 } as const;
export type CoapType = (typeof CoapType)[keyof typeof CoapType];

export interface CoapOption {
  readonly number: number;
  readonly value: Uint8Array;
}

/** A decoded message. Token, option values and payload share memory with the datagram: copy what outlives it. */
export interface CoapMessage {
  readonly type: CoapType;
  readonly code: number;
  readonly id: number;
  readonly token: Uint8Array;
  /** In the order of the wire, so by ascending number. */
  readonly options: readonly CoapOption[];
  readonly payload: Uint8Array;
}

/** What `encodeCoap` takes. A string stands for its UTF-8 bytes and is written straight into the message. */
export interface CoapFields {
  readonly type: CoapType;
  readonly code: number;
  readonly id: number;
  readonly token?: Uint8Array;
  /** In any order; options of the same number keep theirs. */
  readonly options?: readonly CoapOptionFields[];
  /** Empty is the same as none: the marker is left out. */
  readonly payload?: Uint8Array | string;
}

export interface CoapOptionFields {
  readonly number: number;
  readonly value: Uint8Array | string;
}

const CLAUSE = 'RFC 7252 3';
const PAYLOAD_MARKER = 0xff;
const MAX_OPTION_NUMBER = 0xffff;
const MAX_OPTION_LENGTH = 0xffff + 269;
const NO_BYTES = new Uint8Array(0);
const NO_OPTIONS: readonly CoapOption[] = Object.freeze([]);

/**
 * One CoAP message out of one datagram or TCP frame.
 * @throws WireError `unsupported` for another version than 1; `malformed` for a token length of 9 to 15, a reserved code class, an empty message with
 * anything after its id, the reserved option nibble 15, an option number above 65535, or a payload marker without payload; `truncated` when the bytes end early.
 */
export function decodeCoap(bytes: Uint8Array): CoapMessage {
  const length = bytes.length;
  if (length < 4) throw new WireError('truncated', `a message of ${length} bytes`, CLAUSE, length);
  const first = bytes[0] as number;
  if (first >> 6 !== 1) throw new WireError('unsupported', `CoAP version ${first >> 6}`, CLAUSE, 0);
  const tokenLength = first & 0x0f;
  if (tokenLength > 8) throw new WireError('malformed', `token length ${tokenLength}`, CLAUSE, 0);
  const type = ((first >> 4) & 3) as CoapType;
  const code = bytes[1] as number;
  const id = ((bytes[2] as number) << 8) | (bytes[3] as number);

  if (code === CoapCode.EMPTY) {
    if (length !== 4 || tokenLength !== 0) throw new WireError('malformed', 'an empty message with content', CLAUSE, 4);
    return { type, code, id, token: NO_BYTES, options: NO_OPTIONS, payload: NO_BYTES };
  }
  checkCodeClass(code);
  let at = 4 + tokenLength;
  if (at > length) throw new WireError('truncated', 'the token ends early', CLAUSE, 4);
  const token = tokenLength === 0 ? NO_BYTES : bytes.subarray(4, at);

  if (at === length) return { type, code, id, token, options: NO_OPTIONS, payload: NO_BYTES };
  const options: CoapOption[] = [];
  let payload: Uint8Array = NO_BYTES;
  let number = 0;
  while (at < length) {
    const head = bytes[at] as number;
    if (head === PAYLOAD_MARKER) {
      if (at + 1 === length) throw new WireError('malformed', 'payload marker without payload', CLAUSE, at);
      payload = bytes.subarray(at + 1);
      break;
    }
    const start = at;
    let delta = head >> 4;
    let size = head & 0x0f;
    at += 1;
    if (delta >= 13) {
      delta = extended(bytes, at, delta);
      at += delta < 269 ? 1 : 2;
    }
    if (size >= 13) {
      size = extended(bytes, at, size);
      at += size < 269 ? 1 : 2;
    }
    number += delta;
    if (number > MAX_OPTION_NUMBER) throw new WireError('malformed', `option number ${number}`, CLAUSE, start);
    if (at + size > length) throw new WireError('truncated', `option ${number} ends early`, CLAUSE, start);
    options.push({ number, value: size === 0 ? NO_BYTES : bytes.subarray(at, at + size) });
    at += size;
  }
  return { type, code, id, token, options, payload };
}

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

function checkCodeClass(code: number): void {
  const codeClass = code >> 5;
  if (codeClass !== 0 && codeClass !== 2 && codeClass !== 4 && codeClass !== 5) {
    throw new WireError('malformed', `code class ${codeClass}`, CLAUSE, 1);
  }
}

/** The value of a nibble of 13 or more, from the bytes that follow at `at`. */
function extended(bytes: Uint8Array, at: number, nibble: number): number {
  if (nibble === 15) throw new WireError('malformed', 'reserved option nibble 15', CLAUSE, at - 1);
  if (at + nibble - 12 > bytes.length) throw new WireError('truncated', 'the option ends early', CLAUSE, at);
  if (nibble === 13) return (bytes[at] as number) + 13;
  return ((bytes[at] as number) << 8) + (bytes[at + 1] as number) + 269;
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
