import { eventRoutes } from '@cloudchamber/contract';
import type { FastifyReply } from 'fastify';
import type { Bus } from '../../bus/index.ts';
import { getCurrentToken, type UserContext } from '../../domain/accounts/index.ts';
import { getDevice } from '../../domain/devices/index.ts';
import { DomainError } from '../../domain/domain-error.ts';
import { type LiveHub, publishEvent, type StreamFilter } from '../../domain/events/index.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';
import { type SseLimits, SseStreams } from '../sse-streams.ts';
import { deviceErrorReply } from './devices-errors.ts';

export interface EventRouteParts {
  readonly bus: Bus;
  readonly hub: LiveHub;
  /** Where clients reach this server, without a slash at the end (CHAMBER_PUBLIC_URL). */
  readonly publicUrl: string;
  readonly limits?: SseLimits;
}

/** Streams and publishing: sections 1 and 2 of the event notes. */
export function eventRouteModule({ bus, hub, publicUrl, limits }: EventRouteParts): RouteModule {
  const family = { renderError: deviceErrorReply(publicUrl) };
  return (app) => {
    const streams = new SseStreams(hub, bus, app.ambient.clock, limits);
    app.fastify.addHook('preClose', async () => streams.close());

    const open = async (ctx: UserContext, reply: FastifyReply, filter: Omit<StreamFilter, 'ownerId'>) => {
      const { id, expiresAt } = await getCurrentToken(ctx);
      const ownerId = ctx.actor.userId;
      const request = { out: reply.raw, headers: reply.getHeaders(), token: { id, expiresAt } };
      streams.open({ ...request, filter: { ...filter, ownerId } });
      return reply.hijack();
    };
    const openDevice = async (ctx: UserContext, reply: FastifyReply, selector: string, namePrefix: string) => {
      const device = await getDevice(ctx, selector);
      return open(ctx, reply, { deviceId: device.id, namePrefix });
    };

    registerRoute(
      app,
      eventRoutes.streamEvents,
      ({ ctx, params, reply }) => {
        if (params['*'] === '') throw prefixRequired();
        return open(ctx, reply, { namePrefix: params['*'] });
      },
      family,
    );
    registerRoute(
      app,
      eventRoutes.refuseAllEvents,
      () => {
        throw prefixRequired();
      },
      family,
    );
    registerRoute(app, eventRoutes.streamOwnEvents, ({ ctx, reply }) => open(ctx, reply, {}), family);
    registerRoute(
      app,
      eventRoutes.streamOwnEventsByPrefix,
      ({ ctx, params, reply }) => open(ctx, reply, { namePrefix: params['*'] }),
      family,
    );
    registerRoute(
      app,
      eventRoutes.streamDeviceEvents,
      ({ ctx, params, reply }) => openDevice(ctx, reply, params.deviceId, ''),
      family,
    );
    registerRoute(
      app,
      eventRoutes.streamDeviceEventsByPrefix,
      ({ ctx, params, reply }) => openDevice(ctx, reply, params.deviceId, params['*']),
      family,
    );
    registerRoute(
      app,
      eventRoutes.publishEvent,
      async ({ ctx, body }) => {
        await publishEvent(ctx, bus, { name: body.name, data: body.data, ttlSeconds: body.ttl });
        return { ok: true as const };
      },
      family,
    );
  };
}

function prefixRequired(): DomainError {
  return new DomainError('invalid', 'event.prefix_required', 'event prefix filter is required');
}
