import type { CoapMessage, CoapOptionFields } from '../coap/index.ts';
import {
  CoapCode,
  CoapOptionNumber,
  CoapType,
  encodeCoap,
  encodeUint,
  findOption,
  findUint,
  oneByteToken,
} from '../coap/index.ts';
import { WireError } from '../wire-error.ts';
import { separateType } from './response.ts';

/** What a start of firmware update v3 says. Sizes in bytes. */
export interface OtaStartFields {
  readonly fileSize: number;
  readonly chunkSize: number;
  /** Makes the transfer resumable: 32 bytes. */
  readonly sha256?: Uint8Array;
  /** Forget what is stored of an earlier transfer. */
  readonly discardData: boolean;
  /** `ModuleFunction`, when the start says it: 9 for an asset. */
  readonly moduleFunction?: number;
}

export interface OtaChunkFields {
  /** Counts from 1 at the resume offset. */
  readonly index: number;
  readonly data: Uint8Array;
}

export interface OtaChunkAckFields {
  /** Chunks without a gap. */
  readonly received: number;
  /** Little-endian 32-bit words; bit 0 of the first is chunk `received` + 1. Empty when there are no gaps. */
  readonly bitmap: Uint8Array;
}

export interface OtaFinishFields {
  readonly cancel: boolean;
  readonly discardData: boolean;
}

const CLAUSE = 'protocol section 9.1';
const SHA256_BYTES = 32;

const START_PATH = { number: CoapOptionNumber.URI_PATH, value: 'S' };
const CHUNK_PATH = { number: CoapOptionNumber.URI_PATH, value: 'C' };
const CHUNK_ACK_PATH = { number: CoapOptionNumber.URI_PATH, value: 'A' };
const FINISH_PATH = { number: CoapOptionNumber.URI_PATH, value: 'F' };
const NO_BYTES = new Uint8Array(0);

/** POST /S of firmware update v3 (protocol section 9.1). Sizes in bytes; `sha256` makes the transfer resumable. */
export function encodeOtaStart(start: {
  readonly id: number;
  readonly token: number;
  readonly fileSize: number;
  readonly chunkSize: number;
  readonly sha256?: Uint8Array;
  readonly discardData?: boolean;
  readonly moduleFunction?: number;
}): Buffer {
  const options: CoapOptionFields[] = [START_PATH, uintOption(CoapOptionNumber.FILE_SIZE, start.fileSize)];
  if (start.sha256 !== undefined) options.push({ number: CoapOptionNumber.FILE_SHA256, value: start.sha256 });
  options.push(uintOption(CoapOptionNumber.CHUNK_SIZE, start.chunkSize));
  if (start.discardData) options.push(flagOption(CoapOptionNumber.DISCARD_DATA));
  if (start.moduleFunction !== undefined) {
    options.push(uintOption(CoapOptionNumber.MODULE_FUNCTION, start.moduleFunction));
  }
  const token = oneByteToken(start.token);
  return encodeCoap({ type: CoapType.CON, code: CoapCode.POST, id: start.id, token, options });
}

/** @throws WireError `malformed` without a size of file and chunk, or with a hash that isn't of 32 bytes. */
export function decodeOtaStart(message: CoapMessage): OtaStartFields {
  const fileSize = uint(message, CoapOptionNumber.FILE_SIZE);
  const chunkSize = uint(message, CoapOptionNumber.CHUNK_SIZE);
  const sha256 = findOption(message, CoapOptionNumber.FILE_SHA256);
  if (sha256 !== undefined && sha256.length !== SHA256_BYTES) {
    throw new WireError('malformed', `a hash of ${sha256.length} bytes`, CLAUSE);
  }
  const discardData = findOption(message, CoapOptionNumber.DISCARD_DATA) !== undefined;
  const moduleFunction = findUint(message, CoapOptionNumber.MODULE_FUNCTION, 1);
  return { fileSize, chunkSize, sha256, discardData, moduleFunction };
}

/** The device's 2.01 to a start: its window in chunks, and the bytes that it already holds. */
export function encodeOtaStartAnswer(answer: {
  readonly id: number;
  readonly token: Uint8Array;
  readonly windowSize: number;
  readonly offset: number;
  readonly confirmable?: boolean;
}): Buffer {
  const options = [
    uintOption(CoapOptionNumber.WINDOW_SIZE, answer.windowSize),
    uintOption(CoapOptionNumber.FILE_SIZE, answer.offset),
  ];
  const { id, token } = answer;
  return encodeCoap({ type: separateType(answer.confirmable), code: CoapCode.CREATED, id, token, options });
}

/** @throws WireError `malformed` when the window or the offset is missing. */
export function decodeOtaStartAnswer(message: CoapMessage): { readonly windowSize: number; readonly offset: number } {
  return {
    windowSize: uint(message, CoapOptionNumber.WINDOW_SIZE),
    offset: uint(message, CoapOptionNumber.FILE_SIZE),
  };
}

/** POST /C, not confirmable. `index` counts from 1 at the resume offset. */
export function encodeOtaChunk(chunk: {
  readonly id: number;
  readonly index: number;
  readonly data: Uint8Array;
}): Buffer {
  const options = [CHUNK_PATH, uintOption(CoapOptionNumber.CHUNK_INDEX, chunk.index)];
  return encodeCoap({ type: CoapType.NON, code: CoapCode.POST, id: chunk.id, options, payload: chunk.data });
}

/** @throws WireError `malformed` without an index, or with index 0. */
export function decodeOtaChunk(message: CoapMessage): OtaChunkFields {
  const index = uint(message, CoapOptionNumber.CHUNK_INDEX);
  if (index === 0) throw new WireError('malformed', 'a chunk of index 0', CLAUSE);
  return { index, data: message.payload };
}

/**
 * POST /A of a device, not confirmable: `received` chunks without a gap, and a bitmap of later ones (little-endian 32-bit words, bit 0 of the
 * first is chunk `received` + 1).
 */
export function encodeOtaChunkAck(ack: {
  readonly id: number;
  readonly received: number;
  readonly bitmap?: Uint8Array;
}): Buffer {
  const options = [CHUNK_ACK_PATH, uintOption(CoapOptionNumber.CHUNK_INDEX, ack.received)];
  return encodeCoap({ type: CoapType.NON, code: CoapCode.POST, id: ack.id, options, payload: ack.bitmap });
}

/** @throws WireError `malformed` without an index, or with a bitmap that isn't of whole words. */
export function decodeOtaChunkAck(message: CoapMessage): OtaChunkAckFields {
  const received = uint(message, CoapOptionNumber.CHUNK_INDEX);
  if (message.payload.length % 4 !== 0) {
    throw new WireError('malformed', `a bitmap of ${message.payload.length} bytes`, CLAUSE);
  }
  return { received, bitmap: message.payload };
}

/** POST /F: all chunks are there, or `cancel`. `discardData` makes the device erase what it holds. */
export function encodeOtaFinish(finish: {
  readonly id: number;
  readonly token: number;
  readonly cancel?: boolean;
  readonly discardData?: boolean;
}): Buffer {
  const options: CoapOptionFields[] = [FINISH_PATH];
  if (finish.discardData) options.push(flagOption(CoapOptionNumber.DISCARD_DATA));
  if (finish.cancel) options.push(flagOption(CoapOptionNumber.CANCEL_UPDATE));
  const token = oneByteToken(finish.token);
  return encodeCoap({ type: CoapType.CON, code: CoapCode.POST, id: finish.id, token, options });
}

export function decodeOtaFinish(message: CoapMessage): OtaFinishFields {
  return {
    cancel: findOption(message, CoapOptionNumber.CANCEL_UPDATE) !== undefined,
    discardData: findOption(message, CoapOptionNumber.DISCARD_DATA) !== undefined,
  };
}

function uint(message: CoapMessage, number: number): number {
  const value = findUint(message, number, 4);
  if (value === undefined) throw new WireError('malformed', `option ${number} is missing`, CLAUSE);
  return value;
}

function uintOption(number: number, value: number): CoapOptionFields {
  return { number, value: encodeUint(value) };
}

function flagOption(number: number): CoapOptionFields {
  return { number, value: NO_BYTES };
}
