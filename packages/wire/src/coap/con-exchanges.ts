import { WireError } from '../wire-error.ts';

/** Retransmission of confirmables (RFC 7252 section 4.8). */
export interface ReliabilityTimers {
  /** The shortest wait after the first transmission, in milliseconds. */
  readonly ackTimeoutMs: number;
  /** The first wait is drawn between 1 and this many times `ackTimeoutMs`. */
  readonly randomFactor: number;
  /** Repeats after the first transmission. */
  readonly maxRetransmit: number;
}

/** What devices use, and the server towards them: sent at about 0, 4–6, 12–18 and 28–42 s, given up at 60–90 s (protocol section 3.2). */
export const DEVICE_RELIABILITY: ReliabilityTimers = { ackTimeoutMs: 4000, randomFactor: 1.5, maxRetransmit: 3 };

interface Exchange<Tag> {
  readonly bytes: Uint8Array;
  readonly tag: Tag;
  transmissions: number;
  waitMs: number;
  dueAt: number;
}

/**
 * The confirmable messages of one session that wait for their ACK (RFC 7252 section 4.2). Neither clock nor socket: the caller passes the time in
 * milliseconds, sends what comes back, and calls `wake` at `nextWakeAt`.
 */
export class ConExchanges<Tag> {
  readonly #timers: ReliabilityTimers;
  readonly #fraction: () => number;
  readonly #exchanges = new Map<number, Exchange<Tag>>();
  #nextWakeAt = Number.POSITIVE_INFINITY;
  #nextWakeIsStale = false;

  /** `fraction` gives numbers in [0, 1): one draw per message spreads the retransmissions of many senders. */
  constructor(timers: ReliabilityTimers, fraction: () => number) {
    this.#timers = timers;
    this.#fraction = fraction;
  }

  get size(): number {
    return this.#exchanges.size;
  }

  /** When `wake` has something to do, in the caller's milliseconds; Infinity when nothing is outstanding. */
  get nextWakeAt(): number {
    if (this.#nextWakeIsStale) this.#findNextWake();
    return this.#nextWakeAt;
  }

  /**
   * Takes over a message that the caller has just sent once. `bytes` is kept as it is for repeats; `tag` comes back when it is settled or failed.
   * @throws WireError `malformed` when that message id is already waiting: an id may not be used twice in this time (RFC 7252 section 4.4).
   */
  start(id: number, bytes: Uint8Array, tag: Tag, now: number): void {
    if (this.#exchanges.has(id)) throw new WireError('malformed', `message id ${id} is in use`, 'RFC 7252 4.4');
    const { ackTimeoutMs, randomFactor } = this.#timers;
    const waitMs = ackTimeoutMs * (1 + this.#fraction() * (randomFactor - 1));
    const dueAt = now + waitMs;
    this.#exchanges.set(id, { bytes, tag, transmissions: 1, waitMs, dueAt });
    if (dueAt < this.#nextWakeAt) this.#nextWakeAt = dueAt;
  }

  /** An ACK or RST with that id arrived. The tag of what it settles, or undefined when nothing waited for it. */
  settle(id: number): Tag | undefined {
    const exchange = this.#exchanges.get(id);
    if (exchange === undefined) return undefined;
    this.#exchanges.delete(id);
    if (exchange.dueAt <= this.#nextWakeAt) this.#nextWakeIsStale = true;
    return exchange.tag;
  }

  /** Stops repeating that message; nothing happens when it isn't outstanding. */
  cancel(id: number): void {
    this.settle(id);
  }

  /**
   * What is due at `now`: messages to send again, each at most once per call, and the tags of those whose last wait has passed.
   * Failed ones are forgotten.
   */
  wake(now: number): { resend: Uint8Array[]; failed: Tag[] } {
    const resend: Uint8Array[] = [];
    const failed: Tag[] = [];
    if (now < this.#nextWakeAt) return { resend, failed };
    for (const [id, exchange] of this.#exchanges) {
      if (exchange.dueAt > now) continue;
      if (exchange.transmissions > this.#timers.maxRetransmit) {
        this.#exchanges.delete(id);
        failed.push(exchange.tag);
        continue;
      }
      exchange.transmissions += 1;
      exchange.waitMs *= 2;
      exchange.dueAt = now + exchange.waitMs;
      resend.push(exchange.bytes);
    }
    this.#findNextWake();
    return { resend, failed };
  }

  /** Forgets everything, for the end of the session, and hands the tags back in the order they were started. */
  clear(): Tag[] {
    const tags = Array.from(this.#exchanges.values(), (exchange) => exchange.tag);
    this.#exchanges.clear();
    this.#findNextWake();
    return tags;
  }

  #findNextWake(): void {
    let earliest = Number.POSITIVE_INFINITY;
    for (const exchange of this.#exchanges.values()) earliest = Math.min(earliest, exchange.dueAt);
    this.#nextWakeAt = earliest;
    this.#nextWakeIsStale = false;
  }
}
