import { historyRoutes, parseTimestamp } from '@cloudchamber/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { getCurrentToken, subjectIdOf } from '../../domain/accounts/index.ts';
import { type OwnerContext, ownerIdOf, type TokenContext } from '../../domain/context.ts';
import { organizationDevice, productDevice, reachableDevice } from '../../domain/devices/index.ts';
import { DomainError } from '../../domain/domain-error.ts';
import {
  getRetention,
  type HistoryPage,
  type HistoryView,
  nextPosition,
  queryHistory,
  type Retention,
  setRetention,
} from '../../domain/history/index.ts';
import { enterOrganization, type OrganizationContext } from '../../domain/organizations/index.ts';
import { enterProduct, type ProductContext } from '../../domain/products/index.ts';
import { registerRoute } from '../register-route.ts';
import { RequestSlots } from '../request-slots.ts';
import type { RouteModule } from '../server.ts';
import { deviceErrorReply } from './devices-errors.ts';
import { exportStream } from './history-export.ts';
import { exportFormat, pastEvent } from './history-formats.ts';

interface HistoryRouteParts {
  /** How many days events are kept where nobody has chosen (CHAMBER_EVENT_DAYS); 30 when left out. */
  readonly eventDays?: number;
  /** Where clients reach this server, without a slash at the end (CHAMBER_PUBLIC_URL). */
  readonly publicUrl: string;
}

interface HistoryQuery {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly device?: string | undefined;
  readonly prefix?: string | undefined;
  readonly text?: string | undefined;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly order?: 'asc' | 'desc' | undefined;
  readonly limit?: number | undefined;
  readonly format?: string | undefined;
}

/** What a request may see, and whether it still may. */
interface Sight {
  readonly view: HistoryView;
  /** Rejects when the right is gone. */
  check(): Promise<unknown>;
}

interface HistoryInput<C extends TokenContext> {
  readonly ctx: C;
  readonly query: HistoryQuery;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

const USUAL_PAGE = 100;
const EXPORT_PAGE = 500;
const MOST_PAGES = { each: 4, all: 32 };
const MOST_EXPORTS = { each: 2, all: 16 };

/** Past events: pages and exports of what streams have shown (PRD-23), and for how long they are kept. */
export function historyRouteModule({ eventDays = 30, publicUrl }: HistoryRouteParts): RouteModule {
  const family = { renderError: deviceErrorReply(publicUrl) };
  const pages = new RequestSlots('history requests', MOST_PAGES);
  const exports = new RequestSlots('exports', MOST_EXPORTS);

  const answer = async <C extends TokenContext>(input: HistoryInput<C>, sight: Sight) => {
    const { ctx, query, request, reply } = input;
    const format = exportFormat(query.format, request.headers.accept);
    const subject = `${ctx.actor.kind} ${subjectIdOf(ctx.actor)}`;
    const view = narrowed(sight.view, query);
    const release = (format === undefined ? pages : exports).take(subject);
    let handedOver = false;
    try {
      const asked = pageOf(query, format === undefined ? USUAL_PAGE : EXPORT_PAGE);
      // An export forwards ends where it began: events may come faster than they are read.
      const page = format === undefined ? asked : { ...asked, before: asked.before ?? (await nextPosition(ctx)) };
      const result = await queryHistory(ctx, { view, page, mostDays: eventDays });
      if (format === undefined) {
        const next = result.next === null ? null : String(result.next);
        return { events: result.events.map(pastEvent), meta: { next } };
      }
      let left = query.limit === undefined ? Number.POSITIVE_INFINITY : query.limit - result.events.length;
      const last = (next: number | null) => (left > 0 ? next : null);
      const stream = exportStream({
        format,
        clock: ctx.clock,
        first: { events: result.events, next: last(result.next) },
        more: async (next) => {
          await checkToken(ctx);
          await sight.check();
          const more = {
            ...page,
            limit: Math.min(EXPORT_PAGE, left),
            [page.order === 'asc' ? 'after' : 'before']: next,
          };
          const found = await queryHistory(ctx, { view, page: more, mostDays: eventDays });
          left -= found.events.length;
          return { events: found.events, next: last(found.next) };
        },
        ended: release,
      });
      handedOver = true;
      return reply
        .type(format.mediaType)
        .header('content-disposition', `attachment; filename="${format.fileName}"`)
        .send(stream);
    } finally {
      if (!handedOver) release();
    }
  };

  return (app) => {
    registerRoute(app, historyRoutes.listHistory, async (input) => answer(input, await ownSight(input)), family);
    registerRoute(
      app,
      historyRoutes.listProductHistory,
      async (input) => answer(input, await productSight(input)),
      family,
    );
    registerRoute(
      app,
      historyRoutes.listOrganizationHistory,
      async (input) => answer(input, await organizationSight(input)),
      family,
    );
    registerRoute(app, historyRoutes.getHistoryRetention, async ({ ctx }) =>
      shown(await getRetention(ctx, { kind: 'user', id: ctx.actor.userId }, eventDays)),
    );
    registerRoute(app, historyRoutes.updateHistoryRetention, async ({ ctx, body }) =>
      shown(await setRetention(ctx, { kind: 'user', id: ctx.actor.userId }, body.days, eventDays)),
    );
    registerRoute(app, historyRoutes.getProductHistoryRetention, async ({ ctx }) =>
      shown(await getRetention(ctx, { kind: 'product', id: ctx.product.id }, eventDays)),
    );
    registerRoute(app, historyRoutes.updateProductHistoryRetention, async ({ ctx, body }) =>
      shown(await setRetention(ctx, { kind: 'product', id: ctx.product.id }, body.days, eventDays)),
    );
  };
}

/** As the streams of an account have it: a device may be one of a product in which the account may read events. */
async function ownSight({ ctx, query }: HistoryInput<OwnerContext>): Promise<Sight> {
  const ownerId = ownerIdOf(ctx.actor);
  const own = { kind: 'owner' as const, id: ownerId };
  if (query.device === undefined) return { view: { place: own }, check: async () => undefined };
  const device = await reachableDevice(ctx, query.device, 'events:get');
  if (device.ownerId === ownerId || device.productId === null) {
    return { view: { place: own, deviceId: device.id }, check: async () => undefined };
  }
  const { id: deviceId, productId } = device;
  const check = () => enterProduct(ctx, String(productId), 'events:get');
  return { view: { place: { kind: 'product', id: productId }, deviceId }, check };
}

async function productSight({ ctx, query }: HistoryInput<ProductContext>): Promise<Sight> {
  const { id } = ctx.product;
  const device = query.device === undefined ? undefined : await productDevice(ctx, query.device);
  const check = () => enterProduct(ctx, String(id), 'events:get');
  return { view: { place: { kind: 'product', id }, deviceId: device?.id }, check };
}

async function organizationSight({ ctx, query }: HistoryInput<OrganizationContext>): Promise<Sight> {
  const { id } = ctx.organization;
  const device = query.device === undefined ? undefined : await organizationDevice(ctx, query.device);
  const check = () => enterOrganization(ctx, id, 'events:get');
  return { view: { place: { kind: 'organization', id }, deviceId: device?.id }, check };
}

/** @throws DomainError `unauthorized` when the token that an export was begun with works no more. */
async function checkToken(ctx: TokenContext): Promise<void> {
  const { expiresAt } = await getCurrentToken(ctx);
  if (expiresAt === null || expiresAt > ctx.clock.now()) return;
  throw new DomainError('unauthorized', 'invalid_token', 'The access token provided has expired.');
}

function narrowed(view: HistoryView, { from, to, prefix, text }: HistoryQuery): HistoryView {
  const timeOf = (given: string | undefined) => (given === undefined ? undefined : parseTimestamp(given));
  return { ...view, from: timeOf(from), to: timeOf(to), namePrefix: prefix, text };
}

function pageOf({ before, after, order = 'desc', limit }: HistoryQuery, usual: number): HistoryPage {
  return {
    before: before === undefined ? undefined : Number(before),
    after: after === undefined ? undefined : Number(after),
    order,
    limit: Math.min(limit ?? usual, usual === EXPORT_PAGE ? EXPORT_PAGE : Number.POSITIVE_INFINITY),
  };
}

function shown({ days, chosen, most }: Retention) {
  return { days, chosen_days: chosen, most_days: most };
}
