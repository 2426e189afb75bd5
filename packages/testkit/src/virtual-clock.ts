import type { Clock, Timer } from '@cloudchamber/kernel';

interface Entry {
  readonly due: number;
  readonly order: number;
  readonly run: () => void;
}

/** Time that stands still until a test moves it. */
export class VirtualClock implements Clock {
  readonly #start: number;
  #elapsed = 0;
  #order = 0;
  readonly #timers = new Set<Entry>();

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
    const entry = { due: this.#elapsed + Math.max(0, delayMs), order: this.#order++, run };
    this.#timers.add(entry);
    return { cancel: () => void this.#timers.delete(entry) };
  }

  /** How many timers wait: a leak check. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves time by `ms` and runs what falls due, oldest first; timers that those set fall due too when they fit. Promises do not proceed meanwhile. */
  advance(ms: number): void {
    const end = this.#elapsed + ms;
    for (let entry = this.#next(end); entry !== undefined; entry = this.#next(end)) this.#fire(entry);
    this.#elapsed = end;
  }

  /** As `advance`, but lets promises and I/O proceed before, between and after the timers. */
  async elapse(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    await this.settle();
    for (let entry = this.#next(end); entry !== undefined; entry = this.#next(end)) {
      this.#fire(entry);
      await this.settle();
    }
    this.#elapsed = end;
    await this.settle();
  }

  /** Lets everything that needs no time happen: promise chains and a few turns of the event loop. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  #fire(entry: Entry): void {
    this.#timers.delete(entry);
    this.#elapsed = Math.max(this.#elapsed, entry.due);
    entry.run();
  }

  #next(end: number): Entry | undefined {
    let first: Entry | undefined;
    for (const entry of this.#timers) {
      if (entry.due > end) continue;
      if (first === undefined || entry.due < first.due || (entry.due === first.due && entry.order < first.order))
        first = entry;
    }
    return first;
  }
}
