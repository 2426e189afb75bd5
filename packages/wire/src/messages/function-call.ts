import type { CoapMessage } from '../coap/index.ts';
import { CoapCode, CoapOptionNumber, CoapType, encodeCoap, oneByteToken, optionValues } from '../coap/index.ts';
import { WireError } from '../wire-error.ts';
import { checkLength, checkName, MAX_VALUE_BYTES } from './limits.ts';
import { pathName } from './request-path.ts';
import { encodeResponse, separateType } from './response.ts';
import { decodeUtf8 } from './utf8.ts';

export interface FunctionCallFields {
  /** 1 to 64 bytes of UTF-8. */
  readonly name: string;
  /** Up to 1024 bytes of UTF-8, possibly empty. */
  readonly argument: string;
}

const CLAUSE = 'protocol section 6.2';
const PATH = { number: CoapOptionNumber.URI_PATH, value: 'f' };

/**
 * POST /f/name?argument. The argument is always there, even when empty.
 * @throws WireError `malformed` for an empty name, `too_large` for a name above 64 bytes or an argument above 1024.
 */
export function encodeFunctionCall(call: FunctionCallFields & { readonly id: number; readonly token: number }): Buffer {
  checkName(call.name, CLAUSE);
  checkLength(call.argument, MAX_VALUE_BYTES, CLAUSE);
  return encodeCoap({
    type: CoapType.CON,
    code: CoapCode.POST,
    id: call.id,
    token: oneByteToken(call.token),
    options: [
      PATH,
      { number: CoapOptionNumber.URI_PATH, value: call.name },
      { number: CoapOptionNumber.URI_QUERY, value: call.argument },
    ],
  });
}

/** @throws WireError `malformed` for a missing name, other than one argument or bad UTF-8; `too_large` beyond the limits of `encodeFunctionCall`. */
export function decodeFunctionCall(message: CoapMessage): FunctionCallFields {
  const name = pathName(message, CLAUSE);
  checkName(name, CLAUSE);
  const [argument, ...others] = optionValues(message, CoapOptionNumber.URI_QUERY);
  if (argument === undefined || others.length > 0)
    throw new WireError('malformed', 'a call without exactly one argument', CLAUSE);
  checkLength(argument, MAX_VALUE_BYTES, CLAUSE);
  return { name, argument: decodeUtf8(argument, CLAUSE) };
}

/** The answer of a device to a call: 2.04 with the int32 result. */
export function encodeFunctionResult(result: {
  readonly id: number;
  readonly token: Uint8Array;
  readonly value: number;
  readonly confirmable?: boolean;
}): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeInt32BE(result.value | 0);
  return encodeResponse({
    type: separateType(result.confirmable),
    id: result.id,
    token: result.token,
    code: CoapCode.CHANGED,
    payload,
  });
}

/** The int32 in the payload of a 2.04 (MSG-18). @throws WireError `malformed` unless it has 4 bytes. */
export function decodeFunctionResult(payload: Uint8Array): number {
  if (payload.length !== 4) throw new WireError('malformed', `a result of ${payload.length} bytes`, CLAUSE);
  return new DataView(payload.buffer, payload.byteOffset, 4).getInt32(0);
}
