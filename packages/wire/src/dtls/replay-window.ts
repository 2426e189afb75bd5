/** How many sequence numbers below the highest are still told apart (protocol section 1.1). */
export const REPLAY_WINDOW = 64;

/**
 * The anti-replay window of RFC 6347 section 4.1.2.6 as three plain numbers: bit 0 of `low` is `top` itself, bit 31 of `high` is
 * `top` - 63. `top` is -1 before the first record.
 */
export class ReplayWindow {
  #top: number;
  #high: number;
  #low: number;

  constructor(top = -1, bits: readonly [high: number, low: number] = [0, 0]) {
    this.#top = top;
    this.#high = bits[0] >>> 0;
    this.#low = bits[1] >>> 0;
  }

  get top(): number {
    return this.#top;
  }

  get bits(): [high: number, low: number] {
    return [this.#high, this.#low];
  }

  /** Whether `sequence` is new: above the top, or inside the window and not seen. Changes nothing. */
  admits(sequence: number): boolean {
    const behind = this.#top - sequence;
    if (behind < 0) return true;
    if (behind >= REPLAY_WINDOW) return false;
    const seen = behind < 32 ? this.#low >>> behind : this.#high >>> (behind - 32);
    return (seen & 1) === 0;
  }

  /** Marks an admitted and authenticated `sequence` as seen. */
  mark(sequence: number): void {
    const behind = this.#top - sequence;
    if (behind < 0) this.#slide(-behind, sequence);
    else if (behind < 32) this.#low = (this.#low | (1 << behind)) >>> 0;
    else this.#high = (this.#high | (1 << (behind - 32))) >>> 0;
  }

  #slide(by: number, top: number): void {
    this.#top = top;
    if (by >= REPLAY_WINDOW) {
      this.#high = 0;
      this.#low = 1;
    } else if (by >= 32) {
      this.#high = (this.#low << (by - 32)) >>> 0;
      this.#low = 1;
    } else {
      this.#high = ((this.#high << by) | (this.#low >>> (32 - by))) >>> 0;
      this.#low = ((this.#low << by) | 1) >>> 0;
    }
  }
}
