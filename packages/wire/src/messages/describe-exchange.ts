import type { Block, CoapMessage, CoapOptionFields } from '../coap/index.ts';
import {
  CoapCode,
  CoapOptionNumber,
  CoapType,
  decodeBlock,
  encodeBlock,
  encodeCoap,
  encodeUint,
  findOption,
  findUint,
  oneByteToken,
} from '../coap/index.ts';
import { WireError } from '../wire-error.ts';
import { ContentFormat } from './content-format.ts';
import { encodeResponse, separateType } from './response.ts';

/** Which part of Describe: one bit in new firmware; SYSTEM | APPLICATION is the combined form of old firmware (protocol section 8.1). */
export const DescribeFlag = { SYSTEM: 1, APPLICATION: 2, METRICS: 4 } as const;

export interface DescribeRequestFields {
  /** `DescribeFlag` bits; 3 when the request doesn't say. */
  readonly flags: number;
  readonly block2?: Block;
}

export interface DescribePostFields {
  /** `DescribeFlag` bits. */
  readonly flags: number;
  readonly contentFormat: number;
  /** Absent when the payload is the whole document. */
  readonly block1?: Block;
  readonly payload: Uint8Array;
}

const CLAUSE = 'protocol section 8.1';
const COMBINED = DescribeFlag.SYSTEM | DescribeFlag.APPLICATION;
const PATH = { number: CoapOptionNumber.URI_PATH, value: 'd' };

/** The server's GET /d?flags; `block2` asks for a further block of the same answer. */
export function encodeDescribeRequest(request: {
  readonly id: number;
  readonly token: number;
  readonly flags: number;
  readonly block2?: Block;
}): Buffer {
  const options: CoapOptionFields[] = [PATH, flagsQuery(request.flags)];
  if (request.block2 !== undefined)
    options.push({ number: CoapOptionNumber.BLOCK2, value: encodeBlock(request.block2) });
  const token = oneByteToken(request.token);
  return encodeCoap({ type: CoapType.CON, code: CoapCode.GET, id: request.id, token, options });
}

/** @throws WireError `malformed` for flags of other than one byte or a bad Block2. */
export function decodeDescribeRequest(message: CoapMessage): DescribeRequestFields {
  const block2 = findOption(message, CoapOptionNumber.BLOCK2);
  return { flags: queryFlags(message) ?? COMBINED, block2: block2 && decodeBlock(block2) };
}

/** One message of a device's own POST /d?flags. Device OS before 3.3 sends no token. */
export function encodeDescribePost(post: {
  readonly id: number;
  readonly token?: number;
  readonly flags: number;
  readonly payload: Uint8Array | string;
  readonly contentFormat?: number;
  readonly block1?: Block;
  readonly confirmable?: boolean;
}): Buffer {
  const options: CoapOptionFields[] = [PATH];
  if (post.contentFormat !== undefined && post.contentFormat !== ContentFormat.TEXT) {
    options.push({ number: CoapOptionNumber.CONTENT_FORMAT, value: encodeUint(post.contentFormat) });
  }
  options.push(flagsQuery(post.flags));
  if (post.block1 !== undefined) options.push({ number: CoapOptionNumber.BLOCK1, value: encodeBlock(post.block1) });
  return encodeCoap({
    type: separateType(post.confirmable),
    code: CoapCode.POST,
    id: post.id,
    token: post.token === undefined ? undefined : oneByteToken(post.token),
    options,
    payload: post.payload,
  });
}

/** @throws WireError `malformed` for missing flags or bad option values. */
export function decodeDescribePost(message: CoapMessage): DescribePostFields {
  const flags = queryFlags(message);
  if (flags === undefined) throw new WireError('malformed', 'a Describe that does not say which', CLAUSE);
  const block1 = findOption(message, CoapOptionNumber.BLOCK1);
  return {
    flags,
    contentFormat: findUint(message, CoapOptionNumber.CONTENT_FORMAT, 2) ?? ContentFormat.TEXT,
    block1: block1 && decodeBlock(block1),
    payload: message.payload,
  };
}

/** A device's answer to GET /d: 2.05, whole or one block of it. `etag` names the version that the blocks belong to. */
export function encodeDescribeResponse(response: {
  readonly id: number;
  readonly token: Uint8Array;
  readonly payload: Uint8Array | string;
  readonly contentFormat?: number;
  readonly etag?: Uint8Array;
  readonly block2?: Block;
  readonly confirmable?: boolean;
}): Buffer {
  const { confirmable, ...fields } = response;
  return encodeResponse({ ...fields, type: separateType(confirmable), code: CoapCode.CONTENT });
}

function flagsQuery(flags: number): CoapOptionFields {
  return { number: CoapOptionNumber.URI_QUERY, value: Uint8Array.of(flags) };
}

function queryFlags(message: CoapMessage): number | undefined {
  const query = findOption(message, CoapOptionNumber.URI_QUERY);
  if (query === undefined) return undefined;
  if (query.length !== 1) throw new WireError('malformed', `Describe flags of ${query.length} bytes`, CLAUSE);
  return query[0];
}
