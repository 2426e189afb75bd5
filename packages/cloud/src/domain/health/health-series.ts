import { days } from '@cloudchamber/kernel';
import type { ProductContext } from '../products/index.ts';
import { type AskedFleet, fleetFilterOf, fleetOf } from './fleet-filter.ts';
import { type HealthKind, OUTCOMES, QUARTER } from './health-figure.ts';
import { type AskedBuckets, beginsOf, bucketsOf, invalid } from './health-range.ts';
import { type QuarterSum, sumCounts } from './health-store.ts';

/** Of single devices there are many figures: no more are added up at once. */
const LONGEST_FILTERED = days(7);

/** The figures of one bucket, by outcome. */
interface HealthBucket {
  /** Its begin, ms UTC. */
  readonly time: number;
  readonly counts: Readonly<Record<string, number>>;
}

/**
 * What the devices of the product that the caller has entered did, by buckets of time; a quarter of an hour counts for the bucket that it begins in. With a filter
 * only devices that are in the product now, and pass it now, count; without one everything that happened in it does.
 * @throws DomainError `invalid_request`; `unavailable` when a filter finds too much
 */
export async function healthSeries(
  ctx: ProductContext,
  kind: HealthKind,
  asked: AskedBuckets & AskedFleet,
): Promise<readonly HealthBucket[]> {
  const { store, clock, product } = ctx;
  const buckets = bucketsOf(clock.now(), asked, QUARTER);
  const filter = fleetFilterOf(asked);
  const { first, size, count } = buckets;
  const zeros = Object.fromEntries(OUTCOMES[kind].map((outcome) => [outcome, 0]));
  const series = beginsOf(buckets).map((time) => ({ time, counts: { ...zeros } }));
  const add = (sums: readonly QuarterSum[]): void => {
    for (const { bucket, outcome, count: more } of sums) {
      const counts = series[Math.floor((bucket - first) / size)]?.counts;
      if (counts !== undefined) counts[outcome] = (counts[outcome] ?? 0) + more;
    }
  };
  const range = { start: first, end: first + count * size };
  if (filter !== undefined && range.end - range.start > LONGEST_FILTERED + size) {
    throw invalid('With a filter start_date and end_date may be 7 days apart');
  }
  if (filter === undefined) {
    add(await sumCounts(store.history, product.id, kind, range));
    return series;
  }
  for await (const members of fleetOf(ctx, product.id, filter)) {
    const ids = members.map(({ id }) => id);
    add(await sumCounts(store.history, product.id, kind, range, ids));
  }
  return series;
}
