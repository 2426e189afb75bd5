import { ChamberError, type Clock, milliseconds } from '@cloudchamber/kernel';
import { type DataOperations, type Operation, type OperationCount, OperationSums } from './data-operations.ts';
import type { CommitWitness, NewEvent, StoredEvent } from './event-log.ts';
import { type MarkSource, PendingMarks, type SessionMarks, type TakenMarks } from './session-marks.ts';

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
  /** The position of the row of marks, when there were any. */
  readonly markSequence?: number;
}

/** What is stored together with events. */
export interface BatchCompany {
  /** Marks of sessions, for one row. */
  readonly marks?: Uint8Array;
  /** Data operations that no event of the batch carries. */
  readonly operations?: readonly OperationCount[];
}

/** Writes events and their company in one transaction, with what the events owe and count; resolves after its commit, rejects when none was kept. */
export type WriteBatch = (events: readonly NewEvent[], company: BatchCompany) => Promise<BatchOutcome>;

interface Waiting {
  readonly event: NewEvent;
  readonly bytes: number;
  readonly witness: CommitWitness | undefined;
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
 * two milliseconds apart, which costs an event at most that and halves the processor time of each. The marks of sessions travel along.
 */
export class EventAppender implements SessionMarks, DataOperations {
  readonly #write: WriteBatch;
  readonly #limits: EventLimits;
  readonly #clock: Clock;
  readonly #marks = new PendingMarks();
  readonly #operations = new OperationSums();
  #waiting: Waiting[] = [];
  /** Resolves with the next commit that begins. */
  #settling: PromiseWithResolvers<void> | undefined;
  /** Resolves with the commit under way. */
  #settlingNow: PromiseWithResolvers<void> | undefined;
  #newest = 0;
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
  append(event: NewEvent, witness?: CommitWitness): Promise<StoredEvent> {
    const bytes = EVENT_OVERHEAD + event.name.length + (event.data?.length ?? 0);
    if (this.#closed) return Promise.reject(unavailable('the event log is closed'));
    if (this.#held >= this.#limits.events || this.#heldBytes + bytes > this.#limits.bytes) {
      return Promise.reject(new ChamberError('event_log.full', 'internal', 'too many events wait to be stored'));
    }
    this.#held++;
    this.#heldBytes += bytes;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ event, bytes, witness, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  get newest(): number {
    return this.#newest;
  }

  note(source: MarkSource): void {
    this.#marks.note(source);
  }

  forget(source: MarkSource): void {
    this.#marks.forget(source);
  }

  /** @throws ChamberError as `DataOperations.count` says. */
  count(operation: Operation): Promise<void> {
    if (this.#closed) return Promise.reject(unavailable('the event log is closed'));
    this.#operations.add(operation);
    return this.#settle();
  }

  settled(): Promise<void> {
    if (this.#closed) return Promise.reject(unavailable('the event log is closed'));
    if (this.#marks.size === 0) return this.#settlingNow?.promise ?? Promise.resolve();
    return this.#settle();
  }

  /** Refuses new events and resolves when those that waited are stored or refused, and what is noted with them. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
    // What nobody waits for may be lost: its sessions go on from what was stored before.
    if (this.#marks.size > 0 || this.#operations.size > 0) await this.#settle().catch(() => undefined);
  }

  #settle(): Promise<void> {
    this.#settling ??= Promise.withResolvers();
    const { promise } = this.#settling;
    this.#running ??= this.#run();
    return promise;
  }

  async #run(): Promise<void> {
    // Lets the rest of this turn join the first batch.
    await Promise.resolve();
    while (this.#waiting.length > 0 || this.#settling !== undefined) {
      const batch = this.#waiting.slice(0, EVENTS_PER_BATCH);
      this.#waiting = this.#waiting.slice(batch.length);
      for (const { witness } of batch) witness?.entering();
      const marks = this.#marks.take();
      const began = this.#clock.monotonic();
      await this.#store(batch, marks, this.#operations.take());
      if (batch.length >= BUSY_BATCH || (marks?.sources.length ?? 0) >= BUSY_BATCH) await this.#space(began);
    }
    this.#running = undefined;
  }

  /** Lets more events join the next batch, unless it is full or the store is closing. */
  async #space(began: number): Promise<void> {
    const wait = began + COMMIT_SPACING_MS - this.#clock.monotonic();
    if (wait <= 0 || this.#closed || this.#waiting.length >= EVENTS_PER_BATCH) return;
    await new Promise<void>((resolve) => void this.#clock.after(wait, resolve));
  }

  async #store(
    batch: readonly Waiting[],
    marks: TakenMarks | undefined,
    operations: readonly OperationCount[],
  ): Promise<void> {
    const settling = this.#settling;
    this.#settling = undefined;
    this.#settlingNow = settling ?? Promise.withResolvers();
    // Nobody may wait for it.
    this.#settlingNow.promise.catch(() => undefined);
    try {
      const { sequences, refusal, markSequence } = await this.#write(
        batch.map(({ event }) => event),
        { ...(marks !== undefined && { marks: marks.bytes }), ...(operations.length > 0 && { operations }) },
      );
      this.#let(batch);
      this.#newest = markSequence ?? this.#newest;
      for (const source of marks?.sources ?? []) source.marked();
      this.#settlingNow.resolve();
      batch.forEach(({ event, resolve, reject }, index) => {
        const sequence = sequences[index] ?? Number.NaN;
        if (Number.isNaN(sequence)) reject(unavailable(refusal ?? 'the store refused the event'));
        else resolve({ ...event, sequence });
      });
    } catch (error) {
      this.#let(batch);
      const refusal = unavailable('the events could not be stored', error);
      for (const source of marks?.sources ?? []) this.#marks.note(source);
      this.#operations.restore(operations);
      for (const { reject, witness } of batch) {
        witness?.failed();
        reject(refusal);
      }
      this.#settlingNow.reject(refusal);
    }
    this.#settlingNow = undefined;
  }

  #let(batch: readonly Waiting[]): void {
    this.#held -= batch.length;
    for (const { bytes } of batch) this.#heldBytes -= bytes;
  }
}

function unavailable(reason: string, cause?: unknown): ChamberError {
  return new ChamberError('event_log.unavailable', 'internal', reason, { cause });
}
