import { days, type Entropy, hours, minutes, seconds } from '@cloudchamber/kernel';

/** Section 5 of the event notes: "retried after 30 s and 1 min, then dropped". */
const COMPATIBLE: readonly number[] = [seconds(30), minutes(1)];

const DURABLE: readonly number[] = [
  seconds(5),
  minutes(1),
  minutes(5),
  minutes(30),
  hours(2),
  hours(6),
  hours(12),
  hours(24),
];
/** A durable delivery is given up when its next attempt would come later than this after the first. */
const DURABLE_FOR = days(3);
/** Durable waits are longer or shorter by up to this share, so that what failed together doesn't come back together. */
const JITTER = 0.1;
/** `Retry-After` is believed up to this. */
const LONGEST_RETRY_AFTER = days(1);

export interface FailedAttempt {
  readonly mode: 'compatible' | 'durable';
  /** Attempts so far, with the one that failed just now. */
  readonly attempts: number;
  /** When the delivery was first owed, ms UTC. */
  readonly createdAt: number;
  /** ms UTC */
  readonly now: number;
  /** What the reply asked for, ms from now; compatible deliveries don't wait for it. */
  readonly retryAfterMs: number | null;
}

/**
 * When a delivery is attempted again: compatible ones 30 s and 60 s after a failure, three attempts in all (section 5 of the event notes); durable ones 5 s, 1 min,
 * 5 min, 30 min, 2 h, 6 h, 12 h, 24 h and every 24 h after a failure, each 10 % more or less, for three days, and not before `Retry-After`.
 * @returns ms UTC, or null when it is given up.
 */
export function nextAttemptAt(failed: FailedAttempt, entropy: Pick<Entropy, 'fraction'>): number | null {
  const { mode, attempts, createdAt, now, retryAfterMs } = failed;
  if (mode === 'compatible') {
    const wait = COMPATIBLE[attempts - 1];
    return wait === undefined ? null : now + wait;
  }
  const wait = DURABLE[Math.min(attempts, DURABLE.length) - 1] ?? 0;
  const jittered = Math.round(wait * (1 - JITTER + 2 * JITTER * entropy.fraction()));
  const at = now + Math.max(jittered, Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER));
  return at > createdAt + DURABLE_FOR ? null : at;
}

/** Has a durable delivery waited for so long that it is given up, attempted or not? */
export function isExpired(createdAt: number, now: number): boolean {
  return now > createdAt + DURABLE_FOR;
}
