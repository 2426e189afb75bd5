/** When a device pings: when nothing was received or pinged for the interval (protocol section 12). All times are monotonic ms. */
export class KeepAlive {
  readonly #intervalMs: number;
  readonly #answerMs: number;
  #lastAt: number;
  #deadline = Number.POSITIVE_INFINITY;

  constructor(intervalMs: number, answerMs: number, now: number) {
    this.#intervalMs = intervalMs;
    this.#answerMs = answerMs;
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
    this.#deadline = Math.min(this.#deadline, now + this.#answerMs);
    return 'ping';
  }
}
