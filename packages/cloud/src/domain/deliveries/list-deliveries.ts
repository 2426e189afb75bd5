import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import { type DeliveryPlace, requireIntegration } from './delivery-place.ts';
import { countDeliveries, type Delivery, findFailed, findWaiting } from './delivery-store.ts';

export interface DeliveryQuery {
  readonly state: 'waiting' | 'failed';
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
  /** 1 to 1000 */
  readonly limit: number;
}

export interface DeliveryPage {
  readonly deliveries: readonly Delivery[];
  /** For the page behind; null on the last one. */
  readonly next: string | null;
  /** Of the integration, at most `MOST_COUNTED` are counted. */
  readonly waiting: number;
  readonly failed: number;
}

/** Counts go no further. */
const MOST_COUNTED = 10_000;

/**
 * Deliveries of an integration: waiting ones in the order in which they are attempted, failed ones newest first.
 * @throws DomainError `integration.not_found`; `delivery.bad_cursor`
 */
export async function listDeliveries(
  ctx: Pick<Ambient, 'store' | 'clock'>,
  place: DeliveryPlace,
  query: DeliveryQuery,
): Promise<DeliveryPage> {
  await requireIntegration(ctx, place);
  const { history } = ctx.store;
  const { integrationId } = place;
  const { state, limit } = query;
  const [found, waiting, failed] = await Promise.all([
    state === 'failed'
      ? findFailed(history, integrationId, limit + 1, failedCursor(query.cursor))
      : findWaiting(history, integrationId, limit + 1, waitingCursor(query.cursor)),
    countDeliveries(history, integrationId, 'waiting', MOST_COUNTED),
    countDeliveries(history, integrationId, 'failed', MOST_COUNTED),
  ]);
  const deliveries = found.slice(0, limit);
  const last = found.length > limit ? deliveries.at(-1) : undefined;
  return { deliveries, next: last === undefined ? null : cursorOf(last), waiting, failed };
}

function cursorOf({ id, dueAt }: Delivery): string {
  return dueAt === null ? `${id}` : `${dueAt}.${id}`;
}

function failedCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  if (!/^\d{1,15}$/.test(cursor)) throw badCursor();
  return Number(cursor);
}

function waitingCursor(cursor: string | undefined): { readonly dueAt: number; readonly id: number } | undefined {
  if (cursor === undefined) return undefined;
  const [, dueAt, id] = /^(\d{1,15})\.(\d{1,15})$/.exec(cursor) ?? [];
  if (dueAt === undefined || id === undefined) throw badCursor();
  return { dueAt: Number(dueAt), id: Number(id) };
}

function badCursor(): DomainError {
  return new DomainError('invalid', 'delivery.bad_cursor', 'cursor: must be meta.next of the page before');
}
