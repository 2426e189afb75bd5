import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import { firstSequenceAt } from '../history/index.ts';
import type { Integration } from '../integrations/index.ts';
import { type DeliveryPlace, type DeliveryServices, requireIntegration, requireRoom } from './delivery-place.ts';
import { makeDue } from './delivery-store.ts';
import { dueDeliveries } from './delivery-topics.ts';
import {
  type FailureFilter,
  findFailureIds,
  findPastEvents,
  findProductIdsOf,
  type HistoryPlace,
  insertDeliveries,
  type PastEvent,
} from './replay-store.ts';

/** Deliveries that one request makes due. */
const MOST_AT_ONCE = 10_000;
/** Rows of one statement. */
const PER_STATEMENT = 1000;
/** Events that one request looks at. */
const MOST_LOOKED_AT = 50_000;
const PER_READ = 5000;
/** The log is nearly in the order of publishing times: an event is looked for this much earlier and later, ms. */
const SLACK = 60_000;

/**
 * Attempts failed deliveries again that fit the filter, oldest first, at once and by their whole schedule. Those whose event the log has no longer stay.
 * @returns how many, at most 10,000, and whether there may be more
 * @throws DomainError `integration.not_found`, `delivery.backlog_full`
 */
export async function replayFailures(
  ctx: Pick<Ambient, 'store' | 'clock'>,
  { bus, backlog }: DeliveryServices,
  place: DeliveryPlace,
  filter: FailureFilter,
): Promise<{ readonly replayed: number; readonly more: boolean }> {
  await requireIntegration(ctx, place);
  const { integrationId } = place;
  const most = Math.min(MOST_AT_ONCE, requireRoom(backlog, integrationId));
  const ids = await findFailureIds(ctx.store.history, integrationId, filter, most + 1);
  const wanted = ids.slice(0, most);
  let replayed = 0;
  for (let at = 0; at < wanted.length; at += PER_STATEMENT) {
    const part = wanted.slice(at, at + PER_STATEMENT);
    const changed = await makeDue(ctx.store.db, integrationId, part, ctx.clock.now());
    replayed += changed;
    bus.publish(dueDeliveries, { integrationId, more: changed });
  }
  return { replayed, more: ids.length > most };
}

export interface HistoryReplay {
  /** Publishing times, ms UTC: from `from` on, before `to`. */
  readonly from: number;
  readonly to: number;
  /** Prefix of names, besides the integration's own. */
  readonly event?: string | undefined;
  /** `next` of the request before. */
  readonly cursor?: string | undefined;
}

/**
 * Owes events of the log to an integration once more, or for the first time: those that would trigger it now. Their ids are those that they always had, so that
 * a server that knows them can tell.
 * @returns how many, at most 10,000 of at most 50,000 that were looked at, and where the next request goes on; null when all were looked at
 * @throws DomainError `integration.not_found`, `delivery.backlog_full`, `delivery.bad_cursor`; `delivery.integration_off` for a disabled one
 */
export async function replayHistory(
  ctx: Pick<Ambient, 'store' | 'clock'>,
  services: DeliveryServices,
  place: DeliveryPlace,
  replay: HistoryReplay,
): Promise<{ readonly replayed: number; readonly next: string | null }> {
  const integration = await requireIntegration(ctx, place);
  if (integration.disabled) {
    throw new DomainError('conflict', 'delivery.integration_off', 'The integration is disabled: enable it first');
  }
  const { integrationId } = place;
  const most = Math.min(MOST_AT_ONCE, requireRoom(services.backlog, integrationId));
  const places = await placesOf(ctx, integration);
  const begin = await firstSequenceAt(ctx.store.history, replay.from - SLACK);
  let { index, sequence } = cursorFrom(replay.cursor, begin);
  let lookedAt = 0;
  let replayed = 0;
  while (index < places.length) {
    const where = places[index];
    if (where === undefined || lookedAt >= MOST_LOOKED_AT || replayed >= most) break;
    const events = await findPastEvents(ctx.store.history, where, sequence, Math.min(PER_READ, most - replayed));
    lookedAt += events.length;
    const wanted = events.filter((event) => fits(event, replay) && triggers(services, integrationId, event));
    replayed += await owe(ctx, services, integrationId, wanted);
    const last = events.at(-1);
    if (last === undefined || last.publishedAt > replay.to + SLACK) {
      index += 1;
      sequence = begin;
    } else sequence = last.sequence + 1;
  }
  return { replayed, next: index < places.length ? `${index}.${sequence}` : null };
}

async function owe(
  ctx: Pick<Ambient, 'store' | 'clock'>,
  { bus }: DeliveryServices,
  integrationId: string,
  events: readonly PastEvent[],
): Promise<number> {
  for (let at = 0; at < events.length; at += PER_STATEMENT) {
    const sequences = events.slice(at, at + PER_STATEMENT).map(({ sequence }) => sequence);
    await insertDeliveries(ctx.store.db, integrationId, sequences, ctx.clock.now());
    bus.publish(dueDeliveries, { integrationId, more: sequences.length });
  }
  return events.length;
}

/** Where the events that an integration hears of are. */
async function placesOf({ store }: Pick<Ambient, 'store'>, { owner }: Integration): Promise<readonly HistoryPlace[]> {
  switch (owner.kind) {
    case 'user':
      return [{ ownerId: owner.id }];
    case 'product':
      return [{ productId: Number(owner.id) }];
    case 'organization':
      return (await findProductIdsOf(store.reads, owner.id)).map((productId) => ({ productId }));
  }
}

function fits({ publishedAt, name }: PastEvent, { from, to, event = '' }: HistoryReplay): boolean {
  return publishedAt >= from && publishedAt < to && name.startsWith(event);
}

function triggers({ integrations }: DeliveryServices, integrationId: string, event: PastEvent): boolean {
  const whole = { ...event, data: null, contentFormat: 0, ttlSeconds: 0 };
  return integrations.integrationsFor(whole).includes(integrationId);
}

/** A cursor counts places, since the events of each are read on their own. */
function cursorFrom(cursor: string | undefined, begin: number): { index: number; sequence: number } {
  if (cursor === undefined) return { index: 0, sequence: begin };
  const [, index, sequence] = /^(\d{1,4})\.(\d{1,15})$/.exec(cursor) ?? [];
  if (index === undefined || sequence === undefined) {
    throw new DomainError('invalid', 'delivery.bad_cursor', 'cursor: must be next of the reply before');
  }
  return { index: Number(index), sequence: Math.max(begin, Number(sequence)) };
}
