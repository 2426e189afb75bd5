import type { Block, CoapMessage, CoapOptionFields } from '../coap/index.ts';
import {
  CoapCode,
  CoapOptionNumber,
  CoapType,
  decodeBlock,
  decodeUint,
  encodeBlock,
  encodeCoap,
  encodeUint,
  oneByteToken,
} from '../coap/index.ts';
import { WireError } from '../wire-error.ts';
import { ContentFormat } from './content-format.ts';
import { checkLength, checkName, MAX_BODY_BYTES, MAX_VALUE_BYTES } from './limits.ts';
import { pathName } from './request-path.ts';

/** An event in either direction. */
export interface EventFields {
  /** 1 to 64 bytes of UTF-8, slashes included. */
  readonly name: string;
  /** Empty when the message has no payload. */
  readonly data: Uint8Array;
  /** `ContentFormat`; text when the message doesn't say. */
  readonly contentFormat: number;
  /** 60 when the message doesn't say. */
  readonly ttlSeconds: number;
  /** Block-wise events of Device OS 6.3 and later: `data` is this block of the whole. */
  readonly block1?: Block;
  readonly requestTag?: Uint8Array;
}

/** What `encodePublish` and `encodeEvent` take: a string as `data` stands for its UTF-8 bytes. */
export interface EventToEncode {
  readonly id: number;
  readonly name: string;
  readonly data?: Uint8Array | string;
  readonly contentFormat?: number;
  readonly ttlSeconds?: number;
  /** True unless told: a CON. */
  readonly confirmable?: boolean;
  readonly token?: number;
  readonly block1?: Block;
  readonly requestTag?: Uint8Array;
}

const CLAUSE = 'protocol section 5.3';
const DEFAULT_TTL_SECONDS = 60;
const MAX_TTL_SECONDS = 16_777_215;
const PUBLISH_PATH = { number: CoapOptionNumber.URI_PATH, value: 'E' };
const EVENT_PATH = { number: CoapOptionNumber.URI_PATH, value: 'e' };

/**
 * An event of a device: POST /E/name, or /e/name for the public events of Device OS up to 6.1 (protocol section 5.3).
 * @throws WireError `malformed` for an empty name or a TTL outside 0 to 16777215 s, `too_large` for a name above 64 bytes or data above 1024.
 */
export function encodePublish(event: EventToEncode & { readonly public?: boolean }): Buffer {
  return encodeEventTo(event.public ? EVENT_PATH : PUBLISH_PATH, event);
}

/** An event for a device: POST /e/name (protocol section 6.1). Leave `contentFormat` out for text: devices before 6.2 don't expect it. Throws like `encodePublish`. */
export function encodeEvent(event: EventToEncode): Buffer {
  return encodeEventTo(EVENT_PATH, event);
}

/**
 * The event in a POST /E or /e. The name may be one option or split at slashes.
 * @throws WireError `malformed` for a name that is empty or not UTF-8 and for bad option values; `too_large` above 64 bytes of name or 16384 of data.
 */
export function decodeEvent(message: CoapMessage): EventFields {
  const name = pathName(message, CLAUSE);
  if (name.length === 0) throw new WireError('malformed', 'an event without a name', CLAUSE);
  checkLength(message.payload, MAX_BODY_BYTES, CLAUSE);
  let contentFormat: number = ContentFormat.TEXT;
  let ttlSeconds = DEFAULT_TTL_SECONDS;
  let block1: Block | undefined;
  let requestTag: Uint8Array | undefined;
  for (const { number, value } of message.options) {
    if (number === CoapOptionNumber.CONTENT_FORMAT) contentFormat = decodeUint(value, 2);
    else if (number === CoapOptionNumber.MAX_AGE) ttlSeconds = decodeTtl(value);
    else if (number === CoapOptionNumber.BLOCK1) block1 = decodeBlock(value);
    else if (number === CoapOptionNumber.REQUEST_TAG) requestTag = value;
  }
  return { name, data: message.payload, contentFormat, ttlSeconds, block1, requestTag };
}

function decodeTtl(value: Uint8Array): number {
  const seconds = decodeUint(value);
  if (seconds > MAX_TTL_SECONDS) throw new WireError('malformed', `a TTL of ${seconds} s`, CLAUSE);
  return seconds;
}

function encodeEventTo(path: CoapOptionFields, event: EventToEncode): Buffer {
  const { name, data, contentFormat, ttlSeconds, block1, requestTag } = event;
  checkName(name, CLAUSE);
  if (data !== undefined) checkLength(data, MAX_VALUE_BYTES, CLAUSE);
  const options: CoapOptionFields[] = [path, { number: CoapOptionNumber.URI_PATH, value: name }];
  if (contentFormat !== undefined && contentFormat !== ContentFormat.TEXT) {
    options.push({ number: CoapOptionNumber.CONTENT_FORMAT, value: encodeUint(contentFormat) });
  }
  if (ttlSeconds !== undefined && ttlSeconds !== DEFAULT_TTL_SECONDS) {
    if (ttlSeconds > MAX_TTL_SECONDS) throw new WireError('malformed', `a TTL of ${ttlSeconds} s`, CLAUSE);
    options.push({ number: CoapOptionNumber.MAX_AGE, value: encodeUint(ttlSeconds) });
  }
  if (block1 !== undefined) options.push({ number: CoapOptionNumber.BLOCK1, value: encodeBlock(block1) });
  if (requestTag !== undefined) options.push({ number: CoapOptionNumber.REQUEST_TAG, value: requestTag });
  return encodeCoap({
    type: event.confirmable === false ? CoapType.NON : CoapType.CON,
    code: CoapCode.POST,
    id: event.id,
    token: event.token === undefined ? undefined : oneByteToken(event.token),
    options,
    payload: data,
  });
}
