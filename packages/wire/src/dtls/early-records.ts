import type { RecordView } from './record.ts';

/** How many records of epoch 1 are kept that come before their keys: the Finished, and one repetition. */
const CAPACITY = 2;

interface EarlyRecord {
  readonly datagram: Uint8Array;
  readonly record: RecordView;
}

/**
 * Holds protected records that overtook the messages their keys come from (RFC 6347 section 4.1), as copies and only a few: what
 * does not fit is recovered by the peer's repetition.
 */
export class EarlyRecords {
  #kept: EarlyRecord[] = [];

  keep(datagram: Uint8Array, record: RecordView): void {
    if (this.#kept.length >= CAPACITY) return;
    const bytes = datagram.slice(record.start, record.end);
    const moved = { ...record, start: 0, fragmentStart: record.fragmentStart - record.start, end: bytes.length };
    this.#kept.push({
      datagram: bytes,
      record: { ...moved, cid: record.cid && bytes.subarray(11, 11 + record.cid.length) },
    });
  }

  /** All that was kept, which is then forgotten. */
  take(): readonly EarlyRecord[] {
    const kept = this.#kept;
    this.#kept = [];
    return kept;
  }
}
