import { type Clock, days, type Logger } from '@cloudchamber/kernel';
import type { Store } from '../../store/index.ts';
import { HourlyPruner } from '../hourly-pruner.ts';
import { deleteUpdatesBefore } from './firmware-update-store.ts';

/** How long it is kept which updates a device has had. */
const KEPT_FOR = days(400);
const BATCH = 5000;

/** Keeps the history of updates bounded. */
export class UpdatePruner extends HourlyPruner {
  constructor(ctx: { readonly store: Store; readonly clock: Clock; readonly log: Logger }) {
    const { store, clock } = ctx;
    super(ctx, {
      deleteSome: () => deleteUpdatesBefore(store.db, clock.now() - KEPT_FOR, BATCH),
      batch: BATCH,
      failure: 'the history of firmware updates could not be pruned',
    });
  }
}
