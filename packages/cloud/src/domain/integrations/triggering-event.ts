import type { StoredEvent } from '../../store/index.ts';
import { eventText } from '../events/index.ts';
import type { TriggeringEvent } from './event-variables.ts';

/** An event that triggers an integration. */
export interface OwedEvent extends StoredEvent {
  /** Version of the product firmware that its device runs now; null or absent when that is not known. */
  readonly firmwareVersion?: number | null;
}

export function triggeringEvent(event: OwedEvent): TriggeringEvent {
  return {
    id: String(event.sequence),
    name: event.name,
    data: eventText(event.data, event.contentFormat),
    coreid: event.publisher,
    ttlSeconds: event.ttlSeconds,
    publishedAt: event.publishedAt,
    productId: event.productId,
    ownerId: event.ownerId,
    firmwareVersion: event.firmwareVersion ?? null,
  };
}
