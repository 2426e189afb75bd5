import { type Clock, type DeviceId, type Entropy, errorMessage, type Logger } from '@cloudchamber/kernel';
import {
  type CoapMessage,
  CoapType,
  DEDUPLICATION_MS,
  decodeCoap,
  type OtaChunkAckFields,
  RecentMessages,
  WireError,
} from '@cloudchamber/wire';
import type { Counters } from './counters.ts';
import type { DeviceLink } from './device-link.ts';
import { EventQueue } from './event-queue.ts';
import { handleMessage } from './handlers/handle-message.ts';
import { learnSilence, silenceAllowed } from './keep-alive.ts';
import { Outgoing } from './outgoing.ts';
import type { ConnectAttempt, GatewayPorts, HelloFacts, OfflineReason } from './ports.ts';
import type { GatewaySettings } from './settings.ts';
import { Transfers } from './transfers.ts';

/** What all sessions of a gateway share. */
export interface SessionEnvironment {
  readonly ports: GatewayPorts;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Logger;
  readonly counters: Counters;
  readonly settings: GatewaySettings;
  /** The session proved to be that device's: it replaces an earlier one. */
  admitted(session: DeviceSession, deviceId: DeviceId): void;
  /** The session has messages outstanding: look at it on every tick until it has none. */
  outstanding(session: DeviceSession): void;
  ended(session: DeviceSession): void;
  /** The device says which chunks of a firmware update it has, or lacks. */
  chunksAcknowledged(session: DeviceSession, ack: OtaChunkAckFields, now: number): void;
  chunksMissing(session: DeviceSession, indices: readonly number[]): void;
}

/** `greeting`: no Hello yet. `admitting`: Hello is being checked. */
export type SessionState = 'greeting' | 'admitting' | 'live' | 'ended';

/** Enough for what a device may send in the deduplication time: 4 application events a second in bursts, and 255 system events a minute. */
const RECENT_CAPACITY = 512;

/** One device's conversation over one secure link: from its handshake to its replacement. Everything that a quiet device doesn't need is made on first use. */
export class DeviceSession {
  readonly environment: SessionEnvironment;
  readonly link: DeviceLink;
  /** When the handshake ended, wall time in ms. */
  readonly startedAt: number;
  state: SessionState = 'greeting';
  online = false;
  deviceId: DeviceId | undefined;
  hello: HelloFacts | undefined;
  /** The first subscription of a session replaces the device's earlier set (protocol section 5.4). */
  subscribed = false;
  #lastHeardAt: number;
  #silenceAllowed = 0;
  #offlineSince: OfflineReason | undefined;
  #recent: RecentMessages | undefined;
  #outgoing: Outgoing | undefined;
  #events: EventQueue | undefined;
  #transfers: Transfers | undefined;

  constructor(environment: SessionEnvironment, link: DeviceLink) {
    this.environment = environment;
    this.link = link;
    this.startedAt = environment.clock.now();
    this.#lastHeardAt = environment.clock.monotonic();
  }

  /** Monotonic ms of the last authentic message. */
  get lastHeardAt(): number {
    return this.#lastHeardAt;
  }

  get outgoing(): Outgoing {
    this.#outgoing ??= new Outgoing({
      send: (message) => this.link.send(message),
      reliable: this.link.reliable,
      fraction: () => this.environment.entropy.fraction(),
      unresponsive: () => this.goOffline('unresponsive'),
    });
    this.environment.outstanding(this);
    return this.#outgoing;
  }

  get events(): EventQueue {
    this.#events ??= new EventQueue();
    return this.#events;
  }

  get transfers(): Transfers {
    this.#transfers ??= new Transfers();
    return this.#transfers;
  }

  /**
   * One decrypted CoAP message from the device. Never throws: bad input is counted and dropped, or refused as the protocol says.
   * @returns false when it is no CoAP message
   */
  receive(bytes: Uint8Array): boolean {
    if (this.state === 'ended') return true;
    const now = this.environment.clock.monotonic();
    this.#heard(now);
    let message: CoapMessage;
    try {
      message = decodeCoap(bytes);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.environment.counters.add('messages_dropped', error.kind);
      return false;
    }
    handleMessage(this, message, now);
    return true;
  }

  /** True when the message id is new. A repeat is answered as before, or dropped while the first one is still being worked on. */
  admit(message: CoapMessage, now: number): boolean {
    this.#recent ??= new RecentMessages(DEDUPLICATION_MS, RECENT_CAPACITY);
    const verdict = this.#recent.admit(message.id, now);
    if (verdict === 'new') return true;
    this.environment.counters.add('messages_repeated');
    if (verdict !== 'pending') this.link.send(verdict);
    return false;
  }

  /** Answers a message that was admitted, and remembers the answer for repeats. NONs get none. */
  reply(message: CoapMessage, reply: Uint8Array): void {
    if (message.type !== CoapType.CON || this.state === 'ended') return;
    this.#recent?.answer(message.id, reply);
    this.link.send(reply);
  }

  /** Takes in an ACK, RST or response. False when nothing waited for it. */
  settle(message: CoapMessage): boolean {
    return this.#outgoing?.receive(message) ?? false;
  }

  /** Hello was checked: the device may be used. */
  goLive(attempt: ConnectAttempt): void {
    this.state = 'live';
    this.subscribed = false;
    this.#silenceAllowed = silenceAllowed(attempt.hello.platformId);
    this.environment.admitted(this, attempt.deviceId);
    this.#goOnline();
  }

  /** Silence, Goodbye, or no ACK after all retransmissions. The keys are kept: the device resumes with its next record. */
  goOffline(reason: OfflineReason): void {
    if (!this.online || this.deviceId === undefined) return;
    this.online = false;
    this.#offlineSince = reason;
    this.environment.counters.add('devices_offline', reason);
    this.environment.ports.offline(this.deviceId, this.environment.clock.now(), reason);
  }

  /** The end: of the process, of the association, or because a newer session took over. */
  end(reason: OfflineReason): void {
    if (this.state === 'ended') return;
    if (reason === 'replaced') this.online = false;
    else this.goOffline(reason);
    this.state = 'ended';
    this.#outgoing?.close();
    this.#events?.close();
    this.environment.ended(this);
  }

  /** Repeats and gives up what is due. @returns whether anything is still outstanding. */
  tick(now: number): boolean {
    if (this.#outgoing === undefined || this.state === 'ended') return false;
    try {
      this.#outgoing.wake(now);
    } catch (error) {
      this.environment.log.error({ deviceId: this.deviceId, error: errorMessage(error) }, 'session ended by a fault');
      this.end('session_ended');
      return false;
    }
    return !this.#outgoing.idle;
  }

  /** The regular look-over: notices silence, forgets what has expired. */
  sweep(now: number): void {
    const silence = now - this.#lastHeardAt;
    const { greetingTimeoutMs, sessionIdleMs, tcpIdleMs } = this.environment.settings;
    if (this.state !== 'live' && silence > greetingTimeoutMs) {
      this.environment.counters.add('refused', 'no_hello');
      this.end('session_ended');
    } else if (this.link.transport === 'tcp' && silence > tcpIdleMs) {
      // The device pings every 15 s: nobody is there any more, and a stream has nothing to resume.
      this.end('silent');
    } else if (silence > sessionIdleMs) {
      this.environment.counters.add('sessions_expired');
      this.end('session_ended');
    } else if (this.online && silence > this.#silenceAllowed) {
      this.goOffline('silent');
    }
    if (silence > 5000) {
      this.#recent?.expire(now);
      if (this.#recent?.size === 0) this.#recent = undefined;
      this.#transfers?.expire(now);
      this.link.coolDown();
    }
  }

  #heard(now: number): void {
    const gap = now - this.#lastHeardAt;
    this.#lastHeardAt = now;
    if (this.state !== 'live' || this.online) return;
    // Only silence teaches: a device that said Goodbye was asleep on purpose.
    if (this.#offlineSince === 'silent') this.#silenceAllowed = learnSilence(this.#silenceAllowed, gap);
    this.#goOnline();
  }

  #goOnline(): void {
    if (this.deviceId === undefined) return;
    this.online = true;
    this.environment.ports.online(this.deviceId, this.environment.clock.now());
  }
}
