import type { Bus } from '../../bus/index.ts';
import type { StoredEvent } from '../../store/index.ts';
import { type Context, ownerIdOf } from '../context.ts';
import { isReservedName } from '../devices/index.ts';
import { DomainError } from '../domain-error.ts';
import type { ProductContext } from '../products/index.ts';
import { DEFAULT_TTL_SECONDS, MOST_DELIVERED_DATA_BYTES, MOST_TTL_SECONDS } from './event-limits.ts';
import { eventNameFault } from './event-name.ts';
import { liveEvents } from './live-events.ts';

export interface PublishEventInput {
  readonly name: string;
  readonly data?: string | null;
  readonly ttlSeconds?: number;
}

/**
 * Publishes an event of the caller (MSG-10): durable when this resolves, then on its way to streams and subscribed devices. A customer's goes to the
 * stream of its product as well (MSG-22).
 * @throws DomainError `event.invalid`, `event.owner_required`.
 */
export async function publishEvent(ctx: Context, bus: Bus, input: PublishEventInput): Promise<void> {
  const { actor } = ctx;
  if (actor.kind !== 'user' && actor.kind !== 'customer') {
    throw new DomainError('forbidden', 'event.owner_required', 'Only an account or a customer may publish');
  }
  const productId = actor.kind === 'customer' ? actor.productId : null;
  await publish(ctx, bus, { ownerId: ownerIdOf(actor), productId }, input);
}

/**
 * Publishes an event to the streams of a product (API-28); no device hears of it.
 * @throws DomainError `event.invalid`.
 */
export async function publishProductEvent(ctx: ProductContext, bus: Bus, input: PublishEventInput): Promise<void> {
  await publish(ctx, bus, { ownerId: null, productId: ctx.product.id }, input);
}

async function publish(
  ctx: Pick<Context, 'store' | 'clock'>,
  bus: Bus,
  place: Pick<StoredEvent, 'ownerId' | 'productId'>,
  input: PublishEventInput,
): Promise<void> {
  const fault = faultOf(input);
  if (fault !== undefined) throw new DomainError('invalid', 'event.invalid', fault);
  const stored = await ctx.store.events.append({
    ...place,
    deviceId: null,
    publisher: 'api',
    name: input.name,
    data: input.data ? Buffer.from(input.data) : null,
    contentFormat: 0,
    ttlSeconds: input.ttlSeconds ?? DEFAULT_TTL_SECONDS,
    publishedAt: ctx.clock.now(),
  });
  bus.publish(liveEvents, stored);
}

function faultOf({ name, data, ttlSeconds = DEFAULT_TTL_SECONDS }: PublishEventInput): string | undefined {
  if (isReservedName(name)) return 'Names that begin with spark or particle are reserved for system events';
  if (Buffer.byteLength(data ?? '') > MOST_DELIVERED_DATA_BYTES) {
    return `An event has at most ${MOST_DELIVERED_DATA_BYTES} bytes of data`;
  }
  if (!Number.isInteger(ttlSeconds) || ttlSeconds < 0 || ttlSeconds > MOST_TTL_SECONDS) {
    return `ttl is a number of seconds from 0 to ${MOST_TTL_SECONDS}`;
  }
  return eventNameFault(name);
}
