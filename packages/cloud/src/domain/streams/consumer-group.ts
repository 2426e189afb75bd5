import type { StreamFilter, StreamPlace } from '../events/index.ts';

/** Where a group is kept: its name is unique in its place. */
export interface GroupKey {
  readonly place: StreamPlace;
  readonly name: string;
}

/** A group as it is kept. */
export interface ConsumerGroup {
  readonly name: string;
  readonly filter: StreamFilter;
  /** Events up to this sequence have been given out. */
  readonly through: number;
  /** Those of them that nobody has acknowledged, ascending. */
  readonly unacknowledged: readonly number[];
  /** ms UTC */
  readonly createdAt: number;
}

/** A group as its owner sees it. */
export interface ConsumerGroupView extends ConsumerGroup {
  /** Readers that are connected now. */
  readonly readers: number;
  /** Everything up to this sequence has been acknowledged. */
  readonly cursor: number;
  /** Events that wait for their acknowledgement, given out or not, counted up to 1,000 of those not given out. */
  readonly lag: number;
}

/**
 * When an event counts as acknowledged: `explicit` when the reader says so; `auto` when its connection has taken the event and is still open a moment
 * later, which proves that the reader's machine has it, not that its program has done anything with it.
 */
export type AcknowledgeMode = 'auto' | 'explicit';

/** Groups in one place. */
export const MOST_GROUPS = 100;
/** Readers of one group at once. */
export const MOST_READERS = 32;

export function keyTextOf({ place, name }: GroupKey): string {
  return `${place.kind} ${place.id} ${name}`;
}
