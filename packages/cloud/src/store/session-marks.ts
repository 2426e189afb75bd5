import { ByteWriter } from '@cloudchamber/kernel';

/** A stored session whose state changes with every record. */
export interface MarkSource {
  /** Writes which session it is and its state as of now, in the encoding of its domain. Called when a commit begins. */
  mark(writer: ByteWriter): void;
  /** What `mark` wrote last is durable. */
  marked(): void;
}

/**
 * Where sessions leave their state for the next commit. All marks of a commit are one row, beside its events, however many sessions they are of:
 * a row for each would cost a publish as much again as its own.
 */
export interface SessionMarks {
  /** The session has changed: its mark is taken when the next commit begins, so every event appended after this call is in that commit or a later one. */
  note(source: MarkSource): void;
  /** The session's row is gone. */
  forget(source: MarkSource): void;
  /** Resolves when everything noted before is durable. @throws ChamberError `event_log.unavailable` when the store refuses; it stays noted. */
  settled(): Promise<void>;
  /** The position of the newest durable row of marks, 0 before the first. */
  readonly newest: number;
}

/** The marks of one commit. */
export interface TakenMarks {
  readonly sources: readonly MarkSource[];
  readonly bytes: Uint8Array;
}

/** What a mark takes, roughly. */
const MARK_BYTES = 72;

/** What was noted since the last commit began, each session once. */
export class PendingMarks {
  readonly #noted = new Set<MarkSource>();

  get size(): number {
    return this.#noted.size;
  }

  note(source: MarkSource): void {
    this.#noted.add(source);
  }

  forget(source: MarkSource): void {
    this.#noted.delete(source);
  }

  /** Everything noted, and what to store of it; undefined when there is nothing. */
  take(): TakenMarks | undefined {
    if (this.#noted.size === 0) return undefined;
    const sources = [...this.#noted];
    this.#noted.clear();
    const writer = new ByteWriter(sources.length * MARK_BYTES);
    for (const source of sources) source.mark(writer);
    // In memory of its own: a view would cross to the worker with all of the pool behind it.
    return { sources, bytes: new Uint8Array(writer.finish()) };
  }
}
