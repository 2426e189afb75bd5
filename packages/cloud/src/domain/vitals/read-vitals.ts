import type { Ambient } from '../context.ts';
import type { DevicePast } from '../devices/index.ts';
import { DomainError } from '../domain-error.ts';
import type { VitalsRange } from './vitals-range.ts';
import { findLastVitals, findVitals, type VitalsRecord } from './vitals-store.ts';

/** The newest vitals that the caller may see (API-37). @throws DomainError `device.no_vitals` when there are none */
export async function lastVitals({ store }: Pick<Ambient, 'store'>, past: DevicePast): Promise<VitalsRecord> {
  const record = await findLastVitals(store.reads, past.device.id, past.since);
  if (record !== undefined) return record;
  throw new DomainError('not_found', 'device.no_vitals', 'The device has sent no vitals yet: ask it for some');
}

export interface VitalsPage {
  readonly records: readonly VitalsRecord[];
  /** Where the next page begins, ms UTC; null when there is no more. */
  readonly next: number | null;
}

/** Vitals of that time that the caller may see, oldest first (API-38). @param limit the most records of a page */
export async function listVitals(
  { store }: Pick<Ambient, 'store'>,
  { device, since }: DevicePast,
  { start, end }: VitalsRange,
  limit: number,
): Promise<VitalsPage> {
  const range = { start: Math.max(start, since), end };
  const found = await findVitals(store.history, device.id, range, { order: 'asc', limit: limit + 1 });
  return { records: found.slice(0, limit), next: found[limit]?.at ?? null };
}
