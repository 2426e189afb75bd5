import { emptyAck } from './encode-coap.ts';
import { CoapType } from './message.ts';

/** How long a message id is remembered, in milliseconds (protocol section 3.1). */
export const DEDUPLICATION_MS = 45_000;

/** Kept in place of an empty ACK, which is made again from the id: nearly every reply is one. */
const EMPTY_ACK = Symbol('empty ack');

interface Received {
  readonly id: number;
  readonly at: number;
  reply: Uint8Array | typeof EMPTY_ACK | undefined;
  next: Received | undefined;
}

/**
 * The message ids that a peer used lately, with the reply each got, so that a repeat is answered from here and not acted on twice
 * (RFC 7252 section 4.2, protocol section 3.1). Bounded: above `capacity` the oldest leaves first. An idle one holds nothing.
 */
export class RecentMessages {
  readonly #lifetimeMs: number;
  readonly #capacity: number;
  #byId: Map<number, Received> | undefined;
  // A chain by age beside the map: taking the first key of a Map gets slower with every key deleted before it.
  #oldest: Received | undefined;
  #newest: Received | undefined;

  constructor(lifetimeMs: number, capacity: number) {
    this.#lifetimeMs = lifetimeMs;
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#byId?.size ?? 0;
  }

  /**
   * Notes the id of an incoming CON or NON. `new`: act on it. `pending`: a repeat of one that has no reply yet (or is a NON), drop it.
   * Bytes: a repeat, send these again. `now` is in milliseconds and never runs back.
   */
  admit(id: number, now: number): 'new' | 'pending' | Uint8Array {
    this.expire(now);
    this.#byId ??= new Map();
    const known = this.#byId.get(id);
    if (known !== undefined) {
      if (known.reply === undefined) return 'pending';
      return known.reply === EMPTY_ACK ? emptyAck(id) : known.reply;
    }
    if (this.#byId.size >= this.#capacity) this.#forgetOldest();
    const received: Received = { id, at: now, reply: undefined, next: undefined };
    this.#byId?.set(id, received);
    if (this.#newest === undefined) this.#oldest = received;
    else this.#newest.next = received;
    this.#newest = received;
    return 'new';
  }

  /** Keeps a copy of the reply to a message that was admitted; nothing happens when that has left already. */
  answer(id: number, reply: Uint8Array): void {
    const received = this.#byId?.get(id);
    if (received !== undefined) received.reply = isEmptyAck(id, reply) ? EMPTY_ACK : new Uint8Array(reply);
  }

  /** Forgets what is older than the lifetime. */
  expire(now: number): void {
    while (this.#oldest !== undefined && now - this.#oldest.at >= this.#lifetimeMs) this.#forgetOldest();
    if (this.#oldest === undefined) this.#byId = undefined;
  }

  #forgetOldest(): void {
    if (this.#oldest === undefined) return;
    this.#byId?.delete(this.#oldest.id);
    this.#oldest = this.#oldest.next;
    if (this.#oldest === undefined) this.#newest = undefined;
  }
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
