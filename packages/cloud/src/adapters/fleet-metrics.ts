import { Counter, Gauge, type Registry } from 'prom-client';
import type { FleetUpdater } from '../domain/fleet-updates/index.ts';

/** Shows the firmware updates that the cloud makes by itself under `/metrics`. Everything is in memory: a scrape asks the store nothing. */
export function exposeFleet(fleet: Pick<FleetUpdater, 'figures'>, registry: Registry): void {
  new Gauge({
    name: 'chamber_fleet_updates_running',
    help: 'Devices that are online and are being updated for their product or out of safe mode',
    registers: [registry],
    collect() {
      this.set(fleet.figures().running);
    },
  });
  new Gauge({
    name: 'chamber_fleet_updates_waiting',
    help: 'Devices that are online, should be updated and are not, by why',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [reason, count] of fleet.figures().waiting) this.set({ reason }, count);
    },
  });
  new Counter({
    name: 'chamber_fleet_updates_started_total',
    help: 'Updates of that kind that devices took',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(fleet.figures().started);
    },
  });
  new Counter({
    name: 'chamber_fleet_updates_ended_total',
    help: 'Updates of that kind that are over, by outcome',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [outcome, count] of fleet.figures().ended) this.inc({ outcome }, count);
    },
  });
}
