import { seconds } from '@cloudchamber/kernel';
import type { ProductContext } from '../products/index.ts';
import { type AskedFleet, fleetFilterOf, fleetOf } from './fleet-filter.ts';
import { type AskedBuckets, type Buckets, beginsOf, bucketsOf } from './health-range.ts';
import type { FleetMember } from './health-store.ts';
import { findChanges, findOnlineAt, type PresenceChange } from './presence-store.ts';

const CHANGES_PER_STATEMENT = 5000;
const FINEST = seconds(16);

interface OnlineCount {
  /** Begin of the bucket, ms UTC. */
  readonly time: number;
  readonly count: number;
}

/**
 * How many devices were online when each bucket began: of those that are in the product now, pass the filter now, and had joined by then.
 * @throws DomainError `invalid_request`; `unavailable` when there is too much to count
 */
export async function onlineSeries(ctx: ProductContext, asked: AskedBuckets & AskedFleet): Promise<OnlineCount[]> {
  const buckets = bucketsOf(ctx.clock.now(), asked, FINEST);
  const filter = fleetFilterOf(asked);
  const steps = new Steps(buckets);
  if (buckets.count > 0) {
    for await (const members of fleetOf(ctx, ctx.product.id, filter)) await addMembers(ctx, members, buckets, steps);
  }
  return steps.counts();
}

async function addMembers(
  { store }: Pick<ProductContext, 'store'>,
  members: readonly FleetMember[],
  { first, size, count }: Buckets,
  steps: Steps,
): Promise<void> {
  const ids = members.map(({ id }) => id);
  const end = first + count * size;
  const joined = new Map(members.map(({ id, since }) => [id, since]));
  const since = new Map<string, number>();
  for (const id of await findOnlineAt(store.history, ids, first)) since.set(id, first);
  const leave = (id: string, at: number): void => {
    const from = since.get(id);
    since.delete(id);
    if (from !== undefined) steps.add(Math.max(from, joined.get(id) ?? 0), at);
  };
  for (let after: PresenceChange | undefined; ; ) {
    const changes = await findChanges(store.history, ids, { start: first, end }, after, CHANGES_PER_STATEMENT);
    for (const { deviceId, at, online } of changes) {
      if (!online) leave(deviceId, at);
      else if (!since.has(deviceId)) since.set(deviceId, at);
    }
    after = changes.at(-1);
    if (changes.length < CHANGES_PER_STATEMENT) break;
  }
  for (const id of [...since.keys()]) leave(id, end);
}

/** Adds up stretches of time by the buckets whose begins are in them. */
class Steps {
  readonly #buckets: Buckets;
  /** By how much the count of a bucket differs from that of the one before. */
  readonly #steps: Int32Array;

  constructor(buckets: Buckets) {
    this.#buckets = buckets;
    this.#steps = new Int32Array(buckets.count + 1);
  }

  /** From `start` to before `end`, ms UTC. */
  add(start: number, end: number): void {
    const from = this.#next(start);
    const to = this.#next(end);
    if (from >= to) return;
    this.#step(from, 1);
    this.#step(to, -1);
  }

  counts(): OnlineCount[] {
    let count = 0;
    return beginsOf(this.#buckets).map((time, index) => {
      count += this.#steps[index] ?? 0;
      return { time, count };
    });
  }

  /** The first bucket that begins at the time or later. */
  #next(time: number): number {
    const { first, size, count } = this.#buckets;
    return Math.min(count, Math.max(0, Math.ceil((time - first) / size)));
  }

  #step(index: number, by: number): void {
    this.#steps[index] = (this.#steps[index] ?? 0) + by;
  }
}
