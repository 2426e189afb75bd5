import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import type { RolloutCounts, RolloutState } from './rollout.ts';

/** What can happen to a rollout. */
export type EntryKind =
  | 'created'
  /** Another step begins. */
  | 'next_step'
  /** All devices of the step have been chosen. */
  | 'offered'
  | 'waiting'
  | 'paused'
  | 'resumed'
  | 'halted'
  | 'completed'
  | 'aborted'
  | 'rolled_back';

/** What an entry tells. */
interface EntryDetail {
  /** From 0. */
  readonly step: number;
  readonly state: RolloutState;
  readonly message: string | null;
  /** Of all devices of the rollout at that time. */
  readonly counts: RolloutCounts;
}

export interface TimelineEntry extends EntryDetail {
  /** From 1, without gaps. */
  readonly sequence: number;
  /** ms UTC */
  readonly at: number;
  readonly kind: EntryKind;
  /** Name of an account or program, or `system`. */
  readonly actor: string;
}

/** Adds an entry behind the rollout's lock. */
export async function appendEntry(
  db: Kysely<Tables>,
  rolloutId: string,
  { at, kind, actor, ...detail }: Omit<TimelineEntry, 'sequence'>,
): Promise<void> {
  const sequence = (await countEntries(db, rolloutId)) + 1;
  await db
    .insertInto('rollout_timeline')
    .values({ rollout_id: rolloutId, sequence, at, kind, actor, detail: JSON.stringify(detail) })
    .execute();
}

/** How many entries there are, which is the number of the last. */
export async function countEntries(db: Kysely<Tables>, rolloutId: string): Promise<number> {
  const row = await db
    .selectFrom('rollout_timeline')
    .select((entry) => entry.fn.max('sequence').as('last'))
    .where('rollout_id', '=', rolloutId)
    .executeTakeFirst();
  return Number(row?.last ?? 0);
}

/** In order. @param after the number of the entry before */
export async function pageOfEntries(
  db: Kysely<Tables>,
  rolloutId: string,
  after: number,
  limit: number,
): Promise<TimelineEntry[]> {
  const rows = await db
    .selectFrom('rollout_timeline')
    .selectAll()
    .where('rollout_id', '=', rolloutId)
    .where('sequence', '>', after)
    .orderBy('sequence')
    .limit(limit)
    .execute();
  return rows.map(({ sequence, at, kind, actor, detail }) => ({
    ...(JSON.parse(detail) as EntryDetail),
    sequence,
    at,
    kind: kind as EntryKind,
    actor,
  }));
}
