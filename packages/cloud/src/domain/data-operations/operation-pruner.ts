import type { Ambient } from '../context.ts';
import { HourlyPruner } from '../hourly-pruner.ts';
import { beginOfMonth } from './operation-periods.ts';
import { deleteOldOperations } from './operation-store.ts';

/** Whole months of UTC that are kept besides the current one. */
const MONTHS_KEPT = 13;
const BATCH = 2000;

/** Forgets data operations after thirteen months. */
export class OperationPruner extends HourlyPruner {
  constructor(ctx: Pick<Ambient, 'store' | 'clock' | 'log'>) {
    const { store, clock } = ctx;
    super(ctx, {
      deleteSome: () => deleteOldOperations(store.db, beginOfMonth(clock.now(), MONTHS_KEPT), BATCH),
      batch: BATCH,
      failure: 'old data operations could not be deleted',
    });
  }
}
