import { eventIdField, eventRoutes } from '@cloudchamber/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Gauge, type Registry } from 'prom-client';
import type { Bus } from '../../bus/index.ts';
import { getCurrentToken, subjectIdOf } from '../../domain/accounts/index.ts';
import { type OwnerContext, ownerIdOf, type TokenContext } from '../../domain/context.ts';
import { organizationDevice, productDevice, reachableDevice } from '../../domain/devices/index.ts';
import { DomainError } from '../../domain/domain-error.ts';
import { type LiveHub, publishEvent, publishProductEvent, type StreamFilter } from '../../domain/events/index.ts';
import type { UpdateJournal } from '../../domain/firmware/index.ts';
import { enterOrganization, type OrganizationContext } from '../../domain/organizations/index.ts';
import { enterProduct, type ProductContext } from '../../domain/products/index.ts';
import { ConsumerGroups, checkPosition, eventFeed, type StreamFeed } from '../../domain/streams/index.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';
import { type SseLimits, SseStreams, type StreamRight } from '../sse-streams.ts';
import { deviceErrorReply } from './devices-errors.ts';
import { registerEventGroupRoutes } from './event-groups.ts';
import { registerUpdateProgressRoutes } from './update-progress.ts';

export interface EventRouteParts {
  readonly bus: Bus;
  readonly hub: LiveHub;
  /** Whose progress can be streamed; without it there are no such routes. */
  readonly updates?: UpdateJournal;
  /** Where clients reach this server, without a slash at the end (CHAMBER_PUBLIC_URL). */
  readonly publicUrl: string;
  readonly sseLimits?: SseLimits;
  readonly metrics?: Registry;
}

/** What a stream is opened for. */
interface Opening<C extends TokenContext> {
  readonly ctx: C;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly query: StreamQuery;
  /** Names begin so; empty for all. */
  readonly namePrefix: string;
}

/** How a stream is read. */
interface StreamQuery {
  readonly last_event_id?: number | undefined;
  readonly group?: string | undefined;
  readonly ack?: 'auto' | 'explicit' | undefined;
}

/** Streams and publishing: sections 1 and 2 of the event notes. */
export function eventRouteModule(parts: EventRouteParts): RouteModule {
  const { bus, hub, updates, publicUrl, sseLimits, metrics } = parts;
  const family = { renderError: deviceErrorReply(publicUrl) };
  return (app) => {
    const { store, clock, log } = app.ambient;
    const streams = new SseStreams(bus, clock, sseLimits);
    if (metrics !== undefined) exposeStreams(streams, metrics);
    const groups = new ConsumerGroups({ store, hub, clock, log }, bus);
    app.fastify.addHook('onReady', () => groups.tidy());
    app.fastify.addHook('preClose', async () => {
      streams.close();
      await groups.close();
    });
    registerEventGroupRoutes(app, groups, family);
    if (updates !== undefined) registerUpdateProgressRoutes(app, streams, updates, family);

    const feedOf = async (filter: StreamFilter, { query, request }: Opening<TokenContext>): Promise<StreamFeed> => {
      const { group, ack, last_event_id: begin } = query;
      if (group !== undefined) {
        const options = { mode: ack ?? 'auto', ...(begin !== undefined && { after: begin }) } as const;
        return groups.feed({ place: filter.place, name: group }, filter, options);
      }
      if (ack !== undefined) throw new DomainError('invalid', 'invalid_request', 'query.ack: goes with a group');
      const after = lastEventId(request.headers['last-event-id']) ?? begin;
      if (after !== undefined) await checkPosition(store, after);
      return eventFeed({ store, hub, log }, filter, after);
    };
    const open = async (opening: Opening<TokenContext>, place: StreamFilter, right?: StreamRight) => {
      const { ctx, request, reply, namePrefix } = opening;
      const { id, expiresAt } = await getCurrentToken(ctx);
      const feed = await feedOf({ ...place, namePrefix }, opening);
      // Asked once more when the stream is open: the token may have been revoked in between.
      const check = () => Promise.all([getCurrentToken(ctx), right?.check()]);
      streams.open({
        out: reply.raw,
        headers: reply.getHeaders(),
        token: { id, expiresAt },
        address: request.ip,
        feed,
        right: { subjectId: subjectIdOf(ctx.actor), ...right, check },
      });
      return reply.hijack();
    };
    const openOwn = (opening: Opening<OwnerContext>) => open(opening, ownFilter(opening.ctx));
    const openDevice = async (opening: Opening<OwnerContext>, selector: string) => {
      const { ctx } = opening;
      const { id: deviceId, ownerId, productId } = await reachableDevice(ctx, selector, 'events:get');
      if (ownerId === ownerIdOf(ctx.actor) || productId === null) return open(opening, { ...ownFilter(ctx), deviceId });
      return open(opening, { ...productFilter(productId), deviceId }, productRight(ctx, productId));
    };
    const openProduct = (opening: Opening<ProductContext>) => {
      const { id } = opening.ctx.product;
      return open(opening, productFilter(id), productRight(opening.ctx, id));
    };
    const openProductDevice = async (opening: Opening<ProductContext>, selector: string) => {
      const { id } = opening.ctx.product;
      const device = await productDevice(opening.ctx, selector);
      return open(opening, { ...productFilter(id), deviceId: device.id }, productRight(opening.ctx, id));
    };
    const openOrganization = (opening: Opening<OrganizationContext>) =>
      open(opening, organizationFilter(opening.ctx), organizationRight(opening.ctx));
    const openOrganizationDevice = async (opening: Opening<OrganizationContext>, selector: string) => {
      const device = await organizationDevice(opening.ctx, selector);
      return open(opening, { ...organizationFilter(opening.ctx), deviceId: device.id }, organizationRight(opening.ctx));
    };

    registerRoute(
      app,
      eventRoutes.streamEvents,
      (input) => {
        if (input.params['*'] === '') throw prefixRequired();
        return openOwn({ ...input, namePrefix: input.params['*'] });
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
    registerRoute(app, eventRoutes.streamOwnEvents, (input) => openOwn({ ...input, namePrefix: '' }), family);
    registerRoute(
      app,
      eventRoutes.streamOwnEventsByPrefix,
      (input) => openOwn({ ...input, namePrefix: input.params['*'] }),
      family,
    );
    registerRoute(
      app,
      eventRoutes.streamDeviceEvents,
      (input) => openDevice({ ...input, namePrefix: '' }, input.params.deviceId),
      family,
    );
    registerRoute(
      app,
      eventRoutes.streamDeviceEventsByPrefix,
      (input) => openDevice({ ...input, namePrefix: input.params['*'] }, input.params.deviceId),
      family,
    );
    registerRoute(app, eventRoutes.streamProductEvents, (input) => openProduct({ ...input, namePrefix: '' }), family);
    registerRoute(
      app,
      eventRoutes.streamProductEventsByPrefix,
      (input) => openProduct({ ...input, namePrefix: input.params['*'] }),
      family,
    );
    registerRoute(
      app,
      eventRoutes.streamProductDeviceEvents,
      (input) => openProductDevice({ ...input, namePrefix: '' }, input.params.deviceId),
      family,
    );
    registerRoute(
      app,
      eventRoutes.streamProductDeviceEventsByPrefix,
      (input) => openProductDevice({ ...input, namePrefix: input.params['*'] }, input.params.deviceId),
      family,
    );
    registerRoute(
      app,
      eventRoutes.streamOrganizationEvents,
      (input) => openOrganization({ ...input, namePrefix: '' }),
      family,
    );
    registerRoute(
      app,
      eventRoutes.streamOrganizationEventsByPrefix,
      (input) => openOrganization({ ...input, namePrefix: input.params['*'] }),
      family,
    );
    registerRoute(
      app,
      eventRoutes.streamOrganizationDeviceEvents,
      (input) => openOrganizationDevice({ ...input, namePrefix: '' }, input.params.deviceId),
      family,
    );
    registerRoute(
      app,
      eventRoutes.streamOrganizationDeviceEventsByPrefix,
      (input) => openOrganizationDevice({ ...input, namePrefix: input.params['*'] }, input.params.deviceId),
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
    registerRoute(
      app,
      eventRoutes.publishProductEvent,
      async ({ ctx, body }) => {
        await publishProductEvent(ctx, bus, { name: body.name, data: body.data, ttlSeconds: body.ttl });
        return { ok: true as const };
      },
      family,
    );
  };
}

const ownFilter = (ctx: OwnerContext): StreamFilter => ({ place: { kind: 'owner', id: ownerIdOf(ctx.actor) } });

const productFilter = (id: number): StreamFilter => ({ place: { kind: 'product', id } });

const organizationFilter = ({ organization }: OrganizationContext): StreamFilter => ({
  place: { kind: 'organization', id: organization.id },
});

function productRight(ctx: TokenContext, productId: number): StreamRight {
  const check = () => enterProduct(ctx, String(productId), 'events:get');
  return { subjectId: subjectIdOf(ctx.actor), productId, check };
}

function organizationRight(ctx: OrganizationContext): StreamRight {
  const check = () => enterOrganization(ctx, ctx.organization.id, 'events:get');
  return { subjectId: subjectIdOf(ctx.actor), check };
}

function exposeStreams(streams: SseStreams, registry: Registry): void {
  new Gauge({
    name: 'chamber_event_streams',
    help: 'Event streams that are open',
    registers: [registry],
    collect() {
      this.set(streams.size);
    },
  });
}

/** What a browser's EventSource sends when it comes back. @throws DomainError `event.bad_id` */
function lastEventId(header: string | string[] | undefined): number | undefined {
  if (header === undefined || header === '') return undefined;
  const id = eventIdField.safeParse(header);
  if (!id.success) throw new DomainError('invalid', 'event.bad_id', 'Last-Event-ID must be the id of an event');
  return id.data;
}

function prefixRequired(): DomainError {
  return new DomainError('invalid', 'event.prefix_required', 'event prefix filter is required');
}
