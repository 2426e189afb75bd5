import { days } from '@cloudchamber/kernel';
import type { Ambient } from '../context.ts';
import { HourlyPruner } from '../hourly-pruner.ts';
import { QUARTER } from './health-figure.ts';
import { deleteOldCounts, findBucketBehind } from './health-store.ts';
import { deleteBeyond, deleteOldChanges, findFlapping } from './presence-store.ts';

/** Figures, comings and goings are kept for so long. */
const KEPT_FOR = days(31);
const BATCH = 2000;
/** Figures that are kept of all products. */
const MOST_COUNTS = 10_000_000;
/** Comings and goings that are kept of a device. */
const MOST_CHANGES = 10_000;

/** Forgets figures of fleets after a month, and the oldest quarters earlier where there are too many. */
export class CountPruner extends HourlyPruner {
  /** @param most the most figures that are kept, give or take a quarter */
  constructor(ctx: Pick<Ambient, 'store' | 'clock' | 'log'>, most = MOST_COUNTS) {
    const { store, clock } = ctx;
    let tooMany = 0;
    super(ctx, {
      async deleteSome() {
        const before = Math.max(clock.now() - KEPT_FOR, tooMany);
        const deleted = await deleteOldCounts(store.db, before, BATCH);
        if (deleted === BATCH) return BATCH;
        const behind = await findBucketBehind(store.history, most);
        if (behind === undefined) return deleted;
        tooMany = behind + QUARTER;
        return BATCH;
      },
      batch: BATCH,
      failure: 'old figures of fleets could not be deleted',
    });
  }
}

/** Forgets comings and goings of devices after a month, and the oldest of a device that comes and goes all the time. */
export class PresencePruner extends HourlyPruner {
  /** @param most the most that is kept of a device */
  constructor(ctx: Pick<Ambient, 'store' | 'clock' | 'log'>, most = MOST_CHANGES) {
    const { store, clock } = ctx;
    super(ctx, {
      async deleteSome() {
        const old = await deleteOldChanges(store.db, clock.now() - KEPT_FOR, BATCH);
        if (old === BATCH) return BATCH;
        let deleted = 0;
        for (const id of await findFlapping(store.history, most, BATCH)) {
          deleted += await deleteBeyond(store.db, id, most, BATCH);
          if (deleted >= BATCH) return BATCH;
        }
        return deleted;
      },
      batch: BATCH,
      failure: 'comings and goings of devices could not be pruned',
    });
  }
}
