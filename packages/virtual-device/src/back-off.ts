import { type Entropy, minutes, seconds } from '@cloudchamber/kernel';

const FIRST_MS = seconds(1);
const LONGEST_MS = minutes(1);

/**
 * How long a device waits before it tries again: 1 s, doubled at each failure up to 60 s, of which each wait is a random part between half and the
 * whole. A fleet that lost its server so comes back spread out.
 */
export class BackOff {
  readonly #entropy: Entropy;
  #failures = 0;

  constructor(entropy: Entropy) {
    this.#entropy = entropy;
  }

  /** The wait after another failure, in ms. */
  next(): number {
    const longest = Math.min(FIRST_MS * 2 ** this.#failures, LONGEST_MS);
    this.#failures += 1;
    return longest * (0.5 + this.#entropy.fraction() / 2);
  }

  /** A connection came about. */
  reset(): void {
    this.#failures = 0;
  }
}
