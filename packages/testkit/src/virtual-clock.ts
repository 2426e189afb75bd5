import type { Clock, Timer } from '@cloudchamber/kernel';
import { TimerQueue, type WaitingTimer } from './timer-queue.ts';

/** Time that stands still until a test moves it. */
export class VirtualClock implements Clock {
  readonly #start: number;
  #elapsed = 0;
  readonly #timers = new TimerQueue();

  /** @param start wall time at the beginning, ms since 1970. */
  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#start = start;
  }

  now(): number {
    return this.#start + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  after(delayMs: number, run: () => void): Timer {
    const timer = this.#timers.add(this.#elapsed + Math.max(0, delayMs), run);
    return { cancel: () => this.#timers.cancel(timer) };
  }

  /** How many timers wait: a leak check. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves time by `ms` and runs what falls due, oldest first; timers that those set fall due too when they fit. Promises do not proceed meanwhile. */
  advance(ms: number): void {
    const end = this.#elapsed + ms;
    for (let timer = this.#timers.take(end); timer; timer = this.#timers.take(end)) this.#fire(timer);
    this.#elapsed = end;
  }

  /** As `advance`, but lets promises and I/O proceed before, between and after the timers. */
  async elapse(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    await this.settle();
    for (let timer = this.#timers.take(end); timer; timer = this.#timers.take(end)) {
      this.#fire(timer);
      await this.settle();
    }
    this.#elapsed = end;
    await this.settle();
  }

  /** Lets everything that needs no time happen: promise chains and a few turns of the event loop. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  #fire({ due, run }: WaitingTimer): void {
    this.#elapsed = Math.max(this.#elapsed, due);
    run();
  }
}
