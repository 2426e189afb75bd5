import { type DeliveryFamily, deliveryFamilies, formatTimestamp, parseTimestamp } from '@cloudchamber/contract';
import type { Ambient, UserContext } from '../../domain/context.ts';
import {
  type Delivery,
  type DeliveryPlace,
  type DeliveryServices,
  deliveryNotFound,
  dropDelivery,
  listDeliveries,
  replayDelivery,
  replayFailures,
  replayHistory,
} from '../../domain/deliveries/index.ts';
import { DomainError } from '../../domain/domain-error.ts';
import { eventText } from '../../domain/events/index.ts';
import type { OrganizationContext } from '../../domain/organizations/index.ts';
import type { ProductContext } from '../../domain/products/index.ts';
import type { ContextFor, HttpApp } from '../http-app.ts';
import { registerRoute } from '../register-route.ts';
import type { RouteModule } from '../server.ts';

interface Place {
  readonly ctx: Ambient;
  readonly owner: DeliveryPlace['owner'];
}

const USUAL_PAGE = 100;

/** What is owed to integrations: lists, replays. */
export function deliveryRouteModule({ bus, backlog, integrations }: DeliveryServices): RouteModule {
  const services = { bus, backlog, integrations };

  function registerFamily<A extends 'user' | 'product' | 'organization'>(
    app: HttpApp,
    family: DeliveryFamily<A>,
    placeOf: (ctx: ContextFor<A>) => Place,
  ): void {
    registerRoute(app, family.list, async (input) => {
      const { ctx, owner } = placeOf(input.ctx);
      const { state = 'failed', limit = USUAL_PAGE, cursor } = input.query;
      const place = { owner, integrationId: input.params.integrationId };
      const { deliveries, next, waiting, failed } = await listDeliveries(ctx, place, { state, limit, cursor });
      return { deliveries: deliveries.map(deliveryBody), meta: { next, waiting, failed } };
    });
    registerRoute(app, family.replayOne, async (input) => {
      const { ctx, owner } = placeOf(input.ctx);
      const { integrationId, deliveryId } = input.params;
      await replayDelivery(ctx, services, { owner, integrationId }, idOf(deliveryId));
      return { ok: true as const };
    });
    registerRoute(app, family.replay, async (input) => {
      const { ctx, owner } = placeOf(input.ctx);
      const { source, from, to, error, event, cursor } = input.body;
      const place = { owner, integrationId: input.params.integrationId };
      const range = { from: timeOf(from), to: timeOf(to) };
      if (source === 'history') {
        const { from: begin, to: end = ctx.clock.now() } = range;
        if (begin === undefined || begin >= end) throw badRange();
        const replay = { from: begin, to: end, event, cursor };
        const { replayed, next } = await replayHistory(ctx, services, place, replay);
        return { ok: true as const, replayed, more: next !== null, next };
      }
      const { replayed, more } = await replayFailures(ctx, services, place, { ...range, error, event });
      return { ok: true as const, replayed, more, next: null };
    });
    registerRoute(app, family.drop, async (input) => {
      const { ctx, owner } = placeOf(input.ctx);
      const { integrationId, deliveryId } = input.params;
      await dropDelivery(ctx, services, { owner, integrationId }, idOf(deliveryId));
      return undefined;
    });
  }

  return (app) => {
    registerFamily(app, deliveryFamilies.own, ownPlace);
    registerFamily(app, deliveryFamilies.ofProduct, productPlace);
    registerFamily(app, deliveryFamilies.ofOrganization, organizationPlace);
  };
}

const ownPlace = (ctx: UserContext): Place => ({ ctx, owner: { kind: 'user', id: ctx.actor.userId } });

const productPlace = (ctx: ProductContext): Place => ({ ctx, owner: { kind: 'product', id: String(ctx.product.id) } });

const organizationPlace = (ctx: OrganizationContext): Place => ({
  ctx,
  owner: { kind: 'organization', id: ctx.organization.id },
});

function deliveryBody({ id, event, createdAt, dueAt, attempts, lastError }: Delivery) {
  return {
    id: String(id),
    state: dueAt === null ? ('failed' as const) : ('waiting' as const),
    event: event && {
      id: String(event.sequence),
      name: event.name,
      data: eventText(event.data, event.contentFormat),
      coreid: event.publisher,
      published_at: formatTimestamp(event.publishedAt),
    },
    created_at: formatTimestamp(createdAt),
    due_at: dueAt === null ? null : formatTimestamp(dueAt),
    attempts,
    last_error: lastError,
  };
}

/** What is no number is the id of no delivery. */
function idOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw deliveryNotFound();
  return Number(text);
}

function timeOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseTimestamp(text);
}

function badRange(): DomainError {
  return new DomainError('invalid', 'delivery.bad_range', 'from: is needed for a replay of the history, and before to');
}
