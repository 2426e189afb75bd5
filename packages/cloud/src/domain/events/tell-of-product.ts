import type { Clock } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import type { Store } from '../../store/index.ts';
import { DEFAULT_TTL_SECONDS } from './event-limits.ts';
import { liveEvents } from './live-events.ts';

/** What streams show as `coreid` of the cloud's own events (section 1.2 of the event notes). */
const PUBLISHER = 'particle-internal';

/** Publishes an event of the cloud's own to the streams and integrations of a product; no device hears of it. Resolves when it is durable. @throws ChamberError of the event log */
export async function tellOfProduct(
  { store, bus, clock }: { readonly store: Pick<Store, 'events'>; readonly bus: Bus; readonly clock: Clock },
  productId: number,
  name: string,
  text: string,
): Promise<void> {
  const stored = await store.events.append({
    ownerId: null,
    productId,
    deviceId: null,
    publisher: PUBLISHER,
    name,
    data: Buffer.from(text),
    contentFormat: 0,
    ttlSeconds: DEFAULT_TTL_SECONDS,
    publishedAt: clock.now(),
  });
  bus.publish(liveEvents, stored);
}
