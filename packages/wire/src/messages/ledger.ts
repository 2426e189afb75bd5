import type { Block, CoapMessage } from '../coap/index.ts';
import { CoapOptionNumber, decodeBlock, findOption } from '../coap/index.ts';

/** A ledger request, its protobuf left as it is (protocol section 10). */
export interface LedgerFields {
  readonly payload: Uint8Array;
  readonly block1?: Block;
  readonly block2?: Block;
  readonly etag?: Uint8Array;
  readonly requestTag?: Uint8Array;
}

/** The parts of a POST /L. @throws WireError `malformed` for a bad block option. */
export function decodeLedgerRequest(message: CoapMessage): LedgerFields {
  const block1 = findOption(message, CoapOptionNumber.BLOCK1);
  const block2 = findOption(message, CoapOptionNumber.BLOCK2);
  return {
    payload: message.payload,
    block1: block1 && decodeBlock(block1),
    block2: block2 && decodeBlock(block2),
    etag: findOption(message, CoapOptionNumber.ETAG),
    requestTag: findOption(message, CoapOptionNumber.REQUEST_TAG),
  };
}
