export interface WaitingTimer {
  /** When it fires, ms. */
  readonly due: number;
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

/**
 * Timers by time, those of one time in the order in which they were set: a binary heap, since a simulation of thousands of devices has tens of thousands. A
 * cancelled one stays until its time comes or half of all are cancelled.
 */
export class TimerQueue {
  #heap: WaitingTimer[] = [];
  #order = 0;
  #cancelled = 0;

  /** How many wait. */
  get size(): number {
    return this.#heap.length - this.#cancelled;
  }

  add(due: number, run: () => void): WaitingTimer {
    const timer = { due, order: this.#order++, run, cancelled: false };
    this.#rise(this.#heap.push(timer) - 1, timer);
    return timer;
  }

  /** Nothing happens when it has fired or was cancelled before. */
  cancel(timer: WaitingTimer): void {
    if (timer.cancelled) return;
    timer.cancelled = true;
    this.#cancelled += 1;
    if (this.#cancelled * 2 > this.#heap.length + 64) this.#rebuild();
  }

  /** Takes out the earliest that is due by `end`, if there is one. */
  take(end: number): WaitingTimer | undefined {
    for (let first = this.#heap[0]; first !== undefined && first.due <= end; first = this.#heap[0]) {
      this.#removeFirst();
      if (!first.cancelled) {
        // It can't be cancelled any more.
        first.cancelled = true;
        return first;
      }
      this.#cancelled -= 1;
    }
    return undefined;
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) this.#sink(last);
  }

  #rise(from: number, timer: WaitingTimer): void {
    let at = from;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = this.#heap[parentAt];
      if (parent === undefined || isBefore(parent, timer)) break;
      this.#heap[at] = parent;
      at = parentAt;
    }
    this.#heap[at] = timer;
  }

  /** Puts a timer in the first place, and earlier ones before it. */
  #sink(timer: WaitingTimer): void {
    let at = 0;
    for (;;) {
      const left = this.#heap[2 * at + 1];
      const right = this.#heap[2 * at + 2];
      if (left === undefined) break;
      const childAt = right !== undefined && isBefore(right, left) ? 2 * at + 2 : 2 * at + 1;
      const child = childAt === 2 * at + 1 ? left : right;
      if (child === undefined || isBefore(timer, child)) break;
      this.#heap[at] = child;
      at = childAt;
    }
    this.#heap[at] = timer;
  }

  #rebuild(): void {
    // A sorted array is a heap.
    this.#heap = this.#heap.filter(({ cancelled }) => !cancelled).sort((one, other) => (isBefore(one, other) ? -1 : 1));
    this.#cancelled = 0;
  }
}

function isBefore(one: WaitingTimer, other: WaitingTimer): boolean {
  return one.due < other.due || (one.due === other.due && one.order < other.order);
}
