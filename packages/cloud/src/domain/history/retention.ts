import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import { chooseDays, findChosenDays, type RetentionPlace } from './retention-store.ts';

/** For how long events of a place are kept, in days. */
export interface Retention {
  /** What holds now. */
  readonly days: number;
  /** What the place has chosen; null for what the server keeps. */
  readonly chosen: number | null;
  /** What the server keeps, which is the most that can be chosen. */
  readonly most: number;
}

/** @param most how many days the server keeps events */
export async function getRetention(
  { store }: Pick<Ambient, 'store'>,
  place: RetentionPlace,
  most: number,
): Promise<Retention> {
  const chosen = (await findChosenDays(store.reads, place)) ?? null;
  return { days: Math.min(chosen ?? most, most), chosen, most };
}

/**
 * Chooses for how long the events of an account or a product are kept; null: as long as the server does. Fewer days hide older events at once, and
 * delete within the hour those that nobody else keeps.
 * @throws DomainError `invalid_request` for more days than the server keeps, or fewer than one.
 */
export async function setRetention(
  { store }: Pick<Ambient, 'store'>,
  place: RetentionPlace,
  days: number | null,
  most: number,
): Promise<Retention> {
  if (days !== null && (!Number.isInteger(days) || days < 1 || days > most)) {
    const text = `days is a whole number from 1 to ${most}, which is how long this server keeps events`;
    throw new DomainError('invalid', 'invalid_request', text);
  }
  await chooseDays(store.db, place, days);
  return { days: days ?? most, chosen: days, most };
}
