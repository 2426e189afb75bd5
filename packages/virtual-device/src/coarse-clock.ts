import type { Clock, Timer } from '@cloudchamber/kernel';

/**
 * A clock for a fleet: timers of thousands of devices share one timer below, which rings once per tick as long as any waits. They fire up to one tick late and
 * never early.
 */
export class CoarseClock implements Clock {
  readonly #clock: Clock;
  readonly #tickMs: number;
  /** What is due, by the number of its tick. */
  readonly #due = new Map<number, Set<() => void>>();
  #lastTick = 0;
  #ticking = false;

  /** @param tickMs length of a tick in ms */
  constructor(clock: Clock, tickMs: number) {
    this.#clock = clock;
    this.#tickMs = tickMs;
  }

  now(): number {
    return this.#clock.now();
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  after(delayMs: number, run: () => void): Timer {
    const now = this.monotonic();
    const asleep = !this.#ticking;
    if (asleep) this.#lastTick = Math.ceil(now / this.#tickMs) - 1;
    const tick = Math.max(Math.ceil((now + delayMs) / this.#tickMs), this.#lastTick + 1);
    const runs = this.#due.get(tick) ?? new Set();
    this.#due.set(tick, runs);
    // A closure of its own: the same function may wait more than once.
    const entry = (): void => run();
    runs.add(entry);
    if (asleep) this.#wait();
    return {
      cancel: () => {
        runs.delete(entry);
        if (runs.size === 0 && this.#due.get(tick) === runs) this.#due.delete(tick);
      },
    };
  }

  #wait(): void {
    this.#ticking = true;
    const next = (this.#lastTick + 1) * this.#tickMs;
    this.#clock.after(Math.max(0, next - this.monotonic()), () => this.#tick());
  }

  #tick(): void {
    const current = Math.floor(this.monotonic() / this.#tickMs);
    while (this.#lastTick < current) {
      this.#lastTick += 1;
      const runs = this.#due.get(this.#lastTick);
      this.#due.delete(this.#lastTick);
      for (const run of runs ?? []) run();
    }
    if (this.#due.size > 0) this.#wait();
    else this.#ticking = false;
  }
}
