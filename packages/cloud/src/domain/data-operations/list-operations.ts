import { days, hours } from '@cloudchamber/kernel';
import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import { beginOf, type OperationPeriod, partsOf, type TimeRange } from './operation-periods.ts';
import { type OperationGroup, type OperationPlace, sumOperations } from './operation-store.ts';

/** More hours are not asked for at once. */
const LONGEST = { hour: days(31), day: days(400), month: days(400) } as const;

export interface OperationQuery {
  /** Ms since 1970 UTC; counted from the begin of its hour. The begin of the current month when left out. */
  readonly from?: number | undefined;
  /** Ms since 1970 UTC; counted to the end of its hour. Now when left out. */
  readonly to?: number | undefined;
  readonly by: OperationPeriod;
  readonly group: OperationGroup;
  /** `next` of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

interface OperationSum {
  /** Begin of the period, in ms since 1970 UTC. */
  readonly time: number;
  /** The kind, the device's id, or the product's number as text; no device is an empty text, no product `0`. */
  readonly key: string;
  readonly count: number;
}

export interface OperationPage extends TimeRange {
  readonly sums: readonly OperationSum[];
  /** For `after`; null on the last page. */
  readonly next: string | null;
}

const HOUR = hours(1);
const CURSOR = /^(\d{1,15}):([A-Za-z0-9]{0,40})$/;

/**
 * Data operations of a place that the caller has entered, added up by period and by what `group` names: oldest first, then by key. An account's are those of its devices
 * outside of products and those of all devices of its own products, whoever owns them (BIL-13 to BIL-23, BIL-34).
 * One statement adds up an hour or a day.
 * @throws DomainError `invalid_request` for times in the wrong order or too far apart, and for an `after` that is none.
 */
export async function listOperations(
  ctx: Pick<Ambient, 'store' | 'clock'>,
  place: OperationPlace,
  query: OperationQuery,
): Promise<OperationPage> {
  const range = rangeOf(ctx.clock.now(), query);
  const cursor = query.after === undefined ? undefined : cursorOf(query.after);
  const sums: OperationSum[] = [];
  for await (const { time, counts } of periods(ctx, place, query, startAt(range, query.by, cursor))) {
    const keys = [...counts.keys()].sort();
    for (const key of keys) {
      if (time === cursor?.time && key <= cursor.key) continue;
      const last = sums.at(-1);
      if (sums.length === query.limit && last !== undefined)
        return { ...range, sums, next: `${last.time}:${last.key}` };
      sums.push({ time, key, count: counts.get(key) ?? 0 });
    }
  }
  return { ...range, sums, next: null };
}

/** The counts of each period by key, one period after the other. */
async function* periods(
  { store }: Pick<Ambient, 'store'>,
  place: OperationPlace,
  { by, group }: Pick<OperationQuery, 'by' | 'group'>,
  range: TimeRange,
): AsyncGenerator<{ readonly time: number; readonly counts: ReadonlyMap<string, number> }> {
  let time = beginOf(by, range.start);
  let counts = new Map<string, number>();
  for (const part of partsOf(by, range)) {
    const begin = beginOf(by, part.start);
    if (begin !== time) {
      yield { time, counts };
      time = begin;
      counts = new Map();
    }
    for (const [key, count] of await sumOperations(store.history, place, group, part)) {
      counts.set(key, (counts.get(key) ?? 0) + count);
    }
  }
  yield { time, counts };
}

function rangeOf(now: number, { from = beginOf('month', now), to = now, by }: OperationQuery): TimeRange {
  if (from > to) throw invalid('from is later than to: give the earlier time as from');
  if (from < 0) throw invalid('from is before 1970');
  if (to - from > LONGEST[by]) {
    throw invalid(`from and to are more than ${LONGEST[by] / days(1)} days apart: ask for a shorter time`);
  }
  const start = beginOf('hour', from);
  const hour = beginOf('hour', to);
  return { start, end: hour === to && to > start ? to : hour + HOUR };
}

function startAt(range: TimeRange, by: OperationPeriod, cursor: Pick<OperationSum, 'time'> | undefined): TimeRange {
  if (cursor === undefined) return range;
  const time = beginOf(by, cursor.time);
  return { ...range, start: Math.max(range.start, time) };
}

function cursorOf(after: string): Pick<OperationSum, 'time' | 'key'> {
  const match = CURSOR.exec(after);
  if (match === null) throw invalid('after is not what a page before gave as meta.next_after');
  return { time: Number(match[1]), key: match[2] ?? '' };
}

function invalid(sentence: string): DomainError {
  return new DomainError('invalid', 'invalid_request', sentence);
}
