import { silentLogger } from '@cloudchamber/kernel';
import { InProcessBus } from '../../bus/index.ts';
import type { NewEvent, Store, StoredEvent } from '../../store/index.ts';
import { LiveHub, liveEvents } from '../events/index.ts';
import { ProductDirectory } from '../products/index.ts';

/** For tests: a store whose events are told to a hub, as in the running cloud. */
export function testLog(store: Store) {
  const bus = new InProcessBus(silentLogger);
  const hub = new LiveHub(bus, new ProductDirectory(store, bus));
  const publish = async (fields: Partial<NewEvent>): Promise<StoredEvent> => {
    const plain = { ownerId: 'ann', productId: null, deviceId: null, publisher: 'api', name: 'n', data: null };
    const event = { ...plain, contentFormat: 0, ttlSeconds: 60, publishedAt: 0, ...fields };
    const stored = await store.events.append(event);
    bus.publish(liveEvents, stored);
    return stored;
  };
  return { bus, hub, publish };
}

/** Lets the hub tell what was published. */
export async function nextTurns(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
