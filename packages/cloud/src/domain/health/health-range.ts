import { parseTimestamp } from '@cloudchamber/contract';
import { days, seconds } from '@cloudchamber/kernel';
import { DomainError } from '../domain-error.ts';
import { QUARTER } from './health-figure.ts';

/** Buckets of equal length, the first of which begins at `first`: a multiple of `size` since 1970 UTC. Times in ms. */
export interface Buckets {
  readonly first: number;
  readonly size: number;
  readonly count: number;
}

export interface AskedBuckets {
  readonly start_date?: string | undefined;
  readonly end_date?: string | undefined;
  /** Seconds. */
  readonly bucket_size?: number | undefined;
}

const LONGEST = days(31);
const USUAL = days(1);
const MOST_BUCKETS = 3000;
/** What is asked for in seconds is more than that (section 10 of the product notes). */
const TOO_FINE = seconds(15);

/**
 * The buckets that are asked for: the last 24 hours by quarters where nothing is said. None begins in the future.
 * @param finest the shortest bucket that there are figures for, ms
 * @throws DomainError `invalid_request` for what is no time, is in the wrong order or too long, and for buckets that are too many or too short
 */
export function bucketsOf(now: number, asked: AskedBuckets, finest: number): Buckets {
  const end = timeOf('end_date', asked.end_date) ?? now;
  const start = timeOf('start_date', asked.start_date) ?? end - USUAL;
  const size = asked.bucket_size === undefined ? QUARTER : seconds(asked.bucket_size);
  if (start > end) throw invalid('start_date is later than end_date');
  if (start < 0) throw invalid('start_date is before 1970');
  if (end - start > LONGEST) throw invalid('start_date and end_date are more than 31 days apart');
  if (size <= TOO_FINE) throw invalid('bucket_size must be more than 15 seconds');
  if (size < finest) {
    throw invalid(`bucket_size must be at least ${finest / 1000}: these figures are kept by quarters of an hour`);
  }
  if (size > LONGEST) throw invalid('bucket_size must be at most 31 days');
  const first = start - (start % size);
  const count = Math.max(0, Math.ceil((Math.min(end, now) - first) / size));
  if (count > MOST_BUCKETS) throw invalid(`That is ${count} buckets: ask for at most ${MOST_BUCKETS}`);
  return { first, size, count };
}

/** The begins of the buckets, ms UTC. */
export function beginsOf({ first, size, count }: Buckets): number[] {
  return Array.from({ length: count }, (_, index) => first + index * size);
}

/** @throws DomainError `invalid_request` for what is no time in ISO 8601 */
export function timeOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = parseTimestamp(text);
  if (time === undefined) throw invalid(`${name} must be a time in ISO 8601, such as 2026-02-03T08:00:00Z`);
  return time;
}

export function invalid(sentence: string): DomainError {
  return new DomainError('invalid', 'invalid_request', sentence);
}
