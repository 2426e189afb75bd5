import { Counter, Gauge, type Registry } from 'prom-client';
import type { LiveHub } from '../domain/events/index.ts';
import type { EventPruner } from '../domain/history/index.ts';

/** Shows under `/metrics` how many events came in, how many are stored, how much they take, and how many were deleted and why. */
export function exposeHistory(pruner: EventPruner, hub: LiveHub, registry: Registry): void {
  new Counter({
    name: 'chamber_events_total',
    help: 'Events that were stored since the process started',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(hub.heard);
    },
  });
  new Counter({
    name: 'chamber_events_deleted_total',
    help: 'Stored events that were deleted: for their age, by the choice of an account or product, or because all took too much',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [reason, count] of Object.entries(pruner.deleted)) this.inc({ reason }, count);
    },
  });
  new Gauge({
    name: 'chamber_events_stored',
    help: 'Events in the store, estimated within the last minutes',
    registers: [registry],
    collect() {
      this.set(pruner.size.events);
    },
  });
  new Gauge({
    name: 'chamber_events_stored_bytes',
    help: 'Bytes that stored events take with their indexes, estimated within the last minutes',
    registers: [registry],
    collect() {
      this.set(pruner.size.bytes);
    },
  });
}
