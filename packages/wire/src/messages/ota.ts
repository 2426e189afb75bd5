import type { CoapOptionFields } from '../coap/index.ts';
import { CoapCode, CoapOptionNumber, CoapType, encodeCoap, encodeUint, oneByteToken } from '../coap/index.ts';

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

/** The device's 2.01 to a start: its window in chunks, and the bytes that it already holds. */
export function encodeOtaStartAnswer(answer: {
  readonly id: number;
  readonly token: Uint8Array;
  readonly windowSize: number;
  readonly offset: number;
}): Buffer {
  const options = [
    uintOption(CoapOptionNumber.WINDOW_SIZE, answer.windowSize),
    uintOption(CoapOptionNumber.FILE_SIZE, answer.offset),
  ];
  return encodeCoap({ type: CoapType.CON, code: CoapCode.CREATED, id: answer.id, token: answer.token, options });
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

function uintOption(number: number, value: number): CoapOptionFields {
  return { number, value: encodeUint(value) };
}

function flagOption(number: number): CoapOptionFields {
  return { number, value: NO_BYTES };
}
