import { errorMessage, type Logger } from '@cloudchamber/kernel';
import type { Store, StoredEvent } from '../../store/index.ts';
import type { LiveHub, StreamFilter } from '../events/index.ts';
import { ENOUGH_UNSENT_BYTES, type EventReader, type RunningFeed, type StreamFeed } from './event-reader.ts';
import { findLogEnds, isKept, readLogPage } from './stream-log-store.ts';

export interface FeedParts {
  readonly store: Pick<Store, 'history'>;
  readonly hub: LiveHub;
  readonly log: Logger;
}

const PAGE = 100;
/** Live events that are held back while the log is read; when they are more, the log is read on instead. */
const MOST_HELD = 500;
const MOST_HELD_BYTES = 131_072;

/**
 * Shows events as they happen. With `after`, first everything from the log behind that sequence that is still kept, without gap or duplicate at the seam;
 * when the event of that sequence is not kept any more, a comment says first that others may be missing.
 *
 * Ground: sequences become visible in their order, see `LiveHub`. A reader that takes what the log has more slowly than events happen is never
 * cut: it stays on the log.
 */
export function eventFeed(parts: FeedParts, filter: StreamFilter, after?: number): StreamFeed {
  return (reader) => {
    const feed = new Feed(parts, filter, reader);
    if (after !== undefined) void feed.resume(after);
    return feed;
  };
}

class Feed implements RunningFeed {
  readonly #parts: FeedParts;
  readonly #filter: StreamFilter;
  readonly #reader: EventReader;
  readonly #unlisten: () => void;
  /** What happened since the log is being read; undefined while events are shown as they happen. */
  #held: StoredEvent[] | undefined;
  #heldBytes = 0;
  #overflowed = false;
  /** What stands up to here in the log has been shown. */
  #shown = 0;
  #stopped = false;

  constructor(parts: FeedParts, filter: StreamFilter, reader: EventReader) {
    this.#parts = parts;
    this.#filter = filter;
    this.#reader = reader;
    this.#unlisten = parts.hub.listen(filter, {
      event: (event) => this.#hear(event),
      lost: (after) => {
        if (this.#held === undefined) void this.#read(after);
        else this.#overflowed = true;
      },
    });
  }

  position(): number {
    return this.#held === undefined ? this.#parts.hub.positionOf(this.#filter.place) : 0;
  }

  stop(): void {
    this.#stopped = true;
    this.#held = undefined;
    this.#unlisten();
  }

  async resume(after: number): Promise<void> {
    this.#held = [];
    try {
      await this.#sayWhatIsMissing(after);
    } catch (error) {
      return this.#fail(error);
    }
    await this.#read(after);
  }

  /** Reads the log behind `after` to its end, then shows what was held back, and from then on what happens. */
  async #read(after: number): Promise<void> {
    this.#held ??= [];
    let position = after;
    try {
      for (let seamless = false; !seamless && !this.#stopped; ) {
        this.#overflowed = false;
        const page = await readLogPage(this.#parts.store.history, this.#filter, { after: position, limit: PAGE });
        for (const event of page.events) {
          if (this.#stopped) return;
          this.#reader.push(event);
          if (this.#reader.unsentBytes > ENOUGH_UNSENT_BYTES) await this.#reader.room();
        }
        position = page.through;
        seamless = page.atEnd && !this.#overflowed;
      }
    } catch (error) {
      return this.#fail(error);
    }
    this.#goLive(position);
  }

  #goLive(position: number): void {
    if (this.#stopped) return;
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#heldBytes = 0;
    this.#shown = position;
    for (const event of held) this.#hear(event);
  }

  #hear(event: StoredEvent): void {
    if (this.#held === undefined) {
      if (event.sequence > this.#shown) this.#reader.push(event);
      return;
    }
    if (this.#overflowed) return;
    this.#held.push(event);
    this.#heldBytes += event.data?.length ?? 0;
    if (this.#held.length <= MOST_HELD && this.#heldBytes <= MOST_HELD_BYTES) return;
    this.#overflowed = true;
    this.#held = [];
    this.#heldBytes = 0;
  }

  async #sayWhatIsMissing(after: number): Promise<void> {
    const { history: db } = this.#parts.store;
    if (after === 0 || (await isKept(db, after))) return;
    const ends = await findLogEnds(db);
    const begin = ends === undefined ? 'the log is empty' : `the oldest event that is kept is ${ends.oldest}`;
    this.#reader.comment(`missed: event ${after} is not kept any more, so later ones may be missing; ${begin}`);
  }

  #fail(error: unknown): void {
    this.#parts.log.warn({ error: errorMessage(error) }, 'a stream could not read the event log');
    this.#reader.end('closed: the event log cannot be read now; come back with the last id');
  }
}
