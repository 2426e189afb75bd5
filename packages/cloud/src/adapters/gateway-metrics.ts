import type { Gateway } from '@cloudchamber/gateway';
import { Counter, Gauge, type Registry } from 'prom-client';

/** Shows the gateway's counts and what it holds now under `/metrics`; read when scraped, so the gateway pays nothing for it. */
export function exposeGateway(gateway: Gateway, registry: Registry): void {
  new Counter({
    name: 'chamber_gateway_total',
    help: 'What the gateway has done, by kind, and refusals and drops by reason',
    labelNames: ['kind', 'reason'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [kind, reason, count] of gateway.counters.entries()) this.inc({ kind, reason }, count);
    },
  });
  new Gauge({
    name: 'chamber_gateway_devices',
    help: 'Sessions held, devices online, handshakes under way',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      for (const [state, count] of Object.entries(gateway.gauges())) this.set({ state }, count);
    },
  });
}
