import { days, seconds } from '@cloudchamber/kernel';
import type { StoredEvent } from '../../store/index.ts';
import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import { containsText } from './contains-text.ts';
import { type EventFilter, findBoundary, findEvents, findProductIds, type Lane, type Range } from './history-store.ts';
import type { HistoryPage, HistoryView } from './history-view.ts';
import { daysOf } from './retention-store.ts';
import { newestEvent, oldestEvent, sequenceAt, TIME_SLACK } from './sequence-at.ts';

/** A query looks at no more events than this; then it returns what it has. */
const MOST_SCANNED = 100_000;
/** Nor does it go on after this. */
const MOST_TIME = seconds(1);
/** Events that the first statement looks at, at least. */
const FIRST_SLICE = 200;
/** Events that one statement looks at, at most: whoever waits behind it waits for no more. */
const LARGEST_SLICE = 20_000;
/** Events that one statement brings. */
const LARGEST_FETCH = 500;
/** Bytes of data after which a page ends. */
const MOST_BYTES = 4 * 1024 * 1024;
/** Positions are searched by time only where that leaves out more than this. */
const WORTH_SEARCHING = days(1);

export interface HistoryResult {
  readonly events: readonly StoredEvent[];
  /**
   * Where the next page goes on, for `after` or `before` by the order; null when there is no more. A page may have few events, or none, and yet a next
   * one: so much had to be looked at.
   */
  readonly next: number | null;
}

/** A page of what is kept of past events. `mostDays`: how long events are kept where nobody has chosen. */
export interface HistoryRequest {
  readonly view: HistoryView;
  readonly page: HistoryPage;
  readonly mostDays: number;
}

/**
 * Past events of a place, which the caller has entered. Work and memory are bounded, whatever is asked for: 100,000 events looked at, a second, 4 MB of data.
 * Positions never change, so that pages that follow each other's `next` show each event once, also while events are added and deleted.
 * @throws DomainError `invalid_request` when `from` is after `to`.
 */
export async function queryHistory(
  ctx: Pick<Ambient, 'store' | 'clock'>,
  { view, page, mostDays }: HistoryRequest,
): Promise<HistoryResult> {
  const { store, clock } = ctx;
  if (view.from !== undefined && view.to !== undefined && view.from > view.to) {
    throw new DomainError('invalid', 'invalid_request', 'from is later than to: give the earlier time as from');
  }
  const began = clock.monotonic();
  const plan = await planOf(ctx, view, mostDays);
  const whole = await rangeOf(ctx, plan.filter, page);
  if (whole === undefined) return { events: [], next: null };
  const { lane, lanes, filter } = plan;
  const events: StoredEvent[] = [];
  let bytes = 0;
  let scanned = 0;
  let size = Math.max(FIRST_SLICE, page.limit);
  let rest: Range = whole;
  while (rest.first <= rest.last) {
    if (events.length >= page.limit || scanned >= MOST_SCANNED || clock.monotonic() - began >= MOST_TIME) {
      return { events, next: positionBefore(rest, page.order) };
    }
    const each = Math.max(1, Math.floor(size / lanes));
    const boundary = await findBoundary(store, lane, rest, page.order, each);
    scanned += each * lanes;
    size = Math.min(LARGEST_SLICE, size * 4);
    let slice = boundary === undefined ? rest : upTo(rest, boundary, page.order);
    rest = beyond(rest, slice, page.order);
    while (slice.first <= slice.last) {
      const wanted = Math.min(LARGEST_FETCH, page.limit - events.length + 1);
      const found = await findEvents(store, lane, slice, filter, page.order, wanted);
      for (const event of found) {
        if (filter.text !== undefined && !containsText(event, filter.text)) continue;
        const last = events.at(-1);
        if (last !== undefined && (events.length === page.limit || bytes >= MOST_BYTES)) {
          return { events, next: last.sequence };
        }
        events.push(event);
        bytes += event.data?.length ?? 0;
      }
      const last = found.at(-1);
      if (last === undefined || found.length < wanted) break;
      slice = beyond(slice, { first: last.sequence, last: last.sequence }, page.order);
    }
  }
  return { events, next: null };
}

/** A position after every event that is there now. */
export async function nextPosition({ store }: Pick<Ambient, 'store'>): Promise<number> {
  return ((await newestEvent(store.reads))?.sequence ?? 0) + 1;
}

interface Plan {
  readonly lane: Lane;
  /** How many indexes' worth of events a slice of the lane reads. */
  readonly lanes: number;
  readonly filter: EventFilter;
}

async function planOf(
  { store, clock }: Pick<Ambient, 'store' | 'clock'>,
  { place, deviceId, from, to, namePrefix, text }: HistoryView,
  mostDays: number,
): Promise<Plan> {
  const now = clock.now();
  const keptDays = place.kind === 'organization' ? mostDays : await daysOf(store.reads, place, mostDays);
  const oldest = now - days(keptDays);
  const filter: EventFilter = {
    from: from === undefined ? oldest : Math.max(from, oldest),
    to,
    deviceId,
    namePrefix,
    ...(text !== undefined && text !== '' && { text }),
    ...(place.kind === 'organization' && { kept: { now, days: mostDays } }),
  };
  switch (place.kind) {
    case 'owner':
      return { lane: { by: 'owner', id: place.id }, lanes: 1, filter };
    case 'product':
      return { lane: { by: 'product', id: place.id }, lanes: 1, filter };
    case 'organization': {
      const products = await findProductIds(store.reads, place.id);
      return { lane: { by: 'organization', id: place.id }, lanes: Math.max(1, products.length), filter };
    }
  }
}

/** The positions among which events of the filter's time are, and which the page asks for; undefined when there are none. */
async function rangeOf(
  { store }: Pick<Ambient, 'store'>,
  { from = 0, to }: EventFilter,
  { before, after }: HistoryPage,
): Promise<Range | undefined> {
  const oldest = await oldestEvent(store.reads);
  const newest = await newestEvent(store.reads);
  if (oldest === undefined || newest === undefined) return undefined;
  let first = oldest.sequence;
  let last = newest.sequence;
  if (oldest.publishedAt < from - WORTH_SEARCHING) {
    first = await sequenceAt(store.reads, first, last, from - TIME_SLACK);
  }
  if (to !== undefined && newest.publishedAt > to + TIME_SLACK) {
    last = (await sequenceAt(store.reads, first, last, to + TIME_SLACK + 1)) - 1;
  }
  if (after !== undefined) first = Math.max(first, after + 1);
  if (before !== undefined) last = Math.min(last, before - 1);
  return first <= last ? { first, last } : undefined;
}

/** The part of the range that comes first in the order, up to the boundary. */
function upTo({ first, last }: Range, boundary: number, order: HistoryPage['order']): Range {
  return order === 'asc' ? { first, last: boundary } : { first: boundary, last };
}

/** What comes after `part` in the order. */
function beyond({ first, last }: Range, part: Range, order: HistoryPage['order']): Range {
  return order === 'asc' ? { first: part.last + 1, last } : { first, last: part.first - 1 };
}

/** The position just before the range, in the order: what `after` or `before` goes on from. */
function positionBefore({ first, last }: Range, order: HistoryPage['order']): number {
  return order === 'asc' ? first - 1 : last + 1;
}
