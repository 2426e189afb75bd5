import { days } from '@cloudchamber/kernel';
import type { Ambient } from '../context.ts';
import { HourlyPruner } from '../hourly-pruner.ts';
import { deleteOldAttempts, deleteStrangers } from './attempt-store.ts';

const KEPT_FOR = days(30);
/** Of attempts by whom nobody here knows: a flood of them leaves the others alone. */
const MOST_STRANGERS = 30_000;
const BATCH = 2000;

/** Forgets attempts to connect after a month, and of strangers earlier where there are too many. How many there are in all, the recorder watches. */
export class AttemptPruner extends HourlyPruner {
  /** @param mostStrangers the most attempts that are kept of strangers */
  constructor(ctx: Pick<Ambient, 'store' | 'clock' | 'log'>, mostStrangers = MOST_STRANGERS) {
    const { store, clock } = ctx;
    super(ctx, {
      async deleteSome() {
        const old = await deleteOldAttempts(store.db, clock.now() - KEPT_FOR, BATCH);
        if (old === BATCH) return BATCH;
        return deleteStrangers(store.db, mostStrangers, BATCH);
      },
      batch: BATCH,
      failure: 'attempts to connect could not be pruned',
    });
  }
}
