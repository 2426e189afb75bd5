import { updateProgressRoutes } from '@cloudchamber/contract';
import type { DeviceId } from '@cloudchamber/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { getCurrentToken, subjectIdOf } from '../../domain/accounts/index.ts';
import type { TokenContext } from '../../domain/context.ts';
import { productDevice, reachableDevice } from '../../domain/devices/index.ts';
import type { UpdateJournal } from '../../domain/firmware/index.ts';
import { enterProduct } from '../../domain/products/index.ts';
import type { HttpApp } from '../http-app.ts';
import { progressFeed } from '../progress-feed.ts';
import { type RouteOptions, registerRoute } from '../register-route.ts';
import type { SseStreams, StreamRight } from '../sse-streams.ts';

interface Opening {
  readonly ctx: TokenContext;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly query: { readonly until_end?: boolean | undefined };
}

/** Streams of what becomes of a device's updates. They count as event streams, and end as those do. */
export function registerUpdateProgressRoutes(
  app: HttpApp,
  streams: SseStreams,
  updates: UpdateJournal,
  family: RouteOptions,
): void {
  const { store, log } = app.ambient;
  const open = async (opening: Opening, deviceId: DeviceId, right: Pick<StreamRight, 'productId' | 'check'>) => {
    const { ctx, request, reply, query } = opening;
    const { id, expiresAt } = await getCurrentToken(ctx);
    streams.open({
      out: reply.raw,
      headers: reply.getHeaders(),
      token: { id, expiresAt },
      address: request.ip,
      feed: progressFeed({ store, updates, log }, deviceId, query.until_end ?? false),
      right: {
        ...right,
        subjectId: subjectIdOf(ctx.actor),
        deviceId,
        check: () => Promise.all([getCurrentToken(ctx), right.check()]),
      },
    });
    return reply.hijack();
  };
  registerRoute(
    app,
    updateProgressRoutes.streamUpdateProgress,
    async (input) => {
      const { ctx, params } = input;
      const { id, productId } = await reachableDevice(ctx, params.deviceId, 'devices:get');
      const check = () => reachableDevice(ctx, id, 'devices:get');
      return open(input, id, { ...(productId !== null && { productId }), check });
    },
    family,
  );
  registerRoute(
    app,
    updateProgressRoutes.streamProductUpdateProgress,
    async (input) => {
      const { ctx, params } = input;
      const { id: productId } = ctx.product;
      const { id } = await productDevice(ctx, params.deviceId);
      const check = async () => {
        const { product } = await enterProduct(ctx, String(productId), 'devices:get');
        return productDevice({ ...ctx, product }, id);
      };
      return open(input, id, { productId, check });
    },
    family,
  );
}
