import { WireError } from '../wire-error.ts';
import { CoapCode } from './code.ts';
import { decodeUint, encodeUint } from './option.ts';

/** A Block1 or Block2 option (RFC 7959 section 2.2). */
export interface Block {
  /** Position counted in blocks of this size, 0 to 1048575. */
  readonly number: number;
  /** Whether further blocks follow. */
  readonly more: boolean;
  /** Size exponent 0 to 6: a block holds 2^(szx + 4) bytes. */
  readonly szx: number;
}

export type BlockResult =
  | { readonly kind: 'continue' }
  | { readonly kind: 'complete'; readonly payload: Uint8Array }
  /** `code` is the CoAP code to refuse the block with. */
  | { readonly kind: 'rejected'; readonly code: number };

const CLAUSE = 'RFC 7959 2.2';
const MAX_BLOCK_NUMBER = 0xfffff;

/** Bytes in a block of that size exponent. */
export function blockSize(szx: number): number {
  return 16 << szx;
}

/** @throws WireError `malformed` for a number above 20 bits or a size exponent above 6. */
export function encodeBlock(block: Block): Uint8Array {
  if (!Number.isInteger(block.number) || block.number < 0 || block.number > MAX_BLOCK_NUMBER) {
    throw new WireError('malformed', `block number ${block.number}`, CLAUSE);
  }
  checkSzx(block.szx);
  return encodeUint(block.number * 16 + (block.more ? 8 : 0) + block.szx);
}

/** @throws WireError `malformed` above 3 bytes or for the reserved size exponent 7. */
export function decodeBlock(bytes: Uint8Array): Block {
  const value = decodeUint(bytes, 3);
  const szx = value & 7;
  checkSzx(szx);
  return { number: value >>> 4, more: (value & 8) !== 0, szx };
}

/**
 * Puts one block-wise body together from blocks that come in order; block 0 starts over. Holds copies, never more than `maxSize` bytes.
 * One assembler serves one transfer: the caller keeps one per path and Request-Tag.
 */
export class BlockAssembler {
  readonly #maxSize: number;
  #pieces: Uint8Array[] = [];
  #size = 0;

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /** Bytes held so far. */
  get size(): number {
    return this.#size;
  }

  /**
   * Takes the next block. Refused with 4.02 when a block that isn't the last has another length than its size exponent says (or the last is longer),
   * with 4.08 when it does not continue what is here, with 4.13 above the limit (RFC 7959 sections 2.9 and 2.5); a refusal forgets the transfer.
   */
  feed(block: Block, payload: Uint8Array): BlockResult {
    const size = blockSize(block.szx);
    if (block.number === 0) this.reset();
    if (block.more ? payload.length !== size : payload.length > size) return this.#reject(CoapCode.BAD_OPTION);
    if (block.number * size !== this.#size) return this.#reject(CoapCode.REQUEST_ENTITY_INCOMPLETE);
    if (this.#size + payload.length > this.#maxSize) return this.#reject(CoapCode.REQUEST_ENTITY_TOO_LARGE);
    this.#pieces.push(new Uint8Array(payload));
    this.#size += payload.length;
    if (block.more) return { kind: 'continue' };
    const body = Buffer.concat(this.#pieces, this.#size);
    this.reset();
    return { kind: 'complete', payload: body };
  }

  /** Forgets what was collected. */
  reset(): void {
    this.#pieces = [];
    this.#size = 0;
  }

  #reject(code: number): BlockResult {
    this.reset();
    return { kind: 'rejected', code };
  }
}

function checkSzx(szx: number): void {
  if (!Number.isInteger(szx) || szx < 0 || szx > 6) {
    throw new WireError('malformed', `block size exponent ${szx}`, CLAUSE);
  }
}
