import { WireError } from '../wire-error.ts';
import { CoapCode, checkCodeClass } from './code.ts';
import type { CoapMessage, CoapOption, CoapType } from './message.ts';
import { MAX_OPTION_NUMBER, NO_BYTES, PAYLOAD_MARKER } from './message.ts';

const CLAUSE = 'RFC 7252 3';
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

/** The value of a nibble of 13 or more, from the bytes that follow at `at`. */
function extended(bytes: Uint8Array, at: number, nibble: number): number {
  if (nibble === 15) throw new WireError('malformed', 'reserved option nibble 15', CLAUSE, at - 1);
  if (at + nibble - 12 > bytes.length) throw new WireError('truncated', 'the option ends early', CLAUSE, at);
  if (nibble === 13) return (bytes[at] as number) + 13;
  return ((bytes[at] as number) << 8) + (bytes[at + 1] as number) + 269;
}
