import { formatTimestamp, updateRoutes } from '@cloudchamber/contract';
import type { DeviceCommands } from '@cloudchamber/gateway';
import type { Clock } from '@cloudchamber/kernel';
import type { z } from 'zod';
import { productPast, reachablePast } from '../../domain/devices/index.ts';
import type { UpdateJournal } from '../../domain/firmware/index.ts';
import {
  type DeviceUpdates,
  type FleetUpdater,
  listDeviceUpdates,
  listProductUpdates,
  type UpdateState,
} from '../../domain/fleet-updates/index.ts';
import { shownProgress } from '../progress-feed.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';
import { timeOrNull } from './devices-body.ts';
import { deviceErrorReply } from './devices-errors.ts';

interface UpdateRouteParts {
  readonly commands: DeviceCommands;
  readonly updates: UpdateJournal;
  readonly fleet: Pick<FleetUpdater, 'waitOf' | 'waitingIn'>;
  readonly publicUrl: string;
}

type DeviceUpdatesBody = z.output<(typeof updateRoutes.listDeviceUpdates.responses)[200]>;

const USUAL_PAGE = 50;

/** What becomes of firmware updates: the history of devices, and what goes on in a product. */
export function updateRouteModule(parts: UpdateRouteParts): RouteModule {
  const family = { renderError: deviceErrorReply(parts.publicUrl) };
  return (app) => {
    const { store, clock } = app.ambient;
    registerRoute(
      app,
      updateRoutes.listDeviceUpdates,
      async ({ ctx, params, query }) =>
        deviceUpdatesBody(
          clock,
          await listDeviceUpdates(
            store,
            parts,
            await reachablePast(ctx, params.deviceId, 'devices:get'),
            pageOf(query),
          ),
        ),
      family,
    );
    registerRoute(
      app,
      updateRoutes.listProductDeviceUpdates,
      async ({ ctx, params, query }) =>
        deviceUpdatesBody(
          clock,
          await listDeviceUpdates(store, parts, await productPast(ctx, params.deviceId), pageOf(query)),
        ),
      family,
    );
    registerRoute(
      app,
      updateRoutes.listProductUpdates,
      async ({ ctx, query: { limit = USUAL_PAGE, cursor = '' } }) => {
        const { updating, waiting, devices, next } = await listProductUpdates(ctx, parts, { after: cursor, limit });
        return {
          counts: {
            updating,
            waiting: [...waiting.values()].reduce((sum, count) => sum + count, 0),
            by_reason: Object.fromEntries(waiting),
          },
          devices: devices.map((state) => ({ device_id: state.deviceId, ...stateBody(state) })),
          meta: { next: next ?? null },
        };
      },
      family,
    );
  };
}

function pageOf({
  limit = USUAL_PAGE,
  cursor,
}: {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}) {
  const [at = '', id = ''] = cursor?.split('-') ?? [];
  return { limit, before: cursor === undefined ? undefined : { at: Number(at), id } };
}

function deviceUpdatesBody(clock: Clock, { updates, next, ...state }: DeviceUpdates): DeviceUpdatesBody {
  const { current } = state;
  return {
    ...stateBody(state),
    updates: updates.map((update) => {
      const { startedAt, endedAt } = update;
      const { stage, bytes } = current?.id === update.id ? current : update;
      return {
        id: update.id,
        reason: update.reason,
        version: update.version,
        rollout: update.rolloutId,
        stage,
        bytes,
        total_bytes: update.totalBytes,
        created_at: formatTimestamp(update.createdAt),
        started_at: timeOrNull(startedAt),
        ended_at: timeOrNull(endedAt),
        duration: startedAt === null ? null : ((endedAt ?? clock.now()) - startedAt) / 1000,
        outcome: update.outcome,
        message: update.message,
      };
    }),
    meta: { next: next === undefined ? null : `${next.at}-${next.id}` },
  };
}

function stateBody({ current, pending }: UpdateState): Pick<DeviceUpdatesBody, 'current' | 'pending'> {
  return {
    current: current === undefined ? null : shownProgress(current),
    pending:
      pending === undefined
        ? null
        : {
            version: pending.version,
            reason: pending.reason,
            rollout: pending.rolloutId ?? null,
            blocked: pending.blocked ?? null,
            retry_at: timeOrNull(pending.retryAt ?? null),
            message: pending.message ?? null,
          },
  };
}
