import { seconds } from '@cloudchamber/kernel';

/** How long a device waits for the answer to its ping before it gives up the connection (protocol section 12). */
const ANSWER_MS = seconds(30);

/** When a device pings: when nothing was received or pinged for the interval (protocol section 12). All times are monotonic ms. */
export class KeepAlive {
  readonly #intervalMs: number;
  #lastAt: number;
  #deadline = Number.POSITIVE_INFINITY;

  constructor(intervalMs: number, now: number) {
    this.#intervalMs = intervalMs;
    this.#lastAt = now;
  }

  get nextWakeAt(): number {
    return Math.min(this.#lastAt + this.#intervalMs, this.#deadline);
  }

  /** Something authentic arrived: the server is there. */
  heard(now: number): void {
    this.#lastAt = now;
    this.#deadline = Number.POSITIVE_INFINITY;
  }

  /** What to do at `now`: send a `ping`, take the server for `silent`, or nothing. */
  wake(now: number): 'ping' | 'silent' | undefined {
    if (now >= this.#deadline) return 'silent';
    if (now < this.#lastAt + this.#intervalMs) return undefined;
    this.#lastAt = now;
    this.#deadline = Math.min(this.#deadline, now + ANSWER_MS);
    return 'ping';
  }
}
