import { ByteWriter } from '@cloudchamber/kernel';
import type { CoapMessage, CoapOptionFields } from '../coap/index.ts';
import { CoapCode, CoapOptionNumber, CoapType, encodeCoap, oneByteToken, optionValues } from '../coap/index.ts';
import { WireError } from '../wire-error.ts';
import { WireReader } from '../wire-reader.ts';
import { encodeResponse, separateType } from './response.ts';

/** What a start of the old firmware update says. Sizes in bytes. */
export interface LegacyOtaStartFields {
  /** Chunks without answers, missing ones asked for at the end. */
  readonly fast: boolean;
  readonly chunkSize: number;
  readonly fileSize: number;
  /** 0: firmware. */
  readonly destination: number;
  readonly address: number;
}

export interface LegacyOtaChunkFields {
  readonly crc: number;
  /** From 0; in the fast mode only. */
  readonly index?: number;
  readonly data: Uint8Array;
}

const CLAUSE = 'protocol section 9.2';
const UPDATE_PATH = { number: CoapOptionNumber.URI_PATH, value: 'u' };
const CHUNK_PATH = { number: CoapOptionNumber.URI_PATH, value: 'c' };
const FAST = 0x01;
const CRC_BYTES = 4;
const INDEX_BYTES = 2;

/** POST /u: firmware of `fileSize` bytes follows in chunks. */
export function encodeLegacyOtaStart(
  start: Pick<LegacyOtaStartFields, 'fast' | 'chunkSize' | 'fileSize'> & {
    readonly id: number;
    readonly token: number;
  },
): Buffer {
  const payload = new ByteWriter(12)
    .u8(start.fast ? FAST : 0)
    .u16(start.chunkSize)
    .u32(start.fileSize)
    .u8(0)
    .u32(0);
  const token = oneByteToken(start.token);
  const fields = { type: CoapType.CON, code: CoapCode.POST, id: start.id, token, options: [UPDATE_PATH] };
  return encodeCoap({ ...fields, payload: payload.finish() });
}

/** @throws WireError `truncated` or `malformed` unless the payload has 12 bytes. */
export function decodeLegacyOtaStart(message: CoapMessage): LegacyOtaStartFields {
  const reader = new WireReader(message.payload, CLAUSE);
  const start = {
    fast: (reader.u8() & FAST) !== 0,
    chunkSize: reader.u16(),
    fileSize: reader.u32(),
    destination: reader.u8(),
    address: reader.u32(),
  };
  reader.expectEnd();
  return start;
}

/** The device is ready: 2.04 with one byte of flags. */
export function encodeLegacyOtaReady(ready: {
  readonly id: number;
  readonly token: Uint8Array;
  readonly fast: boolean;
  readonly confirmable?: boolean;
}): Buffer {
  const { id, token } = ready;
  const payload = Uint8Array.of(ready.fast ? FAST : 0);
  return encodeResponse({ type: separateType(ready.confirmable), id, token, code: CoapCode.CHANGED, payload });
}

/** Whether the device agreed to the fast mode. An answer without flags is that of a device that knows no fast mode. */
export function decodeLegacyOtaReady(payload: Uint8Array): { readonly fast: boolean } {
  return { fast: ((payload[0] ?? 0) & FAST) !== 0 };
}

/** POST /c. With `index` it is a chunk of the fast mode: nobody answers it. The token is there in both modes: devices read options at fixed places. */
export function encodeLegacyOtaChunk(
  chunk: LegacyOtaChunkFields & { readonly id: number; readonly token: number },
): Buffer {
  const { id, crc, index, data: payload } = chunk;
  const options: CoapOptionFields[] = [CHUNK_PATH, query(new ByteWriter(CRC_BYTES).u32(crc))];
  if (index !== undefined) options.push(query(new ByteWriter(INDEX_BYTES).u16(index)));
  const type = index === undefined ? CoapType.CON : CoapType.NON;
  return encodeCoap({ type, code: CoapCode.POST, id, token: oneByteToken(chunk.token), options, payload });
}

/** @throws WireError `malformed` for queries that are not a CRC of four bytes and an index of two. */
export function decodeLegacyOtaChunk(message: CoapMessage): LegacyOtaChunkFields {
  const [crc, index] = optionValues(message, CoapOptionNumber.URI_QUERY);
  if (crc?.length !== CRC_BYTES) throw new WireError('malformed', 'a chunk without CRC', CLAUSE);
  if (index !== undefined && index.length !== INDEX_BYTES)
    throw new WireError('malformed', 'a bad chunk index', CLAUSE);
  const data = message.payload;
  return { crc: new WireReader(crc, CLAUSE).u32(), index: index && new WireReader(index, CLAUSE).u16(), data };
}

/** PUT /u: all chunks were sent. */
export function encodeLegacyOtaFinish(finish: { readonly id: number; readonly token: number }): Buffer {
  const token = oneByteToken(finish.token);
  return encodeCoap({ type: CoapType.CON, code: CoapCode.PUT, id: finish.id, token, options: [UPDATE_PATH] });
}

/** GET /c of a device: chunks that it misses, by index. */
export function encodeLegacyOtaMissing(missing: {
  readonly id: number;
  readonly indices: readonly number[];
  readonly confirmable?: boolean;
}): Buffer {
  const payload = new ByteWriter();
  for (const index of missing.indices) payload.u16(index);
  const type = separateType(missing.confirmable);
  return encodeCoap({ type, code: CoapCode.GET, id: missing.id, options: [CHUNK_PATH], payload: payload.finish() });
}

/** @throws WireError `truncated` for half an index. */
export function decodeLegacyOtaMissing(message: CoapMessage): number[] {
  const reader = new WireReader(message.payload, CLAUSE);
  const indices: number[] = [];
  while (reader.remaining > 0) indices.push(reader.u16());
  return indices;
}

function query(value: ByteWriter): CoapOptionFields {
  return { number: CoapOptionNumber.URI_QUERY, value: value.finish() };
}
