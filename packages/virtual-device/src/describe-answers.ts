import { seconds } from '@cloudchamber/kernel';
import { type Block, blockSize, CoapCode, type DescribeRequestFields, encodeUint } from '@cloudchamber/wire';
import type { DescribeDocument } from './application.ts';

/** Block size 1024 (protocol section 3.4). */
export const DESCRIBE_SZX = 6;
/** How long the blocks of an answer are kept for the server to fetch (protocol section 12). */
const KEPT_MS = seconds(90);

/** The content of one 2.05. */
export interface DescribeAnswer {
  readonly payload: Uint8Array;
  readonly contentFormat: number;
  readonly etag?: Uint8Array;
  readonly block2?: Block;
}

interface Kept extends DescribeDocument {
  readonly flags: number;
  readonly etag: number;
  readonly at: number;
}

/** Answers GET /d: small parts whole, larger ones in blocks of one version, which an ETag of its own names (protocol section 8.1). */
export class DescribeAnswers {
  #etag: number;
  #kept: Kept | undefined;

  /** @param firstEtag 0 to 65535, random: tells versions apart over restarts */
  constructor(firstEtag: number) {
    this.#etag = firstEtag;
  }

  /**
   * The answer to a request, or the code to refuse it with: 4.00 for a part that there isn't, 4.02 for another block size, 4.04 for a block that there isn't.
   * @param document makes the part that a flag names
   */
  answer(
    { flags, block2 }: DescribeRequestFields,
    document: (flag: number) => DescribeDocument | undefined,
    now: number,
  ): DescribeAnswer | number {
    if (block2 !== undefined && block2.szx !== DESCRIBE_SZX) return CoapCode.BAD_OPTION;
    if (block2 !== undefined && block2.number > 0) return this.#block(flags, block2.number, now);
    const part = document(flags);
    if (part === undefined) return CoapCode.BAD_REQUEST;
    if (part.payload.length <= blockSize(DESCRIBE_SZX)) return part;
    this.#etag = (this.#etag + 1) & 0xffff;
    this.#kept = { ...part, flags, etag: this.#etag, at: now };
    return this.#block(flags, 0, now);
  }

  #block(flags: number, number: number, now: number): DescribeAnswer | number {
    const kept = this.#kept;
    const size = blockSize(DESCRIBE_SZX);
    const start = number * size;
    if (kept === undefined || kept.flags !== flags || now - kept.at > KEPT_MS || start >= kept.payload.length) {
      return CoapCode.NOT_FOUND;
    }
    const more = start + size < kept.payload.length;
    return {
      payload: kept.payload.subarray(start, start + size),
      contentFormat: kept.contentFormat,
      etag: encodeUint(kept.etag),
      block2: { number, more, szx: DESCRIBE_SZX },
    };
  }
}
