import { ByteWriter } from '@cloudchamber/kernel';
import { CoapCode, CoapOptionNumber, CoapType, encodeCoap } from '../coap/index.ts';
import { WireReader } from '../wire-reader.ts';
import { readVarint32, writeVarint } from './varint.ts';

/** Why a device leaves the cloud (protocol section 5.8). */
export const CloudDisconnectReason = {
  ERROR: 1,
  USER: 2,
  NETWORK_DISCONNECT: 3,
  LISTENING: 4,
  SYSTEM_RESET: 5,
  SLEEP: 6,
  UNKNOWN: 7,
  SERVER_MOVED: 8,
} as const;

/** What a device says when it leaves on purpose. Absent fields were not sent. */
export interface GoodbyeFields {
  /** `CloudDisconnectReason`. */
  readonly cloudReason?: number;
  /** A multiple of 10, protocol section 5.8. */
  readonly resetReason?: number;
  readonly sleepSeconds?: number;
  readonly networkReason?: number;
}

const CLAUSE = 'protocol section 5.8';
const PATH = { number: CoapOptionNumber.URI_PATH, value: 'x' };
const NO_RESPONSE = { number: CoapOptionNumber.NO_RESPONSE, value: '' };

/** POST /x: confirmable over UDP; over TCP not, and then it asks for no response. */
export function encodeGoodbye(
  goodbye: GoodbyeFields & { readonly id: number; readonly confirmable?: boolean },
): Buffer {
  const confirmable = goodbye.confirmable !== false;
  const values = [goodbye.cloudReason, goodbye.resetReason, goodbye.sleepSeconds, goodbye.networkReason];
  const writer = new ByteWriter(24);
  let flags = 0;
  for (const [bit, value] of values.entries()) flags |= value === undefined ? 0 : 1 << bit;
  writeVarint(writer, flags, CLAUSE);
  for (const value of values) {
    if (value !== undefined) writeVarint(writer, value, CLAUSE);
  }
  return encodeCoap({
    type: confirmable ? CoapType.CON : CoapType.NON,
    code: CoapCode.POST,
    id: goodbye.id,
    options: confirmable ? [PATH] : [PATH, NO_RESPONSE],
    payload: writer.finish(),
  });
}

/**
 * The payload of Goodbye: LEB128 flags, then a value for each bit. What unknown bits announce comes last and is skipped.
 * @throws WireError `truncated` when a value is missing, `malformed` for one above 32 bits.
 */
export function decodeGoodbye(payload: Uint8Array): GoodbyeFields {
  const reader = new WireReader(payload, CLAUSE);
  const flags = readVarint32(reader, CLAUSE);
  const next = (bit: number): number | undefined => ((flags & bit) === 0 ? undefined : readVarint32(reader, CLAUSE));
  return { cloudReason: next(1), resetReason: next(2), sleepSeconds: next(4), networkReason: next(8) };
}
