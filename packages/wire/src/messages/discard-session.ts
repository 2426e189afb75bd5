import { CoapCode, CoapOptionNumber, CoapType, encodeCoap, oneByteToken } from '../coap/index.ts';

const OPTIONS = [
  { number: CoapOptionNumber.URI_PATH, value: 'k' },
  { number: CoapOptionNumber.URI_QUERY, value: Uint8Array.of(1) },
];

/**
 * PUT /k: the device erases its session and handshakes anew (protocol section 6.9). Its ACK may carry an id of its own, so stop repeating
 * when anything that looks like the end of the session arrives.
 */
export function encodeDiscardSession(request: { readonly id: number; readonly token?: number }): Buffer {
  return encodeCoap({
    type: CoapType.CON,
    code: CoapCode.PUT,
    id: request.id,
    token: request.token === undefined ? undefined : oneByteToken(request.token),
    options: OPTIONS,
  });
}
