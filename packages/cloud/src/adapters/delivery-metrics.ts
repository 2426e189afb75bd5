import { Counter, Gauge, type Registry } from 'prom-client';
import type { Deliveries } from '../domain/deliveries/index.ts';

/** Shows what is owed to integrations, and what became of it, under `/metrics`. Everything is in memory: a scrape asks the store nothing. */
export function exposeDeliveries(deliveries: Deliveries, registry: Registry): void {
  new Gauge({
    name: 'chamber_deliveries',
    help: 'Deliveries to integrations: waiting for an attempt, under way, failed and kept (as of the last hourly look)',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const { waiting, underWay, failed } = deliveries.figures();
      for (const [state, count] of Object.entries({ waiting, under_way: underWay, failed })) this.set({ state }, count);
    },
  });
  new Gauge({
    name: 'chamber_deliveries_oldest_due_seconds',
    help: 'For how long the oldest delivery that is due has been owed; 0 when none is due',
    registers: [registry],
    collect() {
      this.set(deliveries.figures().oldestAge / 1000);
    },
  });
  new Counter({
    name: 'chamber_delivery_attempts_total',
    help: 'What became of deliveries: delivered, failed, retried, asleep (host spared), refused (too many waiting), dropped (integration gone)',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [outcome, count] of deliveries.figures().attempts) this.inc({ outcome }, count);
    },
  });
}
