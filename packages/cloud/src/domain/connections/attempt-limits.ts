import { minutes } from '@cloudchamber/kernel';
import { addressBlock } from '../address-block.ts';

const WINDOW = minutes(1);
/** Attempts that came to nothing, kept a minute: of one address, and in all. Whoever is admitted is counted nowhere. */
const MOST_OF_ADDRESS = 100;
const MOST_IN_ALL = 1000;

/** How many failed attempts are kept: strangers can make any number of them. Windows of a minute; memory is bounded. */
export class AttemptLimits {
  #begun = Number.NEGATIVE_INFINITY;
  #inAll = 0;
  readonly #ofAddress = new Map<string, number>();

  /** Counts one more. @param now monotonic ms @returns false when it is one too many: it isn't counted then */
  take(address: string, now: number): boolean {
    if (now - this.#begun >= WINDOW) this.#begin(now);
    const block = addressBlock(address);
    const before = this.#ofAddress.get(block) ?? 0;
    if (this.#inAll >= MOST_IN_ALL || before >= MOST_OF_ADDRESS) return false;
    this.#inAll++;
    this.#ofAddress.set(block, before + 1);
    return true;
  }

  #begin(now: number): void {
    this.#begun = now;
    this.#inAll = 0;
    this.#ofAddress.clear();
  }
}
