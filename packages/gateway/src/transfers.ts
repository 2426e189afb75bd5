import { seconds } from '@cloudchamber/kernel';
import { type Block, BlockAssembler, type BlockResult } from '@cloudchamber/wire';

/** How long the pieces of a block-wise body are kept between blocks (protocol section 8.2, section 12). */
const KEPT_MS = seconds(90);
/** A device has no business with more bodies at once than Describe's three parts and a few events. */
const MAX_AT_ONCE = 6;

/** Block-wise bodies that a device is sending, each under a key that names its path and Request-Tag. */
export class Transfers {
  readonly #bodies = new Map<string, { readonly assembler: BlockAssembler; at: number }>();

  /** Takes a block; `maxSize` bounds the whole body in bytes. */
  feed(key: string, block: Block, payload: Uint8Array, maxSize: number, now: number): BlockResult {
    let body = this.#bodies.get(key);
    if (body === undefined) {
      if (this.#bodies.size >= MAX_AT_ONCE) this.#dropOldest();
      body = { assembler: new BlockAssembler(maxSize), at: now };
    }
    body.at = now;
    this.#bodies.delete(key);
    const result = body.assembler.feed(block, payload);
    if (result.kind === 'continue') this.#bodies.set(key, body);
    return result;
  }

  expire(now: number): void {
    for (const [key, body] of this.#bodies) if (now - body.at > KEPT_MS) this.#bodies.delete(key);
  }

  #dropOldest(): void {
    for (const key of this.#bodies.keys()) {
      this.#bodies.delete(key);
      return;
    }
  }
}
