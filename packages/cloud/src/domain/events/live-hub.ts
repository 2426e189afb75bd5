import type { DeviceId } from '@cloudchamber/kernel';
import type { Bus } from '../../bus/index.ts';
import type { StoredEvent } from '../../store/index.ts';
import { liveEvents } from './live-events.ts';

/** What a stream wants; everything given must hold. */
export interface StreamFilter {
  /** The account whose events these are. */
  readonly ownerId: string;
  /** Only events that this device published. */
  readonly deviceId?: DeviceId;
  /** Only names that begin so, case and all. */
  readonly namePrefix?: string;
}

export type StreamListener = (event: StoredEvent) => void;

interface Subscriber {
  readonly filter: StreamFilter;
  readonly listener: StreamListener;
}

/** Does an event of the filter's account belong into the stream? */
export function passes(filter: StreamFilter, event: Pick<StoredEvent, 'name' | 'deviceId'>): boolean {
  if (filter.deviceId !== undefined && filter.deviceId !== event.deviceId) return false;
  return filter.namePrefix === undefined || event.name.startsWith(filter.namePrefix);
}

/**
 * Live events of this process, to whoever listens: one per process, fed by the bus. An event costs nothing to accounts that nobody listens to,
 * and a device that nobody claimed reaches nobody.
 */
export class LiveHub {
  readonly #owners = new Map<string, Set<Subscriber>>();
  readonly #unsubscribe: () => void;

  constructor(bus: Bus) {
    this.#unsubscribe = bus.subscribe(liveEvents, (event) => this.#tell(event));
  }

  /** Calls `listener` for every event from now on that passes. @returns a function that ends this; calling it twice is harmless. */
  listen(filter: StreamFilter, listener: StreamListener): () => void {
    const { ownerId } = filter;
    const subscribers = this.#owners.get(ownerId) ?? new Set<Subscriber>();
    this.#owners.set(ownerId, subscribers);
    const subscriber = { filter, listener };
    subscribers.add(subscriber);
    return () => {
      subscribers.delete(subscriber);
      if (subscribers.size === 0 && this.#owners.get(ownerId) === subscribers) this.#owners.delete(ownerId);
    };
  }

  close(): void {
    this.#unsubscribe();
    this.#owners.clear();
  }

  #tell(event: StoredEvent): void {
    if (event.ownerId === null) return;
    for (const { filter, listener } of this.#owners.get(event.ownerId) ?? []) {
      if (passes(filter, event)) listener(event);
    }
  }
}
