import { OutboundError } from './outbound-error.ts';

export interface SlotsOptions {
  /** How many are held at once for one key, and altogether. */
  readonly perKey: number;
  readonly total: number;
  /** How many may wait. */
  readonly mostWaiting: number;
}

interface Waiter {
  readonly key: string;
  readonly start: () => void;
}

/** How much happens at once. Who waits is served in order, but one whose key is full doesn't hold up the others. */
export class Slots {
  readonly #options: SlotsOptions;
  readonly #held = new Map<string, number>();
  readonly #waiting = new Set<Waiter>();
  #total = 0;

  constructor(options: SlotsOptions) {
    this.#options = options;
  }

  /**
   * Waits for a slot.
   * @returns what gives it back; calling that twice does no harm
   * @throws OutboundError `busy` when too many wait; the signal's reason when it aborts first
   */
  async take(key: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (!this.#hasRoom(key)) await this.#wait(key, signal);
    else this.#hold(key);
    let given = true;
    return () => {
      if (given) this.#giveBack(key);
      given = false;
    };
  }

  #wait(key: string, signal: AbortSignal): Promise<void> {
    if (this.#waiting.size >= this.#options.mostWaiting) {
      throw new OutboundError('busy', 'Too many requests to other servers are waiting; try again later');
    }
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#waiting.delete(waiter);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        key,
        start: () => {
          signal.removeEventListener('abort', stop);
          resolve();
        },
      };
      signal.addEventListener('abort', stop, { once: true });
      this.#waiting.add(waiter);
    });
  }

  #hasRoom(key: string): boolean {
    return this.#total < this.#options.total && (this.#held.get(key) ?? 0) < this.#options.perKey;
  }

  #hold(key: string): void {
    this.#total += 1;
    this.#held.set(key, (this.#held.get(key) ?? 0) + 1);
  }

  #giveBack(key: string): void {
    const left = (this.#held.get(key) ?? 0) - 1;
    if (left > 0) this.#held.set(key, left);
    else this.#held.delete(key);
    this.#total -= 1;
    for (const waiter of this.#waiting) {
      if (!this.#hasRoom(waiter.key)) continue;
      this.#waiting.delete(waiter);
      this.#hold(waiter.key);
      waiter.start();
      return;
    }
  }
}
