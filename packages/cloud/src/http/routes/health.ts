import { formatTimestamp, healthRoutes } from '@cloudchamber/contract';
import type { DeviceCommands } from '@cloudchamber/gateway';
import { subjectIdOf } from '../../domain/accounts/index.ts';
import type { TokenContext } from '../../domain/context.ts';
import { type DevicePast, productPast, reachablePast } from '../../domain/devices/index.ts';
import { fleetOverview, healthSeries, listPresence, onlineSeries } from '../../domain/health/index.ts';
import type { ProductContext } from '../../domain/products/index.ts';
import { registerRoute } from '../register-route.ts';
import { RequestSlots } from '../request-slots.ts';
import type { RouteModule } from '../server.ts';
import { deviceErrorReply } from './devices-errors.ts';

interface HealthRouteParts {
  readonly commands: Pick<DeviceCommands, 'isOnline'>;
  /** Where clients reach this server, without a slash at the end (CHAMBER_PUBLIC_URL). */
  readonly publicUrl: string;
}

type SeriesQuery = Parameters<typeof onlineSeries>[1];

interface PresenceQuery {
  readonly start_date?: string | undefined;
  readonly end_date?: string | undefined;
  readonly page?: number | undefined;
  readonly per_page?: number | undefined;
  readonly perPage?: number | undefined;
}

const PER_PAGE = 25;
const MOST_READS = { each: 4, all: 16 };

/** How fleets are (section 10 of the product notes, PRD-24), and when devices came and went. */
export function healthRouteModule({ commands, publicUrl }: HealthRouteParts): RouteModule {
  const family = { renderError: deviceErrorReply(publicUrl) };
  const reads = new RequestSlots('requests for figures', MOST_READS);

  const holding = async <T>({ actor }: TokenContext, run: () => Promise<T>): Promise<T> => {
    const release = reads.take(`${actor.kind} ${subjectIdOf(actor)}`);
    try {
      return await run();
    } finally {
      release();
    }
  };
  const answers = (ctx: ProductContext, kind: 'functions' | 'variables', query: SeriesQuery) =>
    holding(ctx, async () =>
      (await healthSeries(ctx, kind, query)).map(({ time, counts }) => ({
        time: formatTimestamp(time),
        success: counts.success ?? 0,
        failure: counts.failure ?? 0,
        offline: counts.offline ?? 0,
      })),
    );
  const attempts = (ctx: ProductContext, query: SeriesQuery) =>
    holding(ctx, async () => ({
      integrations: (await healthSeries(ctx, 'integrations', query)).map(({ time, counts }) => ({
        time: formatTimestamp(time),
        success: counts.success ?? 0,
        failure: counts.failure ?? 0,
        sleep: counts.sleep ?? 0,
      })),
    }));

  return (app) => {
    registerRoute(app, healthRoutes.online, ({ ctx, query }) =>
      holding(ctx, async () => ({
        online: (await onlineSeries(ctx, query)).map(({ time, count }) => ({ time: formatTimestamp(time), count })),
      })),
    );
    registerRoute(app, healthRoutes.events, ({ ctx, query }) =>
      holding(ctx, async () => ({
        events: (await healthSeries(ctx, 'events', query)).map(({ time, counts }) => ({
          time: formatTimestamp(time),
          received: counts.received ?? 0,
        })),
      })),
    );
    registerRoute(app, healthRoutes.integration, ({ ctx, query }) => attempts(ctx, query));
    registerRoute(app, healthRoutes.integrations, ({ ctx, query }) => attempts(ctx, query));
    registerRoute(app, healthRoutes.functions, async ({ ctx, query }) => ({
      functions: await answers(ctx, 'functions', query),
    }));
    registerRoute(app, healthRoutes.variables, async ({ ctx, query }) => ({
      variables: await answers(ctx, 'variables', query),
    }));
    registerRoute(app, healthRoutes.getFleet, ({ ctx }) =>
      holding(ctx, async () => {
        const { devices, versions, customers, people } = await fleetOverview(ctx, commands);
        const { safeMode, ...counted } = devices;
        return {
          devices: { ...counted, safe_mode: safeMode },
          versions: [...versions],
          customers,
          team: { members: people },
        };
      }),
    );
    registerRoute(
      app,
      healthRoutes.listPresence,
      async ({ ctx, params, query }) => presence(ctx, await reachablePast(ctx, params.deviceId, 'devices:get'), query),
      family,
    );
    registerRoute(
      app,
      healthRoutes.listProductPresence,
      async ({ ctx, params, query }) => presence(ctx, await productPast(ctx, params.deviceId), query),
      family,
    );
  };
}

async function presence(ctx: TokenContext, past: DevicePast, query: PresenceQuery) {
  const { start_date, end_date, page = 1 } = query;
  const perPage = query.perPage ?? query.per_page ?? PER_PAGE;
  const found = await listPresence(ctx, past, { start_date, end_date, page, perPage });
  return {
    deviceID: past.device.id,
    start_date: formatTimestamp(found.start),
    end_date: formatTimestamp(found.end),
    online_seconds: Math.floor(found.onlineFor / 1000),
    presence: found.changes.map(({ at, online, reason }) => ({ at: formatTimestamp(at), online, reason })),
    meta: { total_pages: found.totalPages },
  };
}
