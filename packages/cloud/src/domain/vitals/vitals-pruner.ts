import { days } from '@cloudchamber/kernel';
import type { Ambient } from '../context.ts';
import { HourlyPruner } from '../hourly-pruner.ts';
import { deleteOldVitals } from './vitals-store.ts';

/** A day longer than can be asked for. */
const KEPT_FOR = days(31);
const BATCH = 2000;

/** Forgets vitals after a month. */
export class VitalsPruner extends HourlyPruner {
  constructor(ctx: Pick<Ambient, 'store' | 'clock' | 'log'>) {
    const { store, clock } = ctx;
    super(ctx, {
      deleteSome: () => deleteOldVitals(store.db, clock.now() - KEPT_FOR, BATCH),
      batch: BATCH,
      failure: 'old vitals could not be deleted',
    });
  }
}
