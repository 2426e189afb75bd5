import type { PublishedEvent } from '@cloudchamber/gateway';
import type { DeviceId } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import type { Store } from '../../store/index.ts';
import { liveEvents } from './live-events.ts';

/** Commits an event of a device to the event log, then tells everybody who listens. Resolves when that is done. @throws ChamberError of the event log */
export async function keepEvent(
  { store, bus }: { readonly store: Store; readonly bus: Bus },
  event: Omit<PublishedEvent, 'deviceId' | 'address'>,
  device: { readonly id: DeviceId; readonly ownerId: string | null; readonly productId: number | null },
): Promise<void> {
  const kept = {
    ownerId: device.ownerId,
    productId: device.productId,
    deviceId: device.id,
    publisher: device.id,
    name: event.name,
    data: event.data.length === 0 ? null : event.data,
    contentFormat: event.contentFormat,
    ttlSeconds: event.ttlSeconds,
    publishedAt: event.receivedAt,
  };
  const stored = await store.events.append(kept, event.witness);
  bus.publish(liveEvents, stored);
}
