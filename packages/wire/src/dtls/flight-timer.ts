import type { HandshakeTimers } from './handshake-output.ts';

/** When to send a flight again and when to give up (RFC 6347 section 4.2.4): doubling waits, time as a parameter. */
export class FlightTimer {
  readonly #timers: HandshakeTimers;
  #wait = 0;
  #giveUpAt = 0;
  #nextAt = Number.POSITIVE_INFINITY;

  constructor(timers: HandshakeTimers) {
    this.#timers = timers;
  }

  /** When `wake` has something to say, Infinity when never. */
  get nextAt(): number {
    return this.#nextAt;
  }

  /** A flight has just been sent for the first time. */
  start(now: number): void {
    this.#wait = this.#timers.initialMs;
    this.#giveUpAt = now + this.#timers.giveUpMs;
    this.#schedule(now);
  }

  /** The flight has just been sent again because the peer repeated its own: the current wait begins anew. */
  resent(now: number): void {
    this.#schedule(now);
  }

  /** No more sending again; only giving up is left. */
  quiet(): void {
    this.#nextAt = this.#giveUpAt;
  }

  wake(now: number): 'wait' | 'resend' | 'give_up' {
    if (now >= this.#giveUpAt) return 'give_up';
    if (now < this.#nextAt) return 'wait';
    this.#wait = Math.min(this.#wait * 2, this.#timers.maxMs);
    this.#schedule(now);
    return 'resend';
  }

  #schedule(now: number): void {
    this.#nextAt = Math.min(now + this.#wait, this.#giveUpAt);
  }
}
