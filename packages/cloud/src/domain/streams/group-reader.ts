import type { StoredEvent } from '../../store/index.ts';
import type { AcknowledgeMode } from './consumer-group.ts';
import { ENOUGH_UNSENT_BYTES, type EventReader } from './event-reader.ts';

/** Events that a reader may hold without having acknowledged them. In the mode `auto` this many may be under way in the time that a proof takes. */
const MOST_HELD: Readonly<Record<AcknowledgeMode, number>> = { explicit: 1000, auto: 5000 };
/** Bytes of data of them. */
const MOST_HELD_BYTES: Readonly<Record<AcknowledgeMode, number>> = { explicit: 1_048_576, auto: 4_194_304 };
/** What an event costs besides its data, roughly. */
const EVENT_OVERHEAD = 100;

/** A reader of a group, and what it was given and has not acknowledged. */
export class GroupReader {
  readonly out: EventReader;
  readonly mode: AcknowledgeMode;
  /** Bytes by sequence. */
  readonly #held = new Map<number, number>();
  #bytes = 0;
  /** Given since the last proof, and before that. */
  #fresh: number[] = [];
  #older: number[] = [];

  constructor(out: EventReader, mode: AcknowledgeMode) {
    this.out = out;
    this.mode = mode;
  }

  get held(): number[] {
    return [...this.#held.keys()];
  }

  get count(): number {
    return this.#held.size;
  }

  /** Is it slower than its connection? */
  get isStuffed(): boolean {
    return this.out.unsentBytes > ENOUGH_UNSENT_BYTES;
  }

  get hasRoom(): boolean {
    return this.count < MOST_HELD[this.mode] && this.#bytes < MOST_HELD_BYTES[this.mode] && !this.isStuffed;
  }

  give(event: StoredEvent): void {
    const bytes = EVENT_OVERHEAD + (event.data?.length ?? 0);
    this.#held.set(event.sequence, bytes);
    this.#bytes += bytes;
    if (this.mode === 'auto') this.#fresh.push(event.sequence);
    this.out.push(event);
  }

  /** What it was given before the last time that this was asked, when its connection has taken everything since: proved to have arrived. */
  takeProved(): readonly number[] {
    if (this.out.unsentBytes > 0) return [];
    const proved = this.#older;
    this.#older = this.#fresh;
    this.#fresh = [];
    return proved;
  }

  /** These are acknowledged; it need not hold all of them. */
  release(sequences: readonly number[]): void {
    for (const sequence of sequences) {
      this.#bytes -= this.#held.get(sequence) ?? 0;
      this.#held.delete(sequence);
    }
  }

  /** It holds nothing any more. */
  forget(): void {
    this.#held.clear();
    this.#bytes = 0;
    this.#fresh = [];
    this.#older = [];
  }
}
