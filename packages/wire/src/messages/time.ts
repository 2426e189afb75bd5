import { CoapCode, CoapOptionNumber, CoapType, encodeCoap, oneByteToken } from '../coap/index.ts';
import { WireError } from '../wire-error.ts';
import { encodeResponse } from './response.ts';

const CLAUSE = 'protocol section 5.6';
const PATH = { number: CoapOptionNumber.URI_PATH, value: 't' };

/** GET /t of a device. */
export function encodeTimeRequest(request: { readonly id: number; readonly token: number }): Buffer {
  return encodeCoap({
    type: CoapType.CON,
    code: CoapCode.GET,
    id: request.id,
    token: oneByteToken(request.token),
    options: [PATH],
  });
}

/** The server's answer, in the ACK: `seconds` since 1970 in UTC, a whole number up to 2^32 − 1. */
export function encodeTimeAnswer(answer: {
  readonly id: number;
  readonly token: Uint8Array;
  readonly seconds: number;
}): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(answer.seconds);
  return encodeResponse({ type: CoapType.ACK, id: answer.id, token: answer.token, code: CoapCode.CONTENT, payload });
}

/** Seconds since 1970 in the payload of the answer. @throws WireError `malformed` unless it has 4 bytes. */
export function decodeTimeAnswer(payload: Uint8Array): number {
  if (payload.length !== 4) throw new WireError('malformed', `a time of ${payload.length} bytes`, CLAUSE);
  return new DataView(payload.buffer, payload.byteOffset, 4).getUint32(0);
}
