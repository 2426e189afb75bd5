import { days, hours, minutes, type Timer } from '@cloudchamber/kernel';
import type { Ambient } from '../context.ts';
import { findBoundary, type Lane, type Range } from './history-store.ts';
import {
  type Doomed,
  deleteEvents,
  deleteOrphanedRetentions,
  estimateSize,
  findFirstOwed,
  findRetentions,
  notePruned,
} from './prune-store.ts';
import type { RetentionPlace } from './retention-store.ts';
import { newestEvent, oldestEvent, sequenceAt, TIME_SLACK } from './sequence-at.ts';

export interface EventBounds {
  /** How long events are kept where nobody has chosen. */
  readonly days: number;
  /** How much all events may take in the store, in bytes, roughly. */
  readonly bytes: number;
}

const EVERY = minutes(1);
const CHOICES_EVERY = hours(1);
/** One statement looks at no more events, so that appends get their turn. */
const CHUNK = 500;
/** So far below the bound is dropped: what is dropped then is told of once, and not every minute. */
const DROP_TO = 0.95;
const CHOICES_PER_READ = 500;

/**
 * Keeps stored events bounded, in age and in size: every minute what is older than the server keeps, and the oldest where all take too much; every hour what is
 * older than accounts and products have chosen. Deletes little at a time, and rests as long as each deletion took. What is still to be delivered stays.
 */
export class EventPruner {
  readonly #ctx: Pick<Ambient, 'store' | 'clock' | 'log'>;
  readonly #bounds: EventBounds;
  #timer: Timer | undefined;
  #wakeUp: (() => void) | undefined;
  #running: Promise<void>;
  #closed = false;
  /** Monotonic, ms. */
  #choicesDue: number;
  #deleted = { age: 0, choice: 0, size: 0 };
  #size = { events: 0, bytes: 0 };

  constructor(ctx: Pick<Ambient, 'store' | 'clock' | 'log'>, bounds: EventBounds) {
    this.#ctx = ctx;
    this.#bounds = bounds;
    this.#choicesDue = ctx.clock.monotonic();
    this.#running = this.#run();
  }

  /** How many events were deleted since the start, by why. */
  get deleted(): Readonly<Record<'age' | 'choice' | 'size', number>> {
    return { ...this.#deleted };
  }

  /** About how many events there are and how many bytes they take, as of the last look. */
  get size(): { readonly events: number; readonly bytes: number } {
    return this.#size;
  }

  /** Resolves when a deletion that is under way has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    this.#wakeUp?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, log } = this.#ctx;
    try {
      await this.#pruneByAge();
      await this.#pruneBySize();
      if (clock.monotonic() >= this.#choicesDue) {
        await this.#pruneByChoice();
        this.#choicesDue = clock.monotonic() + CHOICES_EVERY;
      }
    } catch (error) {
      log.error({ err: error }, 'old events could not be deleted; the next try is in a minute');
    }
    if (this.#closed) return;
    this.#timer = clock.after(EVERY, () => {
      this.#running = this.#run();
    });
  }

  async #pruneByAge(): Promise<void> {
    const before = this.#ctx.clock.now() - days(this.#bounds.days);
    const range = await this.#olderThan(before);
    if (range !== undefined) await this.#delete('age', { by: 'everything' }, range, { before });
  }

  async #pruneBySize(): Promise<void> {
    const { store, log } = this.#ctx;
    const range = await this.#everything();
    this.#size = range === undefined ? { events: 0, bytes: 0 } : await estimateSize(store, range);
    const { events, bytes } = this.#size;
    if (range === undefined || bytes <= this.#bounds.bytes) return;
    const most = Math.ceil(events * (1 - (DROP_TO * this.#bounds.bytes) / bytes));
    const dropped = await this.#delete('size', { by: 'everything' }, range, {}, most);
    const megabytes = Math.round(bytes / 1024 / 1024);
    log.error(
      { dropped, megabytes, mostMegabytes: Math.round(this.#bounds.bytes / 1024 / 1024) },
      'events were dropped before their time, the oldest first: all together they took more than CHAMBER_EVENT_MAX_MB',
    );
    this.#size = await estimateSize(store, range);
  }

  async #pruneByChoice(): Promise<void> {
    const { store } = this.#ctx;
    await deleteOrphanedRetentions(store.db);
    let after = { place_kind: 'product' as 'product' | 'user', place_id: '' };
    for (;;) {
      const rows = await findRetentions(store.history, after, CHOICES_PER_READ);
      for (const row of rows) {
        if (this.#closed) return;
        after = row;
        // Those who keep their events as long as the server need no walk of their own.
        if (row.days >= this.#bounds.days) continue;
        const place: RetentionPlace =
          row.place_kind === 'user'
            ? { kind: 'user', id: row.place_id }
            : { kind: 'product', id: Number(row.place_id) };
        const prunedTo = await this.#carryOut(place, row.days, row.pruned_to);
        if (prunedTo > row.pruned_to) await notePruned(store.db, row, prunedTo);
      }
      if (rows.length < CHOICES_PER_READ) return;
    }
  }

  /** @returns the position up to which nothing is left to do for this choice: other events are for other choices, or for the server's own bound. */
  async #carryOut(place: RetentionPlace, keptDays: number, prunedTo: number): Promise<number> {
    const { store, clock } = this.#ctx;
    const now = clock.now();
    const before = now - days(keptDays);
    const old = await this.#olderThan(before - TIME_SLACK);
    if (old === undefined) return prunedTo;
    const range = { first: Math.max(old.first, prunedTo + 1), last: old.last };
    if (range.first > range.last) return prunedTo;
    const lane: Lane = place.kind === 'user' ? { by: 'owner', id: place.id } : { by: 'product', id: place.id };
    await this.#delete('choice', lane, range, { before, of: { place, now } });
    if (this.#closed) return prunedTo;
    const owed = await findFirstOwed(store.history, range, place);
    return owed === undefined ? range.last : owed - 1;
  }

  /** Everything up to the events of `time`, ms UTC. */
  async #olderThan(time: number): Promise<Range | undefined> {
    const { history } = this.#ctx.store;
    const range = await this.#everything();
    if (range === undefined) return undefined;
    const end = await sequenceAt(history, range.first, range.last, time);
    return end > range.first ? { first: range.first, last: end - 1 } : undefined;
  }

  async #everything(): Promise<Range | undefined> {
    const { history } = this.#ctx.store;
    const oldest = await oldestEvent(history);
    const newest = await newestEvent(history);
    return oldest && newest && { first: oldest.sequence, last: newest.sequence };
  }

  /** @returns how many were deleted, which is hardly more than `most`. */
  async #delete(
    why: 'age' | 'choice' | 'size',
    lane: Lane,
    range: Range,
    doomed: Doomed,
    most = Number.POSITIVE_INFINITY,
  ): Promise<number> {
    const { store, clock } = this.#ctx;
    let rest = range;
    let deleted = 0;
    while (rest.first <= rest.last && deleted < most && !this.#closed) {
      const boundary = (await findBoundary(store, lane, rest, 'asc', Math.min(CHUNK, most - deleted))) ?? rest.last;
      const began = clock.monotonic();
      const count = await deleteEvents(store.db, { first: rest.first, last: boundary }, doomed);
      deleted += count;
      this.#deleted = { ...this.#deleted, [why]: this.#deleted[why] + count };
      rest = { first: boundary + 1, last: rest.last };
      await this.#rest(clock.monotonic() - began);
    }
    return deleted;
  }

  async #rest(ms: number): Promise<void> {
    if (ms <= 0 || this.#closed) return;
    await new Promise<void>((resolve) => {
      this.#wakeUp = resolve;
      this.#timer = this.#ctx.clock.after(ms, resolve);
    });
  }
}
