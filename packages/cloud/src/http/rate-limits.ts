import type { RateLimit } from '@cloudchamber/contract';
import type { Clock } from '@cloudchamber/kernel';
import { DomainError } from '../domain/domain-error.ts';

/** Windows that are remembered; the one that began first is forgotten first. */
const MOST_WINDOWS = 20_000;

/** Everything that comes from one address (section 4.1 of the API notes). */
export const ALL_REQUESTS: RateLimit = { per: 'address', count: 10_000, seconds: 300 };

/** Registering keys of devices that nobody knew: each makes a device known for good. */
export const UNKNOWN_DEVICES: RateLimit = { per: 'user', count: 100, seconds: 3600 };

interface Window {
  /** Monotonic time of its first request, ms. */
  readonly start: number;
  taken: number;
}

/** How often something was done by whom, in windows that begin with the first time. Memory is bounded. */
export class RateLimits {
  readonly #clock: Clock;
  /** By what and whom, the oldest window first. */
  readonly #windows = new Map<string, Window>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many windows are remembered. */
  get size(): number {
    return this.#windows.size;
  }

  /**
   * Counts one more `what` of `who`.
   * @throws DomainError `limit_exceeded` with `retryAfterSeconds` when the window had as many as the limit allows; that one isn't counted.
   */
  take(what: string, who: string, { count, seconds }: Pick<RateLimit, 'count' | 'seconds'>): void {
    const key = `${what} ${who}`;
    const now = this.#clock.monotonic();
    const window = this.#windows.get(key);
    if (window === undefined || now - window.start >= seconds * 1000) return this.#begin(key, now);
    if (window.taken < count) {
      window.taken++;
      return;
    }
    const left = Math.max(1, Math.ceil(seconds - (now - window.start) / 1000));
    const text = `Only ${count} of these requests are taken in ${seconds} seconds; try again in ${left} seconds`;
    throw new DomainError('limit_exceeded', 'too_many_requests', text, { retryAfterSeconds: left });
  }

  #begin(key: string, now: number): void {
    this.#windows.delete(key);
    this.#windows.set(key, { start: now, taken: 1 });
    if (this.#windows.size <= MOST_WINDOWS) return;
    const [oldest] = this.#windows.keys();
    if (oldest !== undefined) this.#windows.delete(oldest);
  }
}
