import { type Clock, days, type Logger } from '@cloudchamber/kernel';
import type { Store } from '../../store/index.ts';
import { HourlyPruner } from '../hourly-pruner.ts';
import { deleteSomeEnded } from './prune-store.ts';

/** How long it is kept what became of a rollout. */
const KEPT_FOR = days(400);
const BATCH = 2000;

/** Deletes rollouts that were completed or rolled back long ago. An aborted one stays: devices run its version. */
export class RolloutPruner extends HourlyPruner {
  constructor(ctx: { readonly store: Store; readonly clock: Clock; readonly log: Logger }) {
    const { store, clock } = ctx;
    super(ctx, {
      deleteSome: () => deleteSomeEnded(store.db, clock.now() - KEPT_FOR, BATCH),
      batch: BATCH,
      failure: 'old rollouts could not be deleted',
    });
  }
}
