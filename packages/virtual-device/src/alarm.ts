import type { Clock, Timer } from '@cloudchamber/kernel';

/**
 * One timer for everything that a connection waits for. Moving it to an earlier time replaces the timer; to a later one, nothing happens until it rings: most
 * messages push the next deadline out, and then cost no timer at all.
 */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #timer: Timer | undefined;
  #at = Number.POSITIVE_INFINITY;

  /** `ring` may be called before the time asked for last: it looks for itself what is due. */
  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Rings at `at` (monotonic ms) at the latest; Infinity asks for nothing. */
  set(at: number): void {
    if (at >= this.#at) return;
    this.#timer?.cancel();
    this.#at = at;
    this.#timer = this.#clock.after(Math.max(0, at - this.#clock.monotonic()), () => {
      this.#at = Number.POSITIVE_INFINITY;
      this.#timer = undefined;
      this.#ring();
    });
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#at = Number.POSITIVE_INFINITY;
  }
}
