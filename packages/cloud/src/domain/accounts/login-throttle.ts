import { type Clock, minutes } from '@cloudchamber/kernel';
import { addressBlock } from '../address-block.ts';
import { DomainError } from '../domain-error.ts';

const FAILURES = 10;
const BLOCK = minutes(30);
const MOST_PAIRS = 20_000;

interface Record {
  failures: number;
  running: number;
  /** Monotonic time of the last failure. */
  lastFailure: number;
}

export interface LoginAttempt {
  succeeded(): void;
  failed(): void;
}

/**
 * Ten wrong log-ins in a row for one account from one address block that pair for 30 minutes (section 4.1 of the API notes, design section 9.8).
 * Unknown accounts count as known ones do. Memory is bounded: the pair that failed longest ago is forgotten first.
 */
export class LoginThrottle {
  readonly #clock: Clock;
  /** Least recently failed first. */
  readonly #pairs = new Map<string, Record>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Call right before a password is compared, and one of the attempt's methods after.
   * @throws DomainError `limit_exceeded` with `retryAfterSeconds` while the pair is blocked.
   */
  begin(username: string, address: string): LoginAttempt {
    const key = `${username} ${addressBlock(address)}`;
    const pair = this.#current(key);
    if (pair !== undefined && pair.failures + pair.running >= FAILURES) {
      const left = pair.lastFailure + BLOCK - this.#clock.monotonic();
      throw new DomainError('limit_exceeded', 'too_many_requests', 'Too many wrong logins; try again later', {
        retryAfterSeconds: Math.max(1, Math.ceil(left / 1000)),
      });
    }
    const record = pair ?? { failures: 0, running: 0, lastFailure: this.#clock.monotonic() };
    record.running++;
    this.#touch(key, record);
    return {
      succeeded: () => {
        record.running--;
        record.failures = 0;
        if (record.running === 0) this.#pairs.delete(key);
      },
      failed: () => {
        record.running--;
        record.failures++;
        record.lastFailure = this.#clock.monotonic();
        this.#touch(key, record);
      },
    };
  }

  /** How many pairs are remembered. */
  get size(): number {
    return this.#pairs.size;
  }

  #current(key: string): Record | undefined {
    const pair = this.#pairs.get(key);
    if (pair !== undefined && pair.running === 0 && this.#clock.monotonic() - pair.lastFailure >= BLOCK) {
      this.#pairs.delete(key);
      return undefined;
    }
    return pair;
  }

  #touch(key: string, record: Record): void {
    this.#pairs.delete(key);
    this.#pairs.set(key, record);
    if (this.#pairs.size > MOST_PAIRS) {
      const [oldest] = this.#pairs.keys();
      if (oldest !== undefined) this.#pairs.delete(oldest);
    }
  }
}
