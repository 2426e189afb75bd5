import { formatTimestamp, parseTimestamp } from '@cloudchamber/contract';
import { days, hours } from '@cloudchamber/kernel';

export type OperationPeriod = 'hour' | 'day' | 'month';

/** From `start` to before `end`, in ms since 1970 UTC. */
export interface TimeRange {
  readonly start: number;
  readonly end: number;
}

const HOUR = hours(1);
const DAY = days(1);

/** The begin of the hour, day or month of UTC that a time is in. */
export function beginOf(period: OperationPeriod, time: number): number {
  if (period === 'month') return beginOfMonth(time, 0);
  const length = period === 'hour' ? HOUR : DAY;
  return time - (time % length);
}

/** The begin of the month of UTC that is `before` months before the one of `time`. */
export function beginOfMonth(time: number, before: number): number {
  const [year, month] = formatTimestamp(time).split('-');
  const months = Number(year) * 12 + Number(month) - 1 - before;
  const text = `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}-01`;
  return parseTimestamp(text) ?? 0;
}

/** `range` in parts that one statement each adds up: hours, or days, and none goes over the end of a period. */
export function* partsOf(period: OperationPeriod, { start, end }: TimeRange): Generator<TimeRange> {
  const length = period === 'hour' ? HOUR : DAY;
  for (let at = start; at < end; ) {
    const next = Math.min(at - (at % length) + length, end);
    yield { start: at, end: next };
    at = next;
  }
}
