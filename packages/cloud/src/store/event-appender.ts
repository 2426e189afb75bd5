import { ChamberError, type Clock, milliseconds } from '@cloudchamber/kernel';
import type { NewEvent, StoredEvent } from './event-log.ts';

/** What may wait for a commit before `append` refuses. */
export interface EventLimits {
  readonly events: number;
  /** Estimated bytes in memory. */
  readonly bytes: number;
}

export const defaultEventLimits: EventLimits = { events: 100_000, bytes: 64 * 1024 * 1024 };

export interface BatchOutcome {
  /** The position of each event in order; NaN for one that the store refused although it took its neighbours. */
  readonly sequences: ArrayLike<number>;
  /** Why the first refused one was refused. */
  readonly refusal?: string;
}

/** Writes events in one transaction; resolves after its commit, rejects when none was kept. */
export type WriteBatch = (events: readonly NewEvent[]) => Promise<BatchOutcome>;

interface Waiting {
  readonly event: NewEvent;
  readonly bytes: number;
  resolve(stored: StoredEvent): void;
  reject(error: Error): void;
}

const EVENTS_PER_BATCH = 2_000;
/** From this size on a batch says that events come faster than commits are worth. */
const BUSY_BATCH = 4;
/** Then commits begin this far apart: each costs a message to another thread and a sync, whatever it holds. */
const COMMIT_SPACING_MS = milliseconds(2);
/** What an event costs in memory besides its data, roughly. */
const EVENT_OVERHEAD = 400;

/**
 * Groups appends: while one batch syncs, what arrives is collected and becomes the next. One batch is under way at a time, so the order of
 * sequences is the order of appends, and a lone event waits for nothing but its own sync (design section 3). Under load commits begin at least
 * two milliseconds apart, which costs an event at most that and halves the processor time of each.
 */
export class EventAppender {
  readonly #write: WriteBatch;
  readonly #limits: EventLimits;
  readonly #clock: Clock;
  #waiting: Waiting[] = [];
  #held = 0;
  #heldBytes = 0;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(write: WriteBatch, limits: EventLimits, clock: Clock) {
    this.#clock = clock;
    this.#write = write;
    this.#limits = limits;
  }

  /** @throws ChamberError as `EventLog.append` says. */
  append(event: NewEvent): Promise<StoredEvent> {
    const bytes = EVENT_OVERHEAD + event.name.length + (event.data?.length ?? 0);
    if (this.#closed) return Promise.reject(unavailable('the event log is closed'));
    if (this.#held >= this.#limits.events || this.#heldBytes + bytes > this.#limits.bytes) {
      return Promise.reject(new ChamberError('event_log.full', 'internal', 'too many events wait to be stored'));
    }
    this.#held++;
    this.#heldBytes += bytes;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ event, bytes, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Refuses new events and resolves when those that waited are stored or refused. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    // Lets the rest of this turn join the first batch.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, EVENTS_PER_BATCH);
      this.#waiting = this.#waiting.slice(batch.length);
      const began = this.#clock.monotonic();
      await this.#store(batch);
      if (batch.length >= BUSY_BATCH) await this.#space(began);
    }
    this.#running = undefined;
  }

  /** Lets more events join the next batch, unless it is full or the store is closing. */
  async #space(began: number): Promise<void> {
    const wait = began + COMMIT_SPACING_MS - this.#clock.monotonic();
    if (wait <= 0 || this.#closed || this.#waiting.length >= EVENTS_PER_BATCH) return;
    await new Promise<void>((resolve) => void this.#clock.after(wait, resolve));
  }

  async #store(batch: readonly Waiting[]): Promise<void> {
    try {
      const { sequences, refusal } = await this.#write(batch.map(({ event }) => event));
      this.#let(batch);
      batch.forEach(({ event, resolve, reject }, index) => {
        const sequence = sequences[index] ?? Number.NaN;
        if (Number.isNaN(sequence)) reject(unavailable(refusal ?? 'the store refused the event'));
        else resolve({ ...event, sequence });
      });
    } catch (error) {
      this.#let(batch);
      const refusal = unavailable('the events could not be stored', error);
      for (const { reject } of batch) reject(refusal);
    }
  }

  #let(batch: readonly Waiting[]): void {
    this.#held -= batch.length;
    for (const { bytes } of batch) this.#heldBytes -= bytes;
  }
}

function unavailable(reason: string, cause?: unknown): ChamberError {
  return new ChamberError('event_log.unavailable', 'internal', reason, { cause });
}
