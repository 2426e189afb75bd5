import { defineTopic } from '../../bus/index.ts';
import type { StoredEvent } from '../../store/index.ts';

/** Every event, told after its commit: streams, and devices that subscribed, live on this. */
export const liveEvents = defineTopic<StoredEvent>('events');
