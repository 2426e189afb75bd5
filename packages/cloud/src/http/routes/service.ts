import { serviceRoutes } from '@cloudchamber/contract';
import { errorMessage } from '@cloudchamber/kernel';
import type { Registry } from 'prom-client';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';

/** Rejects, with a message for the operator, while something that people or devices need does not work. */
type Probe = () => Promise<void>;

export interface ServiceRouteOptions {
  readonly metrics: Registry;
  /** What `/readyz` asks, by name: `store`, `gateway`. */
  readonly probes: Readonly<Record<string, Probe>>;
}

/** `/healthz`, `/readyz` and `/metrics`. */
export function serviceRouteModule({ metrics, probes }: ServiceRouteOptions): RouteModule {
  return (app) => {
    registerRoute(app, serviceRoutes.getHealth, () => ({ ok: true as const }));
    registerRoute(app, serviceRoutes.getReadiness, async ({ reply }) => {
      const results = await Promise.all(
        Object.entries(probes).map(async ([name, probe]) => [name, await outcome(probe)]),
      );
      const checks: Record<string, string> = Object.fromEntries(results);
      if (Object.values(checks).every((check) => check === 'ok')) return { ok: true as const, checks };
      return reply
        .code(503)
        .send({ ok: false, error: 'not_ready', error_description: 'The server is not ready', checks });
    });
    registerRoute(app, serviceRoutes.getMetrics, async ({ reply }) =>
      reply.type(metrics.contentType).send(await metrics.metrics()),
    );
  };
}

async function outcome(probe: Probe): Promise<string> {
  try {
    await probe();
    return 'ok';
  } catch (error) {
    return errorMessage(error);
  }
}
