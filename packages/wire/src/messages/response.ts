import type { Block, CoapMessage, CoapOptionFields } from '../coap/index.ts';
import {
  CoapOptionNumber,
  CoapType,
  decodeBlock,
  encodeBlock,
  encodeCoap,
  encodeUint,
  findOption,
  findUint,
} from '../coap/index.ts';
import { ContentFormat } from './content-format.ts';

/** A response in either direction: in an ACK, or by itself as CON or NON. */
export interface ResponseFields {
  readonly code: number;
  readonly payload: Uint8Array;
  readonly contentFormat: number;
  readonly etag?: Uint8Array;
  readonly block1?: Block;
  readonly block2?: Block;
}

export interface ResponseToEncode {
  /** ACK: in the answer to the request with this id. CON or NON: by itself, with an id of the sender's own. */
  readonly type: typeof CoapType.CON | typeof CoapType.NON | typeof CoapType.ACK;
  readonly id: number;
  /** The token of the request. */
  readonly token: Uint8Array;
  readonly code: number;
  readonly payload?: Uint8Array | string;
  readonly contentFormat?: number;
  readonly etag?: Uint8Array;
  readonly block1?: Block;
  readonly block2?: Block;
}

/** A response to a request of the peer. Never use 2.05 towards a device except for the time (protocol section 3.1). */
export function encodeResponse(response: ResponseToEncode): Buffer {
  const { type, id, token, code, payload, contentFormat, etag, block1, block2 } = response;
  const options: CoapOptionFields[] = [];
  if (etag !== undefined) options.push({ number: CoapOptionNumber.ETAG, value: etag });
  if (contentFormat !== undefined && contentFormat !== ContentFormat.TEXT) {
    options.push({ number: CoapOptionNumber.CONTENT_FORMAT, value: encodeUint(contentFormat) });
  }
  if (block2 !== undefined) options.push({ number: CoapOptionNumber.BLOCK2, value: encodeBlock(block2) });
  if (block1 !== undefined) options.push({ number: CoapOptionNumber.BLOCK1, value: encodeBlock(block1) });
  return encodeCoap({ type, code, id, token, options, payload });
}

/** @throws WireError `malformed` for bad option values. */
export function decodeResponse(message: CoapMessage): ResponseFields {
  const block1 = findOption(message, CoapOptionNumber.BLOCK1);
  const block2 = findOption(message, CoapOptionNumber.BLOCK2);
  return {
    code: message.code,
    payload: message.payload,
    contentFormat: findUint(message, CoapOptionNumber.CONTENT_FORMAT, 2) ?? ContentFormat.TEXT,
    etag: findOption(message, CoapOptionNumber.ETAG),
    block1: block1 && decodeBlock(block1),
    block2: block2 && decodeBlock(block2),
  };
}

/** The type of a response that doesn't travel in an ACK: CON over UDP, NON over TCP (protocol section 6). */
export function separateType(confirmable: boolean | undefined): typeof CoapType.CON | typeof CoapType.NON {
  return confirmable === false ? CoapType.NON : CoapType.CON;
}
