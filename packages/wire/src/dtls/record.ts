import { WireError } from '../wire-error.ts';

/** Record types of RFC 5246 section 6.2.1, and the device protocol's own (protocol sections 1.4 and 1.5). */
export const ContentType = {
  CHANGE_CIPHER_SPEC: 20,
  ALERT: 21,
  HANDSHAKE: 22,
  APPLICATION_DATA: 23,
  /** A record with a connection id; the real type is inside. */
  CONNECTION_ID: 25,
  /** As 25, sent after a resume until the device has heard from the server. */
  MOVED_CONNECTION_ID: 253,
  /** Application data with the device id trailing the datagram, sent after a resume by Device OS up to 3.0. */
  MOVED_DEVICE_ID: 254,
} as const;
export type ContentType = (typeof ContentType)[keyof typeof ContentType];

/** DTLS 1.2 on the wire. */
export const DTLS_1_2 = 0xfefd;
/** The largest plaintext that devices can hold (protocol section 1.1). */
export const MAX_PLAINTEXT = 1152;
/** Length of the server's connection id (protocol section 1.3). */
export const CID_LENGTH = 8;
export const RECORD_HEADER_LENGTH = 13;
export const CID_HEADER_LENGTH = RECORD_HEADER_LENGTH + CID_LENGTH;
/** The last sequence number of an epoch. */
export const MAX_SEQUENCE = 2 ** 48 - 1;

/** Largest plaintext, its type byte, padding to a multiple of 16, explicit nonce and tag. */
const MAX_FRAGMENT = 1168 + 8 + 8;
const CLAUSE = 'RFC 6347 4.1';

/** Where one record lies in its datagram. */
export interface RecordView {
  readonly type: number;
  readonly epoch: number;
  /** 0 to 2^48-1. */
  readonly sequence: number;
  /** The connection id of a record of type 25 or 253, a view on the datagram. */
  readonly cid: Uint8Array | undefined;
  /** Offsets in the datagram: the header begins at `start`, the fragment takes `[fragmentStart, end)`. */
  readonly start: number;
  readonly fragmentStart: number;
  readonly end: number;
}

/** Whether records of this type carry a connection id in their header (protocol section 1.4). */
export function carriesCid(type: number | undefined): boolean {
  return type === ContentType.CONNECTION_ID || type === ContentType.MOVED_CONNECTION_ID;
}

/**
 * The records of a datagram, in order (RFC 6347 section 4.1). Nothing is decrypted or copied.
 * @throws WireError `truncated` for an empty datagram or one that ends inside a record, `unsupported` for another version or an
 *   unknown type, `too_large` for a fragment that no plaintext of 1152 bytes can have become
 */
export function parseRecords(datagram: Uint8Array): RecordView[] {
  const records: RecordView[] = [];
  let start = 0;
  do {
    const record = parseRecord(datagram, start);
    records.push(record);
    start = record.end;
  } while (start < datagram.length);
  return records;
}

/** The 8-byte connection id that a datagram begins with, as a view, or undefined: the way to its session before anything is parsed. */
export function cidOf(datagram: Uint8Array): Uint8Array | undefined {
  if (!carriesCid(datagram[0]) || datagram.length < CID_HEADER_LENGTH) return undefined;
  return datagram.subarray(11, 11 + CID_LENGTH);
}

/**
 * Writes a record header (13 bytes, 21 with a connection id) at the start of `out`.
 * @param cid 8 bytes, or an empty array for a record without
 * @param length of the fragment that follows
 */
export function writeRecordHeader(
  out: Uint8Array,
  type: number,
  epoch: number,
  sequence: number,
  cid: Uint8Array,
  length: number,
): void {
  out[0] = type;
  out[1] = DTLS_1_2 >>> 8;
  out[2] = DTLS_1_2 & 0xff;
  writeSequence(out, 3, epoch, sequence);
  out.set(cid, 11);
  const at = 11 + cid.length;
  out[at] = length >>> 8;
  out[at + 1] = length & 0xff;
}

/** Writes epoch(2) ‖ sequence(6), which is also the explicit nonce (protocol section 1.4). */
export function writeSequence(out: Uint8Array, at: number, epoch: number, sequence: number): void {
  const high = Math.floor(sequence / 0x1_0000_0000);
  out[at] = epoch >>> 8;
  out[at + 1] = epoch;
  out[at + 2] = high >>> 8;
  out[at + 3] = high;
  out[at + 4] = sequence >>> 24;
  out[at + 5] = sequence >>> 16;
  out[at + 6] = sequence >>> 8;
  out[at + 7] = sequence;
}

function parseRecord(datagram: Uint8Array, start: number): RecordView {
  const type = datagram[start];
  const withCid = carriesCid(type);
  const fragmentStart = start + (withCid ? CID_HEADER_LENGTH : RECORD_HEADER_LENGTH);
  if (type === undefined || fragmentStart > datagram.length) {
    throw new WireError('truncated', 'ends inside a record header', CLAUSE, datagram.length);
  }
  if (!withCid && (type < ContentType.CHANGE_CIPHER_SPEC || type > ContentType.APPLICATION_DATA)) {
    throw new WireError('unsupported', `record type ${type}`, CLAUSE, start);
  }
  if (u16(datagram, start + 1) !== DTLS_1_2) throw new WireError('unsupported', 'not DTLS 1.2', CLAUSE, start + 1);
  const length = u16(datagram, fragmentStart - 2);
  if (length > MAX_FRAGMENT) throw new WireError('too_large', `fragment of ${length} bytes`, CLAUSE, fragmentStart - 2);
  const end = fragmentStart + length;
  if (end > datagram.length) throw new WireError('truncated', 'ends inside a record', CLAUSE, datagram.length);
  return {
    type,
    epoch: u16(datagram, start + 3),
    sequence: u16(datagram, start + 5) * 0x1_0000_0000 + u16(datagram, start + 7) * 0x1_0000 + u16(datagram, start + 9),
    cid: withCid ? datagram.subarray(start + 11, start + CID_HEADER_LENGTH - 2) : undefined,
    start,
    fragmentStart,
    end,
  };
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
