import { decodeFragments, encodeFragment } from '../handshake/fragment.ts';
import { ContentType, parseRecords, RECORD_HEADER_LENGTH, writeRecordHeader } from '../record.ts';

/** The records of a datagram, each as a datagram of its own. */
export function splitRecords(datagram: Uint8Array): Uint8Array[] {
  return parseRecords(datagram).map(({ start, end }) => datagram.subarray(start, end));
}

/** A datagram as a path with a small MTU makes a peer send it: handshake messages in the clear cut into pieces of `size` bytes. */
export function refragment(datagram: Uint8Array, size: number): Uint8Array[] {
  return splitRecords(datagram).flatMap((bytes) => {
    const [record] = parseRecords(bytes);
    if (record === undefined || record.type !== ContentType.HANDSHAKE || record.epoch !== 0) return [bytes];
    return decodeFragments(bytes.subarray(RECORD_HEADER_LENGTH)).flatMap((whole) => {
      const pieces = Math.max(1, Math.ceil(whole.body.length / size));
      return Array.from({ length: pieces }, (_, index) => {
        const offset = index * size;
        const piece = encodeFragment({ ...whole, offset, body: whole.body.subarray(offset, offset + size) });
        return clearRecord(ContentType.HANDSHAKE, record.sequence, piece);
      });
    });
  });
}

/** A record of epoch 0. */
export function clearRecord(type: number, sequence: number, plaintext: Uint8Array): Buffer {
  const out = Buffer.alloc(RECORD_HEADER_LENGTH + plaintext.length);
  writeRecordHeader(out, type, 0, sequence, new Uint8Array(0), plaintext.length);
  out.set(plaintext, RECORD_HEADER_LENGTH);
  return out;
}
