import { emptyAck } from './encode-coap.ts';
import { CoapType } from './message.ts';

/** How long a message id is remembered, in milliseconds (protocol section 3.1). */
export const DEDUPLICATION_MS = 45_000;

/** What came of a message; `FREE` is an empty place. */
const FREE = 0;
const PENDING = 1;
/** Nearly every reply is an empty ACK: it is made again from the id. */
const EMPTY_ACK = 2;
const OTHER_REPLY = 3;

const SMALLEST_TABLE = 8;
/** Two numbers a place: when it came, in milliseconds since the table was made, and id and state. */
const WORDS = 2;
/** Times must fit 32 bits, which last 49 days. */
const MOST_AGE_MS = 2 ** 31;

/**
 * The message ids that a peer used lately, with the reply each got, so that a repeat is answered from here and not acted on twice
 * (RFC 7252 section 4.2, protocol section 3.1). An idle one holds nothing.
 *
 * Peers count their ids up, so the low bits of an id are its place in a table, which doubles while two ids that are both alive want the same place. At `capacity`
 * places the older one leaves. A place takes 8 bytes: a busy peer's memory must not be a burden to the garbage collector.
 */
export class RecentMessages {
  readonly #lifetimeMs: number;
  readonly #capacity: number;
  #table: Uint32Array | undefined;
  #madeAt = 0;
  #newestAt = 0;
  #size = 0;
  /** Replies other than empty ACKs, by id. */
  #replies: Map<number, Uint8Array> | undefined;

  /** @param capacity a power of two from 8 to 65536 */
  constructor(lifetimeMs: number, capacity: number) {
    this.#lifetimeMs = lifetimeMs;
    this.#capacity = capacity;
  }

  /** How many ids are held; ids that have expired count until their place is needed or all have expired. */
  get size(): number {
    return this.#size;
  }

  /**
   * Notes the id of an incoming CON or NON. `new`: act on it. `pending`: a repeat of one that has no reply yet (or is a NON), drop it.
   * Bytes: a repeat, send these again. `now` is in milliseconds and never runs back.
   */
  admit(id: number, now: number): 'new' | 'pending' | Uint8Array {
    this.expire(now);
    const table = this.#tableFor(id, now);
    const place = placeOf(table, id);
    const entry = table[place + 1] as number;
    const state = entry & 3;
    if (state !== FREE && entry >>> 2 === id && this.#isAlive(table, place, now)) {
      if (state === PENDING) return 'pending';
      return state === EMPTY_ACK ? emptyAck(id) : (this.#replies?.get(id) ?? 'pending');
    }
    if (state === FREE) this.#size += 1;
    else if (state === OTHER_REPLY) this.#replies?.delete(entry >>> 2);
    table[place] = now - this.#madeAt;
    table[place + 1] = (id << 2) | PENDING;
    this.#newestAt = now;
    return 'new';
  }

  /** Keeps a copy of the reply to a message that was admitted; nothing happens when that has left already. */
  answer(id: number, reply: Uint8Array): void {
    const table = this.#table;
    if (table === undefined) return;
    const place = placeOf(table, id);
    const entry = table[place + 1] as number;
    if ((entry & 3) === FREE || entry >>> 2 !== id) return;
    if (isEmptyAck(id, reply)) {
      table[place + 1] = (id << 2) | EMPTY_ACK;
      return;
    }
    table[place + 1] = (id << 2) | OTHER_REPLY;
    this.#replies ??= new Map();
    this.#replies.set(id, new Uint8Array(reply));
  }

  /** Forgets everything once nothing has come for the lifetime. */
  expire(now: number): void {
    if (this.#table === undefined || now - this.#newestAt < this.#lifetimeMs) return;
    this.#table = undefined;
    this.#replies = undefined;
    this.#size = 0;
  }

  /** The table, grown as far as it may until `id` has a place that no other living id takes. */
  #tableFor(id: number, now: number): Uint32Array {
    if (this.#table === undefined) {
      this.#table = new Uint32Array(SMALLEST_TABLE * WORDS);
      this.#madeAt = now;
    }
    while (this.#table.length < this.#capacity * WORDS && this.#isTaken(this.#table, id, now)) {
      this.#table = this.#rebuilt(this.#table, this.#table.length * 2, now);
    }
    if (now - this.#madeAt > MOST_AGE_MS) this.#table = this.#rebuilt(this.#table, this.#table.length, now);
    return this.#table;
  }

  #isTaken(table: Uint32Array, id: number, now: number): boolean {
    const place = placeOf(table, id);
    const entry = table[place + 1] as number;
    return (entry & 3) !== FREE && entry >>> 2 !== id && this.#isAlive(table, place, now);
  }

  #isAlive(table: Uint32Array, place: number, now: number): boolean {
    return now - this.#madeAt - (table[place] as number) < this.#lifetimeMs;
  }

  /** The living ids in a table of `length` numbers, their times counted from a later beginning. */
  #rebuilt(table: Uint32Array, length: number, now: number): Uint32Array {
    const rebuilt = new Uint32Array(length);
    const begin = now - this.#lifetimeMs;
    for (let place = 0; place < table.length; place += WORDS) {
      const entry = table[place + 1] as number;
      if ((entry & 3) === FREE) continue;
      if (!this.#isAlive(table, place, now)) {
        this.#size -= 1;
        this.#replies?.delete(entry >>> 2);
        continue;
      }
      const to = placeOf(rebuilt, entry >>> 2);
      rebuilt[to] = (table[place] as number) + this.#madeAt - begin;
      rebuilt[to + 1] = entry;
    }
    this.#madeAt = begin;
    return rebuilt;
  }
}

function placeOf(table: Uint32Array, id: number): number {
  return (id & (table.length / WORDS - 1)) * WORDS;
}

function isEmptyAck(id: number, reply: Uint8Array): boolean {
  return (
    reply.length === 4 &&
    reply[0] === (0x40 | (CoapType.ACK << 4)) &&
    reply[1] === 0 &&
    reply[2] === id >> 8 &&
    reply[3] === (id & 0xff)
  );
}
