import { type Clock, type DeviceId, type Entropy, errorMessage, type Logger } from '@cloudchamber/kernel';
import {
  type CoapMessage,
  CoapType,
  DEDUPLICATION_MS,
  decodeCoap,
  emptyCon,
  type PrivateKeyP256,
  RecentMessages,
  reset,
  WireError,
} from '@cloudchamber/wire';
import { Alarm } from './alarm.ts';
import { CONNECTION_ENDS, type ConnectionEnd } from './connection-end.ts';
import type { DatagramSocket, ServerAddress } from './datagram-socket.ts';
import { DeviceError } from './device-error.ts';
import { DtlsLink } from './dtls-link.ts';
import { KeepAlive } from './keep-alive.ts';
import { type MessageBuilder, Outgoing, type OutgoingCounts } from './outgoing.ts';
import type { DeviceProfile } from './profiles/index.ts';
import type { SessionStorage } from './session-storage.ts';
import { encodeSession, newProgress, type SessionProgress, type StoredSession } from './stored-session.ts';

export interface ConnectionOptions {
  readonly deviceId: DeviceId;
  readonly identity: PrivateKeyP256;
  readonly serverSpki: Uint8Array;
  readonly server: ServerAddress;
  readonly socket: DatagramSocket;
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

/** The server has few messages under way to one device. */
const RECENT_CAPACITY = 256;

/** One connection of a device: from its socket to its end. Keeps the stored session in step with every record. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #link: DtlsLink;
  readonly #outgoing: Outgoing;
  readonly #alarm: Alarm;
  readonly #ready = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<ConnectionEnd>();
  readonly progress: SessionProgress;
  #recent: RecentMessages | undefined;
  #keepAlive: KeepAlive | undefined;
  #drained: PromiseWithResolvers<void> | undefined;
  #over = false;

  /** @param stored the session to resume; a full handshake without */
  constructor(options: ConnectionOptions, stored?: StoredSession) {
    const { deviceId, identity, serverSpki, server, entropy, profile, socket } = options;
    this.#options = options;
    this.progress = stored?.progress ?? newProgress();
    this.#link = new DtlsLink({
      deviceId,
      identity,
      serverSpki,
      entropy,
      offerCid: profile.connectionId,
      movedRecordType: profile.movedRecordType,
      maxMessageSize: profile.maxMessageSize,
      transmit: (datagram) => socket.send(datagram, server.address, server.port),
      established: () => this.#ready.resolve(),
      moved: () => this.save(),
      message: (plaintext) => this.#receive(plaintext),
      ended: (end) => this.end(end),
    });
    const fraction = (): number => entropy.fraction();
    const send = (message: Uint8Array): void => this.#link.send(message);
    this.#outgoing = new Outgoing({ send, fraction, firstId: this.progress.nextMessageId }, options.counts);
    this.#alarm = new Alarm(options.clock, () => this.#wake());
    socket.onDatagram((datagram) => this.#datagram(datagram));
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

  /** Resolves when every confirmable has been acknowledged, or it is over. */
  drained(): Promise<void> {
    if (this.#over || this.#outgoing.idle) return Promise.resolve();
    this.#drained ??= Promise.withResolvers();
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

  /** Sends a response by itself, as a CON (protocol section 6). What becomes of it shows in the connection. */
  respond(build: MessageBuilder): void {
    this.confirmable(build).catch((error: unknown) => {
      this.#options.log.debug({ error: errorMessage(error) }, 'a response was not acknowledged');
    });
  }

  /** Pings from now on when the server is silent. */
  keepAlive(): void {
    this.#keepAlive = new KeepAlive(this.#options.profile.keepAliveMs, this.#now());
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
    this.#options.socket.close().catch(() => {});
    this.#drained?.resolve();
    this.#ended.resolve(end);
  }

  #resume(stored: StoredSession): void {
    this.#link.resume(stored.secrets);
    this.progress.resumes += 1;
    this.#ready.resolve();
  }

  #datagram(datagram: Uint8Array): void {
    if (this.#over) return;
    this.#link.receive(datagram, this.#now());
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
    this.#alarm.set(Math.min(...wakes));
  }

  #checkOpen(): void {
    if (this.#over) throw new DeviceError('device.not_connected', 'the connection has ended');
  }

  #now(): number {
    return this.#options.clock.monotonic();
  }
}
