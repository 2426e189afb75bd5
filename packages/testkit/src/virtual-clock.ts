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
  /** Sorted by time, then by age. */
  readonly #timers: Entry[] = [];

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
    this.#timers.splice(this.#position(entry), 0, entry);
    return { cancel: () => this.#remove(entry) };
  }

  /** How many timers wait: a leak check. */
  get pending(): number {
    return this.#timers.length;
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
    this.#remove(entry);
    this.#elapsed = Math.max(this.#elapsed, entry.due);
    entry.run();
  }

  #next(end: number): Entry | undefined {
    const [first] = this.#timers;
    return first === undefined || first.due > end ? undefined : first;
  }

  #remove(entry: Entry): void {
    const at = this.#position(entry);
    if (this.#timers[at] === entry) this.#timers.splice(at, 1);
  }

  /** Where the entry is, or belongs. */
  #position(entry: Entry): number {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#timers[middle];
      if (other === undefined || other.due > entry.due || (other.due === entry.due && other.order >= entry.order))
        high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
