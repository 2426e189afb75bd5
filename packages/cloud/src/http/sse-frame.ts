import { formatTimestamp, type StreamedEvent } from '@cloudchamber/contract';
import { eventText } from '../domain/events/index.ts';
import type { StoredEvent } from '../store/index.ts';

/**
 * An event as streams show it: section 1.2 of the event notes, and the sequence as the `id` that a stream goes on from (WHATWG HTML, "Server-sent
 * events"), last, because some readers take a frame to begin with `event:`. The name has no line ends, that is checked when an event is taken in.
 */
export function eventFrame(event: StoredEvent): Buffer {
  const shown: StreamedEvent = {
    data: eventText(event.data, event.contentFormat),
    ttl: event.ttlSeconds,
    published_at: formatTimestamp(event.publishedAt),
    coreid: event.publisher,
  };
  return Buffer.from(`event: ${event.name}\ndata: ${JSON.stringify(shown)}\nid: ${event.sequence}\n\n`);
}

/** Makes the frame of an event once for all streams: the hub tells every stream of one event before it goes on to the next. */
export class FrameCache {
  #event: StoredEvent | undefined;
  #frame: Buffer = Buffer.alloc(0);

  frame(event: StoredEvent): Buffer {
    if (event !== this.#event) {
      this.#frame = eventFrame(event);
      this.#event = event;
    }
    return this.#frame;
  }
}
