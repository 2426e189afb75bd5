import { type Clock, type DeviceId, type Entropy, errorMessage, type Logger } from '@cloudchamber/kernel';
import {
  type CoapMessage,
  CoapType,
  DEDUPLICATION_MS,
  decodeCoap,
  encodeDiscardSession,
  type OtaChunkAckFields,
  RecentMessages,
  WireError,
} from '@cloudchamber/wire';
import type { ConnectionFailure } from './connection-outcome.ts';
import type { Counters } from './counters.ts';
import type { DeviceLink } from './device-link.ts';
import { EventQueue } from './event-queue.ts';
import { handleMessage } from './handlers/handle-message.ts';
import { silenceAllowed } from './keep-alive.ts';
import type { KeptSession } from './kept-session.ts';
import { Outgoing } from './outgoing.ts';
import type { ConnectAttempt, GatewayPorts, HelloFacts, OfflineReason, RefusalReason } from './ports.ts';
import { type EarlierPresence, Presence } from './presence.ts';
import { PublishedIds } from './published-ids.ts';
import { RenewalTime } from './renewal-time.ts';
import type { SessionVault, StoredSession } from './session-vault.ts';
import type { GatewaySettings } from './settings.ts';
import { sharesCommit } from './shares-commit.ts';
import { tellOutcome } from './tell-outcome.ts';
import { Transfers } from './transfers.ts';

/** What all sessions of a gateway share. */
export interface SessionEnvironment {
  readonly ports: GatewayPorts;
  /** Where sessions outlive the process; absent when they don't. */
  readonly vault?: SessionVault | undefined;
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

/** After a restart message ids go on this much later: more than a device is sent between two of its own records. */
const IDS_SKIPPED = 1024;

/** One device's conversation over one secure link: from its handshake to its replacement. Everything that a quiet device doesn't need is made on first use. */
export class DeviceSession {
  readonly environment: SessionEnvironment;
  readonly link: DeviceLink;
  readonly presence: Presence;
  /** When the handshake ended, wall time in ms. */
  readonly startedAt: number;
  state: SessionState = 'greeting';
  deviceId: DeviceId | undefined;
  /** Whom the newest Hello named. */
  claimedId: DeviceId | undefined;
  hello: HelloFacts | undefined;
  /** The first subscription of a session replaces the device's earlier set (protocol section 5.4). */
  subscribed = false;
  /** Set once the vault has it. */
  kept: KeptSession | undefined;
  /** Until when a message may be a repeat of one that an earlier process took. */
  readonly #repeatsUntil: number;
  readonly #renewal: RenewalTime;
  #nextMessageId: number | undefined;
  #published: PublishedIds | undefined;
  #recent: RecentMessages | undefined;
  #outgoing: Outgoing | undefined;
  #events: EventQueue | undefined;
  #transfers: Transfers | undefined;

  /** @param earlier what an earlier process stored of it */
  constructor(environment: SessionEnvironment, link: DeviceLink, earlier?: StoredSession) {
    const { clock, settings } = environment;
    this.environment = environment;
    this.link = link;
    this.startedAt = earlier?.startedAt ?? clock.now();
    const now = clock.monotonic();
    /** Wall time to monotonic; what lies in the future is taken for now. */
    const before = (at: number): number => now - Math.max(0, clock.now() - at);
    this.#renewal = new RenewalTime(before(this.startedAt), settings.sessionRenewMs, link.publicKey);
    this.#repeatsUntil = earlier === undefined ? now : now + DEDUPLICATION_MS;
    this.presence = new Presence(now, earlier && presenceOf(earlier, before));
    if (earlier !== undefined) this.#resume(earlier);
  }

  get online(): boolean {
    return this.presence.online;
  }

  /** Monotonic ms of the last authentic message. */
  get lastHeardAt(): number {
    return this.presence.lastHeardAt;
  }

  /** The message id of the next message to the device; undefined before the first one. */
  get nextMessageId(): number | undefined {
    return this.#outgoing?.nextId ?? this.#nextMessageId;
  }

  /** Message ids of the device's events that were stored. */
  get published(): PublishedIds {
    this.#published ??= new PublishedIds();
    return this.#published;
  }

  get outgoing(): Outgoing {
    this.#outgoing ??= new Outgoing({
      send: (message) => this.link.send(message),
      reliable: this.link.reliable,
      firstId: this.#nextMessageId,
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
   * One decrypted CoAP message from the device. Bad input is counted and dropped, or refused as the protocol says.
   *
   * Of a session that outlives the process nothing is acted on before the record's number is stored: otherwise it could be replayed after a restart. An event
   * needs no commit besides its own.
   * @param follow has the device's new address used from now on
   * @returns false when it is no CoAP message
   */
  receive(bytes: Uint8Array, follow?: () => void): boolean {
    if (this.state === 'ended') return true;
    const message = this.#decode(bytes);
    const { kept } = this;
    kept?.note();
    const atOnce = kept === undefined || (this.online && follow === undefined && message && sharesCommit(message));
    if (atOnce) this.#act(message, follow);
    else this.#onceStored(() => this.#act(message, follow));
    return message !== undefined;
  }

  /** Whether an earlier process stored the event of this message, and could not acknowledge it any more. */
  wasPublished(message: CoapMessage, now: number): boolean {
    return now < this.#repeatsUntil && message.type === CoapType.CON && this.published.has(message.id);
  }

  /** True when the message id is new. A repeat is answered as before, or dropped while the first one is still being worked on. */
  admit(message: CoapMessage, now: number): boolean {
    this.#recent ??= new RecentMessages(DEDUPLICATION_MS, RECENT_CAPACITY);
    const verdict = this.#recent.admit(message.id, now);
    if (verdict === 'new') return true;
    this.environment.counters.add('messages_repeated');
    if (verdict !== 'pending') this.#onceStored(() => this.link.send(verdict));
    return false;
  }

  /** Resolves when the session as it is now would be continued after a crash. */
  async stored(): Promise<void> {
    this.kept?.note();
    await this.kept?.settled();
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
    this.presence.expect(attempt.hello.platformId);
    this.environment.admitted(this, attempt.deviceId);
    this.#goOnline();
  }

  /** Silence, Goodbye, or no ACK after all retransmissions. The keys are kept: the device resumes with its next record. */
  goOffline(reason: OfflineReason): void {
    if (!this.online || this.deviceId === undefined) return;
    this.presence.goOffline(reason);
    if (reason !== 'server_stopping') this.stored().catch(() => {});
    this.environment.counters.add('devices_offline', reason);
    this.environment.ports.offline(this.deviceId, this.environment.clock.now(), reason);
  }

  /**
   * The end: of the process, of the association, or because a newer session took over.
   * @param failure why a device that wasn't in yet did not come in
   */
  end(reason: OfflineReason, failure?: RefusalReason | ConnectionFailure): void {
    if (this.state === 'ended') return;
    if (reason !== 'server_stopping' && this.state !== 'live') {
      const stage = this.state === 'greeting' ? 'secured' : 'hello';
      tellOutcome(this, stage, failure ?? (reason === 'replaced' ? 'began_again' : 'closed'));
    }
    if (reason === 'replaced') this.presence.goOffline(reason);
    else this.goOffline(reason);
    this.state = 'ended';
    // A server that stops leaves its sessions to the next process.
    if (reason !== 'server_stopping') this.kept?.remove();
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
    const silence = now - this.presence.lastHeardAt;
    const { greetingTimeoutMs, sessionIdleMs, tcpIdleMs } = this.environment.settings;
    if (this.state !== 'live' && silence > greetingTimeoutMs) {
      this.environment.counters.add('refused', 'no_hello');
      this.end('session_ended', this.state === 'greeting' ? 'no_hello' : 'unavailable');
    } else if (this.link.transport === 'tcp' && silence > tcpIdleMs) {
      // The device pings every 15 s: nobody is there any more, and a stream has nothing to resume.
      this.end('silent');
    } else if (silence > sessionIdleMs) {
      this.environment.counters.add('sessions_expired');
      this.end('session_ended');
    } else if (this.presence.isMissing(now)) {
      this.goOffline('silent');
    } else if (this.online && this.link.transport === 'udp') {
      this.#renewWhenDue(now, silence);
    }
    if (silence > 5000) {
      this.#recent?.expire(now);
      if (this.#recent?.size === 0) this.#recent = undefined;
      this.#transfers?.expire(now);
      this.link.coolDown();
    }
  }

  #decode(bytes: Uint8Array): CoapMessage | undefined {
    try {
      return decodeCoap(bytes);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.environment.counters.add('messages_dropped', error.kind);
      return undefined;
    }
  }

  #act(message: CoapMessage | undefined, follow: (() => void) | undefined): void {
    const now = this.environment.clock.monotonic();
    follow?.();
    this.#heard(now);
    if (message !== undefined) handleMessage(this, message, now);
  }

  /** What the disk doesn't take is left undone: the device tries again. */
  #onceStored(run: () => void): void {
    const { kept } = this;
    if (kept === undefined) return run();
    const { counters, log } = this.environment;
    kept
      .settled()
      .then(
        () => this.state !== 'ended' && run(),
        () => counters.add('messages_dropped', 'not_stored'),
      )
      .catch((error: unknown) => {
        counters.add('faults', 'message');
        log.error({ deviceId: this.deviceId, error: errorMessage(error) }, 'fault while acting on a message');
      });
  }

  /** As if it had been here all the time. */
  #resume({ deviceId, hello, progress }: StoredSession): void {
    this.state = 'live';
    this.deviceId = deviceId;
    this.hello = hello;
    this.subscribed = progress.subscribed;
    if (progress.nextMessageId !== undefined) this.#nextMessageId = (progress.nextMessageId + IDS_SKIPPED) & 0xffff;
    this.#published = new PublishedIds(progress.published);
  }

  /** Keys are not used for ever: PUT /k has the device handshake anew (protocol section 6.9). It counts as online until it does. */
  #renewWhenDue(now: number, silence: number): void {
    if (!this.#renewal.isTime(now, silence, this.#outgoing?.idle ?? true)) return;
    this.environment.counters.add('sessions_renewed');
    this.outgoing
      .notify((id) => encodeDiscardSession({ id }), now, Number.POSITIVE_INFINITY)
      .catch(() => this.#renewal.failed());
  }

  #heard(now: number): void {
    this.presence.heard(now);
    if (this.state !== 'live' || this.online) return;
    this.#goOnline();
    tellOutcome(this, 'resumed');
  }

  #goOnline(): void {
    if (this.deviceId === undefined) return;
    this.presence.goOnline();
    this.kept?.note();
    this.environment.ports.online(this.deviceId, this.environment.clock.now());
  }
}

/** What was stored of the device's presence; `before` turns wall time into monotonic. */
function presenceOf({ hello, progress }: StoredSession, before: (at: number) => number): EarlierPresence {
  const { heardAt, silenceAllowedMs, offline } = progress;
  // What was stored with the first Hello says nothing yet of the silence.
  const allowed = Math.max(silenceAllowedMs, silenceAllowed(hello.platformId));
  return { lastHeardAt: before(heardAt), silenceAllowedMs: allowed, offline };
}
