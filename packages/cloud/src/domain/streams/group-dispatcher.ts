import { type Clock, errorMessage, type Logger, seconds, type Timer } from '@cloudchamber/kernel';
import type { Store, StoredEvent } from '../../store/index.ts';
import type { LiveHub } from '../events/index.ts';
import { type AcknowledgeMode, type ConsumerGroup, type GroupKey, MOST_READERS } from './consumer-group.ts';
import { saveProgress } from './consumer-group-store.ts';
import type { EventReader } from './event-reader.ts';
import { GroupReader } from './group-reader.ts';
import { readEventsAt, readLogPage } from './stream-log-store.ts';

export interface GroupParts {
  readonly store: Store;
  readonly hub: LiveHub;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What a stream ends with. */
export const GROUP_DELETED = 'closed: the consumer group was deleted';

const PAGE = 100;
const PROOF_MS = seconds(1);

/**
 * One consumer group while anybody uses it: reads the log and gives each event to one reader. What a reader that went has not acknowledged is given to
 * another first. Of events in memory there is one page; of events that wait for their acknowledgement only the sequences, and no more than all
 * readers together may hold. One process serves a group.
 */
export class GroupDispatcher {
  readonly #key: GroupKey;
  readonly #parts: GroupParts;
  readonly #group: ConsumerGroup;
  readonly #readers = new Set<GroupReader>();
  readonly #unlisten: () => void;
  /** Given out, or read to be given out, and not acknowledged. */
  readonly #open: Set<number>;
  /** Those of the open ones that no reader holds, ascending. */
  #returned: number[];
  /** Read to be given out. */
  #ready: StoredEvent[] = [];
  #through: number;
  /** Grows with each reset: what was read before one is not given out after it. */
  #epoch = 0;
  #running: Promise<void> | undefined;
  #again = false;
  #unsaved = false;
  #saving: Promise<void> | undefined;
  #nextSave: PromiseWithResolvers<void> | undefined;
  #currentSave: Promise<void> | undefined;
  #proof: Timer | undefined;
  #over = false;

  constructor(key: GroupKey, group: ConsumerGroup, parts: GroupParts) {
    this.#key = key;
    this.#group = group;
    this.#parts = parts;
    this.#through = group.through;
    this.#returned = [...group.unacknowledged];
    this.#open = new Set(group.unacknowledged);
    const ring = () => this.#wake();
    this.#unlisten = parts.hub.listen(group.filter, { event: ring, lost: ring });
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** As it is now, saved or not. */
  get state(): ConsumerGroup {
    const unacknowledged = [...this.#open].sort((one, other) => one - other);
    return { ...this.#group, through: this.#through, unacknowledged };
  }

  /** @returns a function for when the reader has gone. */
  join(out: EventReader, mode: AcknowledgeMode): () => void {
    if (this.#over || this.#readers.size >= MOST_READERS) {
      out.end(this.#over ? GROUP_DELETED : 'closed: the consumer group has too many readers');
      return () => undefined;
    }
    const reader = new GroupReader(out, mode);
    this.#readers.add(reader);
    this.#wake();
    return () => {
      if (!this.#readers.delete(reader)) return;
      this.#returned = [...this.#returned, ...reader.held].sort((one, other) => one - other);
      this.#wake();
    };
  }

  /**
   * @returns how many of the events were waiting for their acknowledgement, once it is durable.
   * @throws the store's error when it is not; the same acknowledgement may be sent again.
   */
  async acknowledge(sequences: readonly number[]): Promise<number> {
    const acknowledged = sequences.filter((sequence) => this.#open.delete(sequence));
    if (acknowledged.length > 0) {
      for (const reader of this.#readers) reader.release(acknowledged);
      this.#unsaved = true;
      this.#wake();
    }
    await this.settle();
    return acknowledged.length;
  }

  /** Gives out again what stands behind `through`, to whoever reads then; nothing before it waits for an acknowledgement any more. */
  async reset(through: number): Promise<void> {
    this.#epoch += 1;
    this.#through = through;
    this.#open.clear();
    this.#returned = [];
    this.#ready = [];
    for (const reader of this.#readers) reader.forget();
    this.#unsaved = true;
    await this.settle();
    this.#wake();
  }

  /** Resolves when everything that was acknowledged so far is durable. */
  async settle(): Promise<void> {
    if (!this.#unsaved || this.#over) return this.#currentSave;
    this.#nextSave ??= Promise.withResolvers();
    const { promise } = this.#nextSave;
    this.#saving ??= this.#save();
    return promise;
  }

  /** Ends every reader. Nothing is saved any more. @param reason one line */
  end(reason: string): void {
    this.#over = true;
    this.#unlisten();
    this.#proof?.cancel();
    for (const reader of [...this.#readers]) reader.out.end(reason);
    this.#readers.clear();
  }

  #wake(): void {
    this.#again = true;
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    try {
      while (this.#again && !this.#over) {
        this.#again = false;
        await this.#giveAll();
      }
    } catch (error) {
      this.#parts.log.warn({ group: this.#key.name, error: errorMessage(error) }, 'a consumer group cannot go on');
      for (const reader of [...this.#readers])
        reader.out.end('closed: the event log cannot be read now; come back later');
    }
    this.#running = undefined;
    if (this.#again && !this.#over && this.#readers.size > 0) this.#wake();
  }

  /** Gives out events until there are none, or nobody takes more. */
  async #giveAll(): Promise<void> {
    for (let more = true; more && !this.#over; ) {
      while (this.#ready.length > 0) {
        const reader = this.#idlest();
        if (reader === undefined) return;
        this.#give(reader);
      }
      more = this.#idlest() !== undefined && (await this.#fetch());
    }
  }

  #give(reader: GroupReader): void {
    const event = this.#ready.shift();
    if (event === undefined || !this.#open.has(event.sequence)) return;
    reader.give(event);
    if (reader.isStuffed) void reader.out.room().then(() => this.#wake());
    if (reader.mode === 'auto') this.#proof ??= this.#parts.clock.after(PROOF_MS, () => this.#prove());
  }

  /** The reader that holds least, of those that take more. */
  #idlest(): GroupReader | undefined {
    let found: GroupReader | undefined;
    for (const reader of this.#readers) {
      if (reader.hasRoom && (found === undefined || reader.count < found.count)) found = reader;
    }
    return found;
  }

  /** Reads what is to be given out next. @returns whether to look at what is ready, and come back */
  async #fetch(): Promise<boolean> {
    const { history: db } = this.#parts.store;
    const epoch = this.#epoch;
    const returned = this.#returned.slice(0, PAGE);
    if (returned.length > 0) {
      const wanted = returned.filter((sequence) => this.#open.has(sequence));
      const events = await readEventsAt(db, this.#group.filter, wanted);
      if (epoch !== this.#epoch) return true;
      this.#returned = this.#returned.filter((sequence) => !returned.includes(sequence));
      const kept = new Set(events.map(({ sequence }) => sequence));
      // Deleted meanwhile, because they grew old: nobody can acknowledge them.
      for (const sequence of wanted)
        if (!kept.has(sequence)) this.#unsaved = this.#open.delete(sequence) || this.#unsaved;
      this.#ready = events;
      return true;
    }
    const page = await readLogPage(db, this.#group.filter, { after: this.#through, limit: PAGE });
    if (epoch !== this.#epoch) return true;
    for (const { sequence } of page.events) this.#open.add(sequence);
    if (page.through > this.#through) this.#unsaved = true;
    this.#through = page.through;
    this.#ready = [...page.events];
    return page.events.length > 0 || !page.atEnd;
  }

  /** Acknowledges for readers of the mode `auto` what their connections have taken, a moment later. */
  #prove(): void {
    this.#proof = undefined;
    const proved: number[] = [];
    for (const reader of this.#readers) if (reader.mode === 'auto') proved.push(...reader.takeProved());
    for (const sequence of proved) this.#open.delete(sequence);
    for (const reader of this.#readers) reader.release(proved);
    if (proved.length > 0) this.#unsaved = true;
    const waiting = [...this.#readers].some((reader) => reader.mode === 'auto' && reader.count > 0);
    if (waiting) this.#proof = this.#parts.clock.after(PROOF_MS, () => this.#prove());
    if (proved.length === 0) return;
    this.settle().catch(() => undefined);
    this.#wake();
  }

  /** Saves as long as somebody waits for it: everybody who came while one save was under way shares the next. */
  async #save(): Promise<void> {
    const { store, clock, log } = this.#parts;
    for (let save = this.#nextSave; save !== undefined; save = this.#nextSave) {
      this.#nextSave = undefined;
      this.#currentSave = save.promise;
      this.#unsaved = false;
      try {
        const progress = { through: this.#through, unacknowledged: this.#open, at: clock.now() };
        if (!(await saveProgress(store.db, this.#key, progress))) this.end(GROUP_DELETED);
        save.resolve();
      } catch (error) {
        this.#unsaved = true;
        log.warn(
          { group: this.#key.name, error: errorMessage(error) },
          'the progress of a consumer group was not saved',
        );
        save.reject(error);
      }
    }
    this.#saving = undefined;
    this.#currentSave = undefined;
  }
}
