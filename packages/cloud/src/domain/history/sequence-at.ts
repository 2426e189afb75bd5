import { minutes } from '@cloudchamber/kernel';
import type { Kysely } from 'kysely';
import type { Tables } from '../../store/index.ts';

/** Events are stored nearly in the order of their times: one may have waited this long for its commit. */
export const TIME_SLACK = minutes(1);

export interface Milestone {
  readonly sequence: number;
  /** ms UTC */
  readonly publishedAt: number;
}

export async function oldestEvent(db: Kysely<Tables>): Promise<Milestone | undefined> {
  return milestoneAt(db, 0);
}

export async function newestEvent(db: Kysely<Tables>): Promise<Milestone | undefined> {
  const row = await db
    .selectFrom('events')
    .select(['sequence', 'published_at'])
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { sequence: row.sequence, publishedAt: row.published_at };
}

/**
 * Binary search over the primary key: where events of `time` begin, give or take the disorder that `TIME_SLACK` allows for.
 * @param low a position at or before the one looked for
 * @param high a position with an event
 * @param time ms UTC
 * @returns a position from `low` to `high + 1`: events before it are older than `time`, it and those after it are not.
 */
export async function sequenceAt(db: Kysely<Tables>, low: number, high: number, time: number): Promise<number> {
  let first = low;
  let end = high + 1;
  while (first < end) {
    const middle = Math.floor((first + end) / 2);
    const event = await milestoneAt(db, middle);
    if (event === undefined || event.publishedAt >= time) end = middle;
    else first = Math.min(end, event.sequence + 1);
  }
  return first;
}

/** As `sequenceAt` in the whole log; 0 when it is empty. */
export async function firstSequenceAt(db: Kysely<Tables>, time: number): Promise<number> {
  const oldest = await oldestEvent(db);
  const newest = await newestEvent(db);
  if (oldest === undefined || newest === undefined) return 0;
  return sequenceAt(db, oldest.sequence, newest.sequence, time);
}

/** The first event at or after the position. */
async function milestoneAt(db: Kysely<Tables>, sequence: number): Promise<Milestone | undefined> {
  const row = await db
    .selectFrom('events')
    .select(['sequence', 'published_at'])
    .where('sequence', '>=', sequence)
    .orderBy('sequence')
    .limit(1)
    .executeTakeFirst();
  return row && { sequence: row.sequence, publishedAt: row.published_at };
}
