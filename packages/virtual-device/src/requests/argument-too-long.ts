import { CoapCode, type CoapMessage, CoapType, encodeResponse } from '@cloudchamber/wire';

/** What a device answers to a function argument that it has no room for: 4.00 in the ACK (protocol section 6.2). */
export function argumentTooLong({ id, token }: CoapMessage): Uint8Array {
  return encodeResponse({ type: CoapType.ACK, id, token, code: CoapCode.BAD_REQUEST });
}
