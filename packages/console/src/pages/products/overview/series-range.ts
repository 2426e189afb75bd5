import type { Range } from '../overview-search.ts';

const HOUR_MS = 3_600_000;
const LENGTHS: Readonly<
  Record<Range, { readonly ms: number; readonly bucketSeconds: number; readonly words: string }>
> = {
  '24h': { ms: 24 * HOUR_MS, bucketSeconds: 900, words: 'the last 24 hours' },
  '7d': { ms: 7 * 24 * HOUR_MS, bucketSeconds: 7200, words: 'the last 7 days' },
  '30d': { ms: 30 * 24 * HOUR_MS, bucketSeconds: 28_800, words: 'the last 30 days' },
};

export interface SeriesRange {
  readonly start_date: string;
  readonly end_date: string;
  /** Seconds. */
  readonly bucket_size: number;
}

/**
 * What the figures of a time are asked with.
 * @param now wall time, ms
 * @returns the time up to the end of the bucket that is under way, so that the same is asked until the next one begins
 */
export function seriesRange(range: Range, now: number): SeriesRange {
  const { ms, bucketSeconds } = LENGTHS[range];
  const bucketMs = bucketSeconds * 1000;
  const end = (Math.floor(now / bucketMs) + 1) * bucketMs;
  return {
    start_date: new Date(end - ms).toISOString(),
    end_date: new Date(end).toISOString(),
    bucket_size: bucketSeconds,
  };
}

/** @returns such as "the last 24 hours" */
export function rangeWords(range: Range): string {
  return LENGTHS[range].words;
}
