import { days } from '@cloudchamber/kernel';
import type { Ambient } from '../context.ts';
import { HourlyPruner } from '../hourly-pruner.ts';
import { deleteOldEntries } from './audit-store.ts';

/** An entry is kept for this long. */
const KEPT_FOR = days(400);
const MOST_ENTRIES = 1_000_000;
const BATCH = 5000;

/** Keeps the audit log bounded, in age and in number. */
export class AuditPruner extends HourlyPruner {
  /** @param most the most entries that are kept */
  constructor(ctx: Pick<Ambient, 'store' | 'clock' | 'log'>, most = MOST_ENTRIES) {
    const { store, clock } = ctx;
    super(ctx, {
      deleteSome: () => deleteOldEntries(store.db, { before: clock.now() - KEPT_FOR, most, limit: BATCH }),
      batch: BATCH,
      failure: 'the audit log could not be pruned',
    });
  }
}
