import type { CoapMessage } from '../coap/index.ts';
import { CoapCode, CoapOptionNumber, CoapType, encodeCoap, findOption, oneByteToken } from '../coap/index.ts';
import { WireError } from '../wire-error.ts';
import { encodeResponse } from './response.ts';

const CLAUSE = 'protocol section 6.6';
const PATH = { number: CoapOptionNumber.URI_PATH, value: 's' };
const ON = { number: CoapOptionNumber.URI_QUERY, value: Uint8Array.of(1) };
const OFF = { number: CoapOptionNumber.URI_QUERY, value: Uint8Array.of(0) };

/** PUT /s: the rainbow LED on or off. */
export function encodeSignal(signal: { readonly id: number; readonly token: number; readonly on: boolean }): Buffer {
  return encodeCoap({
    type: CoapType.CON,
    code: CoapCode.PUT,
    id: signal.id,
    token: oneByteToken(signal.token),
    options: [PATH, signal.on ? ON : OFF],
  });
}

/** @throws WireError `malformed` unless the query is one byte, 0 or 1. */
export function decodeSignal(message: CoapMessage): { readonly on: boolean } {
  const query = findOption(message, CoapOptionNumber.URI_QUERY);
  if (query?.length !== 1 || (query[0] as number) > 1)
    throw new WireError('malformed', 'a signal without 0 or 1', CLAUSE);
  return { on: query[0] === 1 };
}

/** The device's answer: 2.04 in the ACK. */
export function encodeSignalAck(ack: { readonly id: number; readonly token: Uint8Array }): Buffer {
  return encodeResponse({ type: CoapType.ACK, id: ack.id, token: ack.token, code: CoapCode.CHANGED });
}
