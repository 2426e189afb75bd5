import { type Clock, type Entropy, errorMessage, type Logger, seconds } from '@cloudchamber/kernel';
import {
  type CoapMessage,
  CoapType,
  DEDUPLICATION_MS,
  decodeCoap,
  emptyCon,
  RecentMessages,
  reset,
  WireError,
} from '@cloudchamber/wire';
import { Alarm } from './alarm.ts';
import { CONNECTION_ENDS, type ConnectionEnd } from './connection-end.ts';
import { deferred } from './deferred.ts';
import { DeviceError } from './device-error.ts';
import { KeepAlive } from './keep-alive.ts';
import type { Link, LinkEvents } from './link.ts';
import { type MessageBuilder, Outgoing, type OutgoingCounts } from './outgoing.ts';
import type { DeviceProfile } from './profiles/index.ts';
import type { SessionStorage } from './session-storage.ts';
import { encodeSession, newProgress, type SessionProgress, type StoredSession } from './stored-session.ts';

export interface ConnectionOptions {
  readonly openLink: (events: LinkEvents) => Link;
  readonly storage: SessionStorage;
  /** Digest that binds a stored session to keys, server and device. */
  readonly binding: string;
  readonly profile: DeviceProfile;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Logger;
  readonly counts: OutgoingCounts;
  /** A message that is new and no ACK. `now` is monotonic ms. */
  readonly receive: (message: CoapMessage, now: number) => void;
}

/** Builds a message of the form that the link asks for: confirmable over UDP, non-confirmable over TCP. */
export type DeliveryBuilder = (id: number, confirmable: boolean) => Uint8Array;

/** How long the server's Hello may take, where a device waits for it (protocol section 12). */
const SERVER_HELLO_MS = seconds(4);
/** How long a device waits for the answer to its ping before it gives up the connection (protocol section 12). */
const UDP_PING_ANSWER_MS = seconds(30);
const TCP_PING_ANSWER_MS = seconds(10);
/** The server has few messages under way to one device. */
const RECENT_CAPACITY = 256;

/** One connection of a device: from its socket to its end. Keeps the stored session in step with every record. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #link: Link;
  readonly #outgoing: Outgoing;
  readonly #alarm: Alarm;
  readonly #ready = deferred<void>();
  readonly #ended = deferred<ConnectionEnd>();
  readonly progress: SessionProgress;
  #recent: RecentMessages | undefined;
  #keepAlive: KeepAlive | undefined;
  #drained: PromiseWithResolvers<void> | undefined;
  #greeting: PromiseWithResolvers<void> | undefined;
  #greetedBy = Number.POSITIVE_INFINITY;
  #over = false;

  /** @param stored the session to resume; a full handshake without */
  constructor(options: ConnectionOptions, stored?: StoredSession) {
    const { entropy } = options;
    this.#options = options;
    this.progress = stored?.progress ?? newProgress();
    this.#link = options.openLink({
      established: (firstMessageId) => this.#established(firstMessageId),
      moved: () => this.save(),
      message: (plaintext) => this.#receive(plaintext),
      ended: (end) => this.end(end),
    });
    const fraction = (): number => entropy.fraction();
    const send = (message: Uint8Array): void => this.#link.send(message);
    const { reliable } = this.#link;
    this.#outgoing = new Outgoing({ send, fraction, reliable, firstId: this.progress.nextMessageId }, options.counts);
    this.#alarm = new Alarm(options.clock, () => this.#wake());
    this.#link.listen((bytes) => this.#arrived(bytes));
    if (stored !== undefined) this.#resume(stored);
    else this.#link.handshake(this.#now());
    this.#setAlarm();
  }

  /** Resolves when messages can be sent; never when the connection ends before. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Resolves when it is over, with the reason. */
  get ended(): Promise<ConnectionEnd> {
    return this.#ended.promise;
  }

  get over(): boolean {
    return this.#over;
  }

  /** Messages arrive without ACKs: over TCP. */
  get reliable(): boolean {
    return this.#link.reliable;
  }

  /** Resolves when every confirmable has been acknowledged, or it is over. */
  drained(): Promise<void> {
    if (this.#over || this.#outgoing.idle) return Promise.resolve();
    this.#drained ??= deferred();
    return this.#drained.promise;
  }

  /** Sends a confirmable and resolves with its ACK. Throws as `Outgoing.confirmable` does, and `device.not_connected` when it is over. */
  async confirmable(build: MessageBuilder): Promise<CoapMessage> {
    this.#checkOpen();
    const acknowledged = this.#outgoing.confirmable(build, this.#now());
    this.#setAlarm();
    return acknowledged;
  }

  /** Sends a message that nobody acknowledges. Throws as `confirmable` does when it can't be sent. */
  nonConfirmable(build: MessageBuilder): void {
    this.#checkOpen();
    this.#outgoing.nonConfirmable(build, this.#now());
  }

  /**
   * Sends a message that is to arrive: over UDP as a confirmable, whose ACK it resolves with; over TCP, which sees to it, as a non-confirmable, resolving at once.
   * Throws as `confirmable` does.
   */
  async deliver(build: DeliveryBuilder): Promise<CoapMessage | undefined> {
    if (!this.#link.reliable) return this.confirmable((id) => build(id, true));
    this.nonConfirmable((id) => build(id, false));
    return undefined;
  }

  /** Resolves when the server has answered Hello with one of its own, which it does over TCP. The connection ends when that takes 4 s. */
  greeted(): Promise<void> {
    this.#greeting ??= deferred();
    this.#greetedBy = this.#now() + SERVER_HELLO_MS;
    this.#setAlarm();
    return this.#greeting.promise;
  }

  /** The server's Hello came. */
  greet(): void {
    this.#greetedBy = Number.POSITIVE_INFINITY;
    this.#greeting?.resolve();
  }

  /** The id for the ACK of a ping or a signal: over TCP it is one of the device's own (protocol section 15). */
  idOfAck(message: CoapMessage): number {
    return this.#link.reliable ? this.#outgoing.takeId(this.#now()) : message.id;
  }

  /** An empty CON and its ACK (protocol section 5.7). */
  async ping(): Promise<void> {
    await this.confirmable((id) => emptyCon(id));
  }

  /** Sends the ACK of a message, and again for each repeat of it (protocol section 3.1). NONs get none. */
  acknowledge(message: CoapMessage, ack: Uint8Array): void {
    if (message.type !== CoapType.CON || this.#over) return;
    this.#recent?.answer(message.id, ack);
    this.#link.send(ack);
  }

  /** Answers a message with a RST, as Device OS does to chunks that it can't use (protocol section 9.1). */
  reset(message: CoapMessage): void {
    if (!this.#over) this.#link.send(reset(message.id));
  }

  /** Sends a response by itself, as a CON, over TCP as a NON (protocol section 6). What becomes of it shows in the connection. */
  respond(build: DeliveryBuilder): void {
    this.deliver(build).catch((error: unknown) => {
      this.#options.log.debug({ error: errorMessage(error) }, 'a response was not acknowledged');
    });
  }

  /** Pings from now on when the server is silent. */
  keepAlive(): void {
    const answerMs = this.#link.reliable ? TCP_PING_ANSWER_MS : UDP_PING_ANSWER_MS;
    this.#keepAlive = new KeepAlive(this.#options.profile.keepAliveMs, answerMs, this.#now());
    this.#setAlarm();
  }

  /** Stores the session as it is now. */
  save(): void {
    const secrets = this.#link.exportSecrets();
    if (secrets === undefined) return;
    this.progress.nextMessageId = this.#outgoing.nextId;
    this.#options.storage.save(encodeSession(this.#options.binding, secrets, this.progress));
  }

  /** Ends it from this side; the reason says whether the session is kept. */
  end(end: ConnectionEnd): void {
    if (this.#over) return;
    this.#over = true;
    this.#alarm.cancel();
    if (!CONNECTION_ENDS[end].keepsSession) this.#options.storage.erase();
    this.#outgoing.close();
    this.#link.close();
    this.#drained?.resolve();
    this.#ended.resolve(end);
  }

  #established(firstMessageId: number | undefined): void {
    if (firstMessageId !== undefined) this.#outgoing.restartAt(firstMessageId);
    this.#ready.resolve();
  }

  #resume(stored: StoredSession): void {
    this.#link.resume(stored.secrets);
    this.progress.resumes += 1;
    this.#ready.resolve();
  }

  #arrived(bytes: Uint8Array): void {
    if (this.#over) return;
    this.#link.receive(bytes, this.#now());
    if (!this.#over) this.#setAlarm();
  }

  #receive(plaintext: Uint8Array): void {
    if (this.#over) return;
    const now = this.#now();
    this.progress.resumes = 0;
    this.save();
    this.#keepAlive?.heard(now);
    const message = this.#decode(plaintext);
    if (message === undefined) return;
    if (message.type === CoapType.ACK) return this.#settle(message);
    if (message.type === CoapType.RST) return this.end('reset');
    if (this.#isNew(message, now)) this.#options.receive(message, now);
  }

  #settle(ack: CoapMessage): void {
    this.#outgoing.settle(ack);
    if (this.#outgoing.idle) this.#drained?.resolve();
  }

  #decode(plaintext: Uint8Array): CoapMessage | undefined {
    try {
      return decodeCoap(plaintext);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#options.log.warn({ error: error.message, clause: error.clause }, 'the server sent what is no CoAP message');
      return undefined;
    }
  }

  #isNew(message: CoapMessage, now: number): boolean {
    this.#recent ??= new RecentMessages(DEDUPLICATION_MS, RECENT_CAPACITY);
    const verdict = this.#recent.admit(message.id, now);
    if (verdict === 'new') return true;
    if (verdict !== 'pending') this.#link.send(verdict);
    return false;
  }

  #wake(): void {
    const now = this.#now();
    this.#link.wake(now);
    if (!this.#over && !this.#outgoing.wake(now)) this.end('unacknowledged');
    if (now >= this.#greetedBy) this.end('no_hello');
    if (this.#over) return;
    const due = this.#keepAlive?.wake(now);
    if (due === 'silent') return this.end('silent');
    if (due === 'ping') this.#sendKeepAlive(now);
    else if (this.#outgoing.idle) this.#link.coolDown();
    this.#setAlarm();
  }

  /** Whether it is answered is seen by anything that arrives; its own failure comes through `end`. */
  #sendKeepAlive(now: number): void {
    this.#recent?.expire(now);
    if (this.#recent?.size === 0) this.#recent = undefined;
    this.ping().catch(() => {});
  }

  #setAlarm(): void {
    const wakes = [this.#link.nextWakeAt, this.#outgoing.nextWakeAt, this.#keepAlive?.nextWakeAt ?? Infinity];
    this.#alarm.set(Math.min(...wakes, this.#greetedBy));
  }

  #checkOpen(): void {
    if (this.#over) throw new DeviceError('device.not_connected', 'the connection has ended');
  }

  #now(): number {
    return this.#options.clock.monotonic();
  }
}
