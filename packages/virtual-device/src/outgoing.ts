import { seconds } from '@cloudchamber/kernel';
import { type CoapMessage, ConExchanges, DEVICE_RELIABILITY, type ReliabilityTimers } from '@cloudchamber/wire';
import { DeviceError } from './device-error.ts';
import { MessageIds } from './message-ids.ts';

/** Builds a message from its id and, where it wants one, its one-byte token. */
export type MessageBuilder = (id: number, token: number) => Uint8Array;

export interface OutgoingOptions {
  readonly send: (message: Uint8Array) => void;
  /** A number in [0, 1), for jitter and the first token. */
  readonly fraction: () => number;
  readonly firstId: number;
  /** The link delivers by itself: `Link.reliable`. */
  readonly reliable: boolean;
}

/** Over a reliable link nothing is repeated; what should be acknowledged fails after 20 s (protocol section 12). */
const RELIABLE: ReliabilityTimers = { ackTimeoutMs: seconds(20), randomFactor: 1, maxRetransmit: 0 };

/** What the diagnostics say of messages: metrics 21 to 23 (protocol section 8.4). */
export interface OutgoingCounts {
  transmitted: number;
  retransmitted: number;
  unacknowledged: number;
}

interface Pending {
  readonly resolve: (ack: CoapMessage) => void;
  readonly reject: (error: DeviceError) => void;
}

/** What a device sends on one connection: ids, tokens, retransmission of confirmables, and a promise for each ACK (protocol sections 3.1 and 3.2). */
export class Outgoing {
  readonly #options: OutgoingOptions;
  readonly #ids: MessageIds;
  readonly #exchanges: ConExchanges<Pending>;
  readonly #counts: OutgoingCounts;
  #nextToken: number;

  constructor(options: OutgoingOptions, counts: OutgoingCounts) {
    this.#options = options;
    this.#counts = counts;
    this.#ids = new MessageIds(options.firstId);
    this.#exchanges = new ConExchanges(options.reliable ? RELIABLE : DEVICE_RELIABILITY, options.fraction);
    this.#nextToken = Math.floor(options.fraction() * 0x100);
  }

  /** To be stored: ids go on over resumed sessions. */
  get nextId(): number {
    return this.#ids.next;
  }

  /** The handshake decided on the id of the first message. */
  restartAt(firstId: number): void {
    this.#ids.restartAt(firstId);
  }

  /** An id for an ACK that doesn't carry that of the message it acknowledges. @throws DeviceError `device.busy` as `confirmable` does */
  takeId(now: number): number {
    return this.#take(now);
  }

  /** Whether every confirmable has been acknowledged. */
  get idle(): boolean {
    return this.#exchanges.size === 0;
  }

  get nextWakeAt(): number {
    return this.#exchanges.nextWakeAt;
  }

  /**
   * Sends a confirmable and resolves with its ACK, whatever its code.
   * @throws DeviceError `device.busy` when the message ids are used up for now, `device.unacknowledged` when the connection ends first; WireError from `build`.
   */
  async confirmable(build: MessageBuilder, now: number): Promise<CoapMessage> {
    const id = this.#take(now);
    const bytes = build(id, this.#nextToken);
    this.#nextToken = (this.#nextToken + 1) & 0xff;
    this.#send(bytes);
    return new Promise((resolve, reject) => this.#exchanges.start(id, bytes, { resolve, reject }, now));
  }

  /** Sends a message that nobody acknowledges. Throws as `confirmable` does when it can't be sent. */
  nonConfirmable(build: MessageBuilder, now: number): void {
    this.#send(build(this.#take(now), 0));
  }

  /** Takes in an ACK. Late and foreign ones are nothing to worry about. */
  settle(ack: CoapMessage): void {
    this.#exchanges.settle(ack.id)?.resolve(ack);
  }

  /** Repeats what is due. @returns false when a message went unacknowledged through all its transmissions: the session is lost (protocol section 3.2). Over a reliable link only the message is. */
  wake(now: number): boolean {
    const { resend, failed } = this.#exchanges.wake(now);
    for (const bytes of resend) this.#send(bytes);
    this.#counts.retransmitted += resend.length;
    this.#counts.unacknowledged += failed.length;
    for (const pending of failed) pending.reject(lost());
    return failed.length === 0 || this.#options.reliable;
  }

  /** Gives up everything that is outstanding, at the end of the connection. */
  close(): void {
    for (const pending of this.#exchanges.clear()) pending.reject(lost());
  }

  #take(now: number): number {
    const id = this.#ids.take(now);
    if (id === undefined) throw new DeviceError('device.busy', 'the device has used up its message ids for 90 s');
    return id;
  }

  #send(bytes: Uint8Array): void {
    this.#counts.transmitted += 1;
    this.#options.send(bytes);
  }
}

function lost(): DeviceError {
  return new DeviceError('device.unacknowledged', 'no ACK came');
}
