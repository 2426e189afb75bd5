import type { LogEntry, LogEvent } from './log-event.ts';
import { Ring } from './ring.ts';

/** What the log looks like at one frame of the screen. */
export interface LiveState {
  /** Grows whenever something has changed. */
  readonly version: number;
  /** Entries that the filter lets through. */
  readonly shown: number;
  /** Entries in the log, with those that the filter hides. */
  readonly total: number;
  /** Events that wait until the log goes on. */
  readonly waiting: number;
  /** Events that there was no room for beside those: the oldest. */
  readonly lost: number;
  /** Events that had to leave the log for newer ones, since it was cleared. */
  readonly dropped: number;
  /** Id of the oldest event that is here, waiting ones too; undefined for none. */
  readonly oldestId: number | undefined;
}

export interface LiveLogOptions {
  readonly capacity: number;
  /** Runs `tell` soon. `came`: how many events came between the last two times that it ran; 0 when it is for what a person did. */
  schedule(tell: () => void, came: number): void;
}

const NOTHING: LiveState = { version: 0, shown: 0, total: 0, waiting: 0, lost: 0, dropped: 0, oldestId: undefined };

/**
 * Collects live events outside of React: as many as `capacity`, the newest. While it is held, new ones wait beside it, bounded as well. Listeners are
 * told once a frame at the most, however many events come.
 */
export class LiveLog {
  readonly #options: LiveLogOptions;
  readonly #all: Ring<LogEntry>;
  readonly #shown: Ring<LogEntry>;
  readonly #queue: Ring<LogEntry>;
  readonly #listeners = new Set<() => void>();
  #passes: (event: LogEvent) => boolean = () => true;
  #held = false;
  #lostWhileHeld = 0;
  #dropped = 0;
  #newestId = -1;
  #state = NOTHING;
  #scheduled = false;
  #came = 0;
  #cameBefore = 0;

  constructor(options: LiveLogOptions) {
    this.#options = options;
    this.#all = new Ring(options.capacity);
    this.#shown = new Ring(options.capacity);
    // One less, so that there is room for the line about what was dropped.
    this.#queue = new Ring(options.capacity - 1);
  }

  /** Takes an event; one that is here already is left out (a stream that goes on never goes back). */
  push(event: LogEvent): void {
    if (event.id <= this.#newestId) return;
    this.#newestId = event.id;
    this.#take(event);
  }

  /** Puts a line between the events. */
  notice(text: string): void {
    this.#take({ kind: 'notice', text });
  }

  /** Holds the log still, or lets it go on with what has waited. */
  hold(held: boolean): void {
    if (held === this.#held) return;
    this.#held = held;
    if (!held) this.flush();
  }

  /** Shows what waits, held or not. */
  flush(): void {
    const lost = this.#lostWhileHeld;
    this.#lostWhileHeld = 0;
    this.#dropped += lost;
    if (lost > 0) this.#add({ kind: 'notice', text: `${count(lost)} dropped here: more came than can wait.` });
    for (const entry of this.#queue) this.#add(entry);
    this.#queue.clear();
    this.#changed(true);
  }

  /** Forgets everything (UI-21), what waits too. */
  clear(): void {
    for (const ring of [this.#all, this.#shown, this.#queue]) ring.clear();
    this.#dropped = 0;
    this.#lostWhileHeld = 0;
    this.#changed(true);
  }

  /** Shows only events that pass, of those that are here and of those that come. */
  filter(passes: (event: LogEvent) => boolean): void {
    this.#passes = passes;
    this.#shown.clear();
    for (const entry of this.#all) if (this.#isShown(entry)) this.#shown.push(entry);
    this.#changed(true);
  }

  /** @param index 0 is the newest of what the filter lets through */
  at(index: number): LogEntry | undefined {
    return this.#shown.at(this.#shown.size - 1 - index);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The same object until the next frame in which something changed. */
  readonly state = (): LiveState => this.#state;

  #take(entry: LogEntry): void {
    if (!this.#held) this.#add(entry);
    else if (this.#queue.push(entry)?.kind === 'event') this.#lostWhileHeld += 1;
    this.#came += 1;
    this.#changed(false);
  }

  #add(entry: LogEntry): void {
    const gone = this.#all.push(entry);
    if (gone !== undefined) {
      if (gone.kind === 'event') this.#dropped += 1;
      if (this.#shown.at(0) === gone) this.#shown.shift();
    }
    if (this.#isShown(entry)) this.#shown.push(entry);
  }

  #isShown(entry: LogEntry): boolean {
    return entry.kind === 'notice' || this.#passes(entry);
  }

  #changed(isByPerson: boolean): void {
    if (this.#scheduled && !isByPerson) return;
    this.#scheduled = true;
    const tell = () => {
      // It was told already, for something that a person did meanwhile.
      if (!this.#scheduled) return;
      this.#scheduled = false;
      this.#cameBefore = this.#came;
      this.#came = 0;
      this.#state = {
        version: this.#state.version + 1,
        shown: this.#shown.size,
        total: this.#all.size,
        waiting: this.#queue.size,
        lost: this.#lostWhileHeld,
        dropped: this.#dropped,
        oldestId: oldestOf(this.#all) ?? oldestOf(this.#queue),
      };
      for (const listener of this.#listeners) listener();
    };
    this.#options.schedule(tell, isByPerson ? 0 : this.#cameBefore);
  }
}

function oldestOf(ring: Ring<LogEntry>): number | undefined {
  for (const entry of ring) if (entry.kind === 'event') return entry.id;
  return undefined;
}

function count(events: number): string {
  return events === 1 ? '1 event was' : `${events.toLocaleString('en')} events were`;
}
