import { type Clock, type Entropy, errorMessage, type Logger } from '@cloudchamber/kernel';
import {
  type AcceptedHello,
  answerFirstFlight,
  ContentType,
  CookieJar,
  cidOf,
  type HandshakeFailure,
  type HandshakeOutput,
  isClientHello,
  movedDatagram,
  type PrivateKeyP256,
  parseRecords,
  RecordSession,
  type RecordView,
  ServerHandshake,
  WireError,
} from '@cloudchamber/wire';
import type { ConnectionFailure } from './connection-outcome.ts';
import type { Counters } from './counters.ts';
import type { DatagramSocket } from './datagram-socket.ts';
import { DeviceSession, type SessionEnvironment } from './device-session.ts';
import { dtlsFailure, handshakeOutcome } from './handshake-outcome.ts';
import { HandshakeTable, type PendingHandshake } from './handshake-table.ts';
import { IdentityChoice } from './identity-choice.ts';
import { KeptSession } from './kept-session.ts';
import { peerBytes } from './peer-bytes.ts';
import type { SessionRoute, SessionTable } from './session-table.ts';
import type { StoredSession } from './session-vault.ts';
import type { GatewaySettings } from './settings.ts';
import { UdpLink } from './udp-link.ts';

const CID_BYTES = 8;
const COOKIE_ROTATION_MS = 60_000;

export interface UdpGatewayOptions {
  readonly identity: PrivateKeyP256;
  readonly socket: DatagramSocket;
  readonly sessions: SessionTable;
  readonly environment: SessionEnvironment;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Logger;
  readonly counters: Counters;
  readonly settings: GatewaySettings;
}

/**
 * DTLS over one UDP socket (CON-02, CON-10): hands each datagram to its session or handshake, and makes sessions of finished handshakes.
 * Nothing is kept for a peer until its cookie came back (RFC 6347 section 4.2.1).
 */
export class UdpGateway {
  readonly #options: UdpGatewayOptions;
  readonly #cookies: CookieJar;
  readonly #handshakes: HandshakeTable;
  readonly #identities: IdentityChoice;
  readonly #links = new WeakMap<DeviceSession, SessionRoute>();

  constructor(options: UdpGatewayOptions) {
    this.#options = options;
    this.#cookies = new CookieJar(options.entropy, COOKIE_ROTATION_MS);
    this.#identities = new IdentityChoice(options.identity, options.entropy);
    const { maxHandshakes, maxHandshakesPerAddress } = options.settings;
    this.#handshakes = new HandshakeTable(maxHandshakes, maxHandshakesPerAddress, (handshake) =>
      this.#tell(handshake, 'too_many'),
    );
    options.socket.onDatagram((bytes, address, port) => this.#receive(bytes, address, port));
  }

  get handshakes(): number {
    return this.#handshakes.size;
  }

  /** Signs handshakes with these keys from now on; those under way end as they began. */
  useIdentities(identities: readonly [PrivateKeyP256, ...PrivateKeyP256[]]): void {
    this.#identities.use(identities);
  }

  /** Continues a session of an earlier process (protocol section 1.9). */
  resume(stored: StoredSession): DeviceSession {
    const { sessions, environment, socket } = this.#options;
    const { readTop, readWindow, writeCeiling, address, port } = stored.progress;
    const secrets = { ...stored.keys, readTop, readWindow, writeSequence: writeCeiling };
    const link = new UdpLink(new RecordSession('server', secrets), stored.keys.peerSpki, socket, address, port);
    const session = new DeviceSession(environment, link, stored);
    this.#add(session, link);
    sessions.assign(stored.deviceId, session);
    if (environment.vault) {
      session.kept = new KeptSession(session, link, environment.vault);
      session.kept.adopt(stored);
    }
    return session;
  }

  /** Where that session's datagrams are routed by; undefined when it isn't one of this transport. */
  routeOf(session: DeviceSession): SessionRoute | undefined {
    return this.#links.get(session);
  }

  /** Retransmits and gives up handshakes that are due. */
  tick(now: number): void {
    for (const handshake of this.#handshakes.values()) {
      if (handshake.wakeAt > now) continue;
      handshake.wakeAt = Number.POSITIVE_INFINITY;
      this.#apply(handshake, handshake.machine.wake(now));
    }
  }

  #receive(datagram: Uint8Array, address: string, port: number): void {
    try {
      this.#route(datagram, address, port);
    } catch (error) {
      // One datagram must never take the process down; what gets here is a fault of ours and is logged as one.
      this.#options.counters.add('faults', 'datagram');
      this.#options.log.error({ address, error: errorMessage(error) }, 'fault while taking in a datagram');
    }
  }

  #route(datagram: Uint8Array, address: string, port: number): void {
    // 0- and 1-byte datagrams are keep-alives of old (protocol section 1.1).
    if (datagram.length <= 1) return;
    const cid = cidOf(datagram);
    if (cid !== undefined) {
      const key = cidKey(cid);
      const session = this.#options.sessions.byCid(key);
      if (session) return this.#openRecords(session, datagram, address, port);
      const handshake = this.#handshakes.byCid(key);
      if (handshake) return this.#continue(handshake, datagram);
      return this.#drop('unknown_session');
    }
    if (datagram[0] === ContentType.MOVED_DEVICE_ID) return this.#movedRecord(datagram, address, port);
    const peer = peerKey(address, port);
    // Epoch 0 is in the clear: it can only be part of a handshake.
    if (datagram.length >= 5 && ((datagram[3] as number) | (datagram[4] as number)) !== 0) {
      const session = this.#options.sessions.byPeer(peer);
      if (session) return this.#openRecords(session, datagram, address, port);
    }
    const handshake = this.#handshakes.byPeer(peer);
    if (isClientHello(datagram)) {
      return this.#clientHello(datagram, peer, address, port, handshake);
    }
    if (handshake) return this.#continue(handshake, datagram);
    this.#drop('unknown_peer');
  }

  #clientHello(
    datagram: Uint8Array,
    peer: string,
    address: string,
    port: number,
    before: PendingHandshake | undefined,
  ): void {
    const { clock, socket } = this.#options;
    const answer = answerFirstFlight(datagram, peerBytes(address, port), this.#cookies, clock.monotonic());
    if (answer.kind === 'drop') return this.#refuse(answer.reason);
    if (answer.kind === 'verify') {
      this.#options.counters.add('hellos_to_verify');
      return socket.send(answer.datagram, address, port);
    }
    // The same hello again is a retransmission: the handshake that is under way repeats its flight.
    if (before?.machine.isRepeat(answer.hello)) return this.#continue(before, datagram);
    if (before) this.#tell(before, 'began_again');
    this.#begin(answer.hello, peer, address, port);
  }

  #begin(hello: AcceptedHello, peer: string, address: string, port: number): void {
    const { entropy, clock, sessions, settings } = this.#options;
    const startedAt = clock.monotonic();
    if (sessions.size >= settings.maxSessions || !this.#handshakes.makeRoom(address, startedAt)) {
      return this.#tooMany(address, port);
    }
    const cid = this.#freeCid();
    const identity = this.#identities.offer(address, startedAt);
    const machine = new ServerHandshake(hello, { identity, cid, entropy }, startedAt);
    const place = { peer, address, port, cidKey: cidKey(cid), startedAt };
    const handshake: PendingHandshake = { ...place, machine, identity, wakeAt: Infinity, judged: false, told: false };
    this.#handshakes.add(handshake);
    this.#options.counters.add('handshakes_started');
    this.#apply(handshake, machine.start());
  }

  #continue(handshake: PendingHandshake, datagram: Uint8Array): void {
    const now = this.#options.clock.monotonic();
    this.#apply(handshake, handshake.machine.receive(datagram, now));
    if (!handshake.machine.refused || handshake.judged) return;
    handshake.judged = true;
    this.#identities.refused(handshake.address, handshake.identity, now);
    this.#tell(handshake, 'wrong_server_key');
  }

  #apply(handshake: PendingHandshake, outputs: HandshakeOutput[]): void {
    for (const output of outputs) {
      if (output.kind === 'send') this.#options.socket.send(output.datagram, handshake.address, handshake.port);
      else if (output.kind === 'wake') handshake.wakeAt = output.at;
      else if (output.kind === 'established') this.#establish(handshake, output.session);
      else this.#failed(handshake, output.reason);
    }
    if (handshake.machine.done) this.#handshakes.remove(handshake);
  }

  #failed(handshake: PendingHandshake, reason: HandshakeFailure): void {
    this.#refuse(reason);
    this.#tell(handshake, dtlsFailure(reason));
    if (!handshake.judged && reason === 'timed_out') {
      this.#identities.unanswered(handshake.address, this.#options.clock.monotonic());
    }
    this.#options.log.info({ address: handshake.address, reason }, 'handshake failed');
  }

  #establish(handshake: PendingHandshake, record: RecordSession): void {
    const { sessions, environment, socket, counters } = this.#options;
    counters.add('handshakes_completed');
    handshake.judged = true;
    handshake.told = true;
    this.#identities.accepted(handshake.address, handshake.identity, this.#options.clock.monotonic());
    const { address, port, identity } = handshake;
    const link = new UdpLink(record, record.peerSpki, socket, address, port, identity.spki);
    const session = new DeviceSession(environment, link);
    if (record.cid.length === 0) sessions.byPeer(handshake.peer)?.end('replaced');
    this.#add(session, link);
  }

  #add(session: DeviceSession, { record, address, port }: UdpLink): void {
    const route: SessionRoute =
      record.cid.length > 0 ? { kind: 'cid', key: cidKey(record.cid) } : { kind: 'peer', key: peerKey(address, port) };
    this.#links.set(session, route);
    this.#options.sessions.add(session, route);
  }

  /** A device up to 3.0 has resumed, maybe from another address: it tells its id, and the keys of its session tell whether that is true (protocol section 1.5). */
  #movedRecord(bytes: Uint8Array, address: string, port: number): void {
    const moved = movedDatagram(bytes);
    const session = moved && this.#options.sessions.byDevice(moved.deviceId);
    if (moved === undefined || session === undefined) return this.#drop('unknown_session');
    this.#openRecords(session, moved.datagram, address, port);
  }

  #openRecords(session: DeviceSession, datagram: Uint8Array, address: string, port: number): void {
    let records: RecordView[];
    try {
      records = parseRecords(datagram);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return this.#drop(error.kind);
    }
    for (const record of records) this.#openRecord(session, datagram, record, address, port);
  }

  #openRecord(session: DeviceSession, datagram: Uint8Array, view: RecordView, address: string, port: number): void {
    const link = session.link;
    if (!(link instanceof UdpLink)) return;
    let opened: ReturnType<RecordSession['open']>;
    try {
      opened = link.record.open(datagram, view);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return this.#drop(error.kind);
    }
    const moved = opened.newest && !link.isAt(address, port);
    const follow = moved ? () => this.#follow(session, link, view.sequence, address, port) : undefined;
    if (opened.type === ContentType.APPLICATION_DATA) {
      this.#forgetHandshake(session);
      session.receive(opened.plaintext, follow);
    } else if (opened.type === ContentType.HANDSHAKE) {
      if (session.kept === undefined) follow?.();
      this.#repeatFinished(session, opened.plaintext);
    } else if (opened.type === ContentType.ALERT) {
      // close_notify or a fatal alert: the device has erased its session (protocol section 1.10).
      this.#options.counters.add('sessions_closed_by_device');
      session.end('session_ended');
    }
  }

  /** The device has answered on the new keys: its last flight arrived, so nothing of the handshake is needed any more. */
  #forgetHandshake(session: DeviceSession): void {
    if (session.state !== 'greeting') return;
    const handshake = this.#handshakeOf(this.#links.get(session));
    if (handshake) this.#handshakes.remove(handshake);
  }

  /** The device repeats its Finished because ours got lost. */
  #repeatFinished(session: DeviceSession, plaintext: Uint8Array): void {
    const handshake = this.#handshakeOf(this.#links.get(session));
    if (handshake) this.#apply(handshake, handshake.machine.repeatFinished(plaintext, this.#options.clock.monotonic()));
  }

  #handshakeOf(route: SessionRoute | undefined): PendingHandshake | undefined {
    if (route === undefined) return undefined;
    return route.kind === 'cid' ? this.#handshakes.byCid(route.key) : this.#handshakes.byPeer(route.key);
  }

  /** Sends to where the record came from, unless a newer one has come meanwhile. */
  #follow(session: DeviceSession, link: UdpLink, sequence: number, address: string, port: number): void {
    if (link.record.readTop !== sequence) return;
    link.moveTo(address, port);
    const route = this.#links.get(session);
    if (route?.kind === 'peer') {
      const to: SessionRoute = { kind: 'peer', key: peerKey(address, port) };
      this.#options.sessions.reroute(session, route, to);
      this.#links.set(session, to);
    }
    this.#options.counters.add('address_changes');
    this.#options.log.debug({ deviceId: session.deviceId, address, port }, 'device moved');
  }

  #freeCid(): Uint8Array {
    for (;;) {
      const cid = this.#options.entropy.bytes(CID_BYTES);
      const key = cidKey(cid);
      if (!this.#options.sessions.byCid(key) && !this.#handshakes.byCid(key)) return cid;
    }
  }

  /** Tells the cloud once how a handshake ended that became no session. */
  #tell(handshake: PendingHandshake, reason: ConnectionFailure): void {
    if (handshake.told) return;
    handshake.told = true;
    const { environment, clock } = this.#options;
    environment.ports.connectionEnded(handshakeOutcome(handshake, reason, clock.now()));
  }

  #tooMany(address: string, port: number): void {
    const { environment, clock } = this.#options;
    const facts = { transport: 'udp', stage: 'client_hello', reason: 'too_many', keyProved: false } as const;
    environment.ports.connectionEnded({ ...facts, address, port, at: clock.now() });
    this.#refuse('too_many');
  }

  #drop(reason: string): void {
    this.#options.counters.add('datagrams_dropped', reason);
  }

  #refuse(reason: string): void {
    this.#options.counters.add('refused', reason);
  }
}

function peerKey(address: string, port: number): string {
  return `${address}:${port}`;
}

function cidKey(cid: Uint8Array): string {
  return Buffer.from(cid.buffer, cid.byteOffset, cid.length).toString('latin1');
}
