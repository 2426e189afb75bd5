import { type CoapMessage, CoapType, ConExchanges, DEVICE_RELIABILITY, emptyCon } from '@cloudchamber/wire';
import { GatewayError } from './gateway-error.ts';

/** Builds a request from the message id and one-byte token that it is to carry. */
export type RequestBuilder = (id: number, token: number) => Uint8Array;

interface Pending {
  readonly id: number;
  /** -1 for a message that only wants its ACK. */
  readonly token: number;
  readonly deadline: number;
  readonly resolve: (message: CoapMessage) => void;
  readonly reject: (error: GatewayError) => void;
}

export interface OutgoingOptions {
  readonly send: (message: Uint8Array) => void;
  /** The link delivers by itself: `DeviceLink.reliable`. */
  readonly reliable: boolean;
  /** The first message id; a random one when absent. */
  readonly firstId?: number | undefined;
  /** A number in [0, 1), for jitter and the first message id. */
  readonly fraction: () => number;
  /** A confirmable went through all its transmissions without an answer. */
  readonly unresponsive: () => void;
}

/**
 * What the cloud sends to one device: confirmables with retransmission, tokens matched to responses, timeouts (protocol sections 3.1, 3.2, 6).
 * Made when the first message is sent; a session that only publishes never has one.
 */
export class Outgoing {
  readonly #options: OutgoingOptions;
  readonly #exchanges: ConExchanges<Pending | undefined>;
  readonly #responses = new Map<number, Pending>();
  readonly #acks = new Set<Pending>();
  #nextId: number;
  #nextToken: number;

  constructor(options: OutgoingOptions) {
    this.#options = options;
    this.#exchanges = new ConExchanges(DEVICE_RELIABILITY, options.fraction);
    this.#nextId = options.firstId ?? Math.floor(options.fraction() * 0x10000);
    this.#nextToken = Math.floor(options.fraction() * 0x100);
  }

  /** The message id of the next message. */
  get nextId(): number {
    return this.#nextId;
  }

  /** Whether nothing is outstanding, so that nobody needs to look at it. */
  get idle(): boolean {
    return this.#exchanges.size === 0 && this.#responses.size === 0 && this.#acks.size === 0;
  }

  /**
   * Sends a confirmable request and waits for its response, piggybacked or separate.
   * @throws GatewayError `device.timed_out` at the deadline, `device.rejected` on RST, `device.busy` with 256 requests under way; what `build` throws.
   */
  request(build: RequestBuilder, now: number, timeoutMs: number): Promise<CoapMessage> {
    const token = this.#freeToken();
    if (token === undefined) return Promise.reject(new GatewayError('device.busy', 'too many requests to this device'));
    const id = this.#freeId();
    return new Promise((resolve, reject) => {
      const bytes = build(id, token);
      const pending: Pending = { id, token, deadline: now + timeoutMs, resolve, reject };
      this.#responses.set(token, pending);
      this.#start(id, bytes, pending, now);
    });
  }

  /**
   * Sends a message that only wants its ACK, such as an event. Resolves with the ACK; over a reliable link, where none comes, at once with undefined.
   * Rejects as `request` does.
   */
  async notify(build: RequestBuilder, now: number, timeoutMs: number): Promise<CoapMessage | undefined> {
    if (!this.#options.reliable) return this.#acknowledged(build, now, timeoutMs);
    this.tell(build);
    return undefined;
  }

  /** Sends a message that nobody answers. */
  tell(build: RequestBuilder): void {
    this.#options.send(build(this.#freeId(), this.#takeToken()));
  }

  /** An empty CON, answered by an empty ACK (protocol section 6.5). */
  ping(now: number, timeoutMs: number): Promise<CoapMessage> {
    return this.#acknowledged((id) => emptyCon(id), now, timeoutMs);
  }

  /** Takes in an ACK, RST or separate response. False when nothing waited for it. */
  receive(message: CoapMessage): boolean {
    if (message.type !== CoapType.ACK && message.type !== CoapType.RST) return this.#responded(message);
    return this.#options.reliable ? this.#settledInOrder(message) : this.#settled(message);
  }

  /** Repeats and gives up what is due. */
  wake(now: number): void {
    const { resend, failed } = this.#exchanges.wake(now);
    for (const bytes of resend) this.#options.send(bytes);
    for (const pending of [...this.#responses.values(), ...this.#acks]) {
      if (pending.deadline <= now) this.#giveUp(pending, 'device.timed_out', 'the device did not answer in time');
    }
    for (const pending of failed) {
      if (pending) this.#giveUp(pending, 'device.timed_out', 'the device did not acknowledge');
    }
    if (failed.length > 0) this.#options.unresponsive();
  }

  /** Ends everything that is outstanding, at the end of the session. */
  close(): void {
    this.#exchanges.clear();
    for (const pending of [...this.#responses.values(), ...this.#acks]) {
      this.#giveUp(pending, 'device.not_connected', 'the connection ended');
    }
  }

  #acknowledged(build: RequestBuilder, now: number, timeoutMs: number): Promise<CoapMessage> {
    const id = this.#freeId();
    return new Promise((resolve, reject) => {
      const bytes = build(id, this.#takeToken());
      const pending: Pending = { id, token: -1, deadline: now + timeoutMs, resolve, reject };
      this.#acks.add(pending);
      this.#start(id, bytes, pending, now);
    });
  }

  #start(id: number, bytes: Uint8Array, pending: Pending, now: number): void {
    this.#options.send(bytes);
    if (!this.#options.reliable) this.#exchanges.start(id, bytes, pending, now);
  }

  /**
   * An ACK or RST over a reliable link. ACKs to pings and signals carry an id of the device's own (protocol section 15): what has a token belongs to its request, what
   * has a request's id is that request's, and any other empty ACK answers the oldest ping.
   */
  #settledInOrder(message: CoapMessage): boolean {
    if (message.token.length > 0) return this.#responded(message);
    const request = [...this.#responses.values()].find(({ id }) => id === message.id);
    const [ping] = this.#acks;
    const pending = request ?? ping;
    if (pending === undefined) return false;
    if (message.type === CoapType.RST) this.#giveUp(pending, 'device.rejected', 'the device refused the message');
    else if (request === undefined) this.#resolve(pending, message);
    else if (message.code !== 0) this.#answer(request, message);
    return true;
  }

  #resolve(pending: Pending, ack: CoapMessage): void {
    this.#acks.delete(pending);
    pending.resolve(ack);
  }

  #settled(message: CoapMessage): boolean {
    const pending = this.#exchanges.settle(message.id);
    if (pending === undefined) return false;
    if (message.type === CoapType.RST) {
      this.#giveUp(pending, 'device.rejected', 'the device refused the message');
    } else if (pending.token === -1) {
      this.#resolve(pending, message);
    } else if (message.code !== 0) {
      this.#answer(pending, message);
    }
    return true;
  }

  #responded(message: CoapMessage): boolean {
    if (message.token.length !== 1) return false;
    const pending = this.#responses.get(message.token[0] as number);
    if (pending === undefined) return false;
    // A response says that the request arrived, also when its ACK was lost (RFC 7252 section 5.2.2).
    this.#exchanges.cancel(pending.id);
    this.#answer(pending, message);
    return true;
  }

  #answer(pending: Pending, message: CoapMessage): void {
    this.#responses.delete(pending.token);
    pending.resolve(message);
  }

  #giveUp(pending: Pending, code: 'device.timed_out' | 'device.rejected' | 'device.not_connected', why: string): void {
    this.#acks.delete(pending);
    if (this.#responses.get(pending.token) === pending) this.#responses.delete(pending.token);
    pending.reject(new GatewayError(code, why));
  }

  #freeToken(): number | undefined {
    for (let tries = 0; tries < 256; tries++) {
      const token = this.#takeToken();
      if (!this.#responses.has(token)) return token;
    }
    return undefined;
  }

  #takeToken(): number {
    const token = this.#nextToken;
    this.#nextToken = (token + 1) & 0xff;
    return token;
  }

  #freeId(): number {
    const id = this.#nextId;
    this.#nextId = (id + 1) & 0xffff;
    return id;
  }
}
