import type { StoredEvent } from '../../store/index.ts';

/** The end of a stream, towards whoever reads it. */
export interface EventReader {
  /** Bytes that it has not taken yet. */
  readonly unsentBytes: number;
  push(event: StoredEvent): void;
  /** Resolves when it has taken most of what was pushed, or is over. */
  room(): Promise<void>;
  /** Tells people, and no program. @param text one line */
  comment(text: string): void;
  /** Ends the stream. @param reason one line, sent as a comment */
  end(reason: string): void;
}

/** What a stream shows, while it is open. */
export interface RunningFeed {
  /** The reader has been shown everything up to this sequence; 0 when that cannot be said. */
  position(): number;
  /** The stream is over. */
  stop(): void;
}

/** Begins to feed a reader. Nothing is to be cleaned up when it is never called. */
export type StreamFeed = (reader: EventReader) => RunningFeed;

/** From this many unsent bytes on a reader gets no more of what can wait in the log. */
export const ENOUGH_UNSENT_BYTES = 262_144;
