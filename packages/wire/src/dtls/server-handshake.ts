import type { Entropy } from '@cloudchamber/kernel';
import { type EphemeralP256, generateEphemeral } from '../crypto/ephemeral.ts';
import type { PrivateKeyP256 } from '../crypto/p256.ts';
import { PublicKeyCache } from '../crypto/public-key-cache.ts';
import { WireError } from '../wire-error.ts';
import { parseClientFlight } from './client-key-flight.ts';
import { EarlyRecords } from './early-records.ts';
import { FlightExchange } from './flight-exchange.ts';
import { CHANGE_CIPHER_SPEC } from './flight-sender.ts';
import { decodeCertificate } from './handshake/certificate.ts';
import { isFinishedWith } from './handshake/finished.ts';
import { encodeMessage, HANDSHAKE_HEADER_LENGTH, type HandshakeFragment } from './handshake/fragment.ts';
import { HandshakeType } from './handshake/handshake-type.ts';
import { HandshakeInbox, type HandshakeMessage } from './handshake-inbox.ts';
import type { HandshakeFailure, HandshakeOutput, HandshakeTimers } from './handshake-output.ts';
import type { AcceptedHello } from './hello-verify.ts';
import { keyBlock, masterSecret, verifyData } from './key-schedule.ts';
import { fragmentsOf, isFatal, openOrDrop, orElse, recordsOf } from './lenient.ts';
import { CID_LENGTH, ContentType, type RecordView } from './record.ts';
import { RecordSession } from './record-session.ts';
import { generateServerFlight } from './server-hello-flight.ts';
import { Transcript } from './transcript.ts';

export interface ServerHandshakeOptions {
  readonly identity: PrivateKeyP256;
  /** 8 bytes, unique among the driver's sessions. */
  readonly cid: Uint8Array;
  readonly entropy: Entropy;
  readonly timers?: HandshakeTimers;
  /** Devices' keys already parsed; by default one cache of 1,024 for all handshakes. */
  readonly peerKeys?: PublicKeyCache;
  /** Our half of the key agreement, for vectors; by default a fresh one. */
  readonly ephemeral?: EphemeralP256;
  /** What writes our first flight, for vectors of other servers. */
  readonly generateFlight?: typeof generateServerFlight;
}

/** Sends at 0, 2, 6, 14 and 30 s: a device repeats its own flight after 3 s, and cellular data is paid for. */
export const SERVER_TIMERS: HandshakeTimers = { initialMs: 2000, maxMs: 16_000, giveUpMs: 45_000 };

/** The client's messages in order, by their distance from the ClientHello (protocol section 1.2). */
const EXPECTED = [
  HandshakeType.CLIENT_HELLO,
  HandshakeType.CERTIFICATE,
  HandshakeType.CLIENT_KEY_EXCHANGE,
  HandshakeType.CERTIFICATE_VERIFY,
  HandshakeType.FINISHED,
] as const;
const FINISHED_DISTANCE = EXPECTED.length - 1;

/** How far a client has come: it has said hello, it has begun to send its key, it has proved that it owns it. */
export type HandshakeProgress = 'client_hello' | 'key_exchange' | 'key_proved';

const sharedPeerKeys = new PublicKeyCache(1024);

/**
 * The server's side of one full handshake after the cookie (protocol section 1.2), a pure machine: datagrams and time in, outputs
 * out. It asks for the client's raw public key and is 'established' only once that key has signed the transcript and the Finished fits.
 *
 * Afterwards it lives on for a while, to answer a client that did not get the last flight. The driver may forget it when `done`,
 * or as soon as application data has come.
 */
export class ServerHandshake {
  readonly #hello: AcceptedHello;
  readonly #options: ServerHandshakeOptions;
  readonly #exchange: FlightExchange;
  readonly #inbox: HandshakeInbox;
  readonly #transcript = new Transcript();
  readonly #early = new EarlyRecords();
  /** Dropped when it has served: it is the largest thing here, and a finished handshake waits for a repeat of the last flight. */
  #ephemeral: EphemeralP256 | undefined;
  readonly #bodies: Uint8Array[] = [];
  readonly #startedAt: number;
  #random: Uint8Array = new Uint8Array(0);
  #master: Uint8Array = new Uint8Array(0);
  #session: RecordSession | undefined;
  #state: 'waiting' | 'established' | 'over' = 'waiting';
  #cipherChanged = false;
  #refused = false;
  #progress: HandshakeProgress = 'client_hello';
  #shownKey: Uint8Array | undefined;

  /** @throws WireError `malformed` when the connection id is not 8 bytes */
  constructor(hello: AcceptedHello, options: ServerHandshakeOptions, now: number) {
    if (options.cid.length !== CID_LENGTH)
      throw new WireError('malformed', 'not 8 bytes of CID', 'protocol section 1.3');
    this.#hello = hello;
    this.#options = options;
    this.#startedAt = now;
    this.#exchange = new FlightExchange(hello.recordSequence, options.timers ?? SERVER_TIMERS);
    this.#inbox = new HandshakeInbox(hello.messageSeq + 1);
    this.#ephemeral = options.ephemeral ?? generateEphemeral();
  }

  /** The connection id that the client's records will carry: the one offered, or none when the client does not know them. */
  get cid(): Uint8Array {
    return this.#hello.offer.connectionId ? this.#options.cid : new Uint8Array(0);
  }

  /** Whether it may be forgotten: it has failed, or its time to repeat the last flight is over. */
  get done(): boolean {
    return this.#state === 'over';
  }

  /**
   * Whether the client has answered our first flight with a fatal alert, as a device does that holds another server key (protocol section 15). In the clear, so anybody
   * could have written it.
   */
  get refused(): boolean {
    return this.#refused;
  }

  /** How far the client has come; stays when the handshake has failed. */
  get progress(): HandshakeProgress {
    return this.#progress;
  }

  /** The SPKI that the client has shown, whether or not it owns it; undefined before that, and once a session is established, which has it. */
  get shownKey(): Uint8Array | undefined {
    return this.#shownKey;
  }

  /** Whether `hello` began this handshake; another one from the same address begins a new one. */
  isRepeat(hello: AcceptedHello): boolean {
    return Buffer.compare(this.#hello.message, hello.message) === 0;
  }

  /** The server's first flight. Call once, before anything else. */
  start(): HandshakeOutput[] {
    if (this.#ephemeral === undefined) return [];
    const generate = this.#options.generateFlight ?? generateServerFlight;
    const { messages, random } = generate({
      ...this.#options,
      ephemeral: this.#ephemeral,
      clientRandom: this.#hello.random,
      offer: this.#hello.offer,
    });
    this.#random = random;
    this.#transcript.add(this.#hello.message);
    const flight = messages.map(({ type, body }, index) => {
      const plaintext = encodeMessage(type, this.#hello.messageSeq + index, body);
      this.#transcript.add(plaintext);
      return { type: ContentType.HANDSHAKE, plaintext };
    });
    this.#exchange.send(flight, this.#startedAt);
    return this.#flush();
  }

  /**
   * Takes a datagram from the peer, whatever is in it; never throws. Records that make no sense change nothing. Once established,
   * datagrams that begin with a record in the clear still belong here, all others to the session.
   */
  receive(datagram: Uint8Array, now: number): HandshakeOutput[] {
    const records = recordsOf(datagram);
    if (this.#state === 'waiting') {
      for (const record of records) this.#route(datagram, record, now);
      this.#advance(now);
    } else if (this.#state === 'established' && records[0]?.epoch === 0) {
      for (const record of records) if (record.epoch === 1) this.#answerRepeat(datagram, record, now);
    }
    return this.#flush();
  }

  /**
   * For a driver whose session has opened a handshake record (type 22) after 'established': the client repeats its Finished
   * because it did not get ours.
   */
  repeatFinished(plaintext: Uint8Array, now: number): HandshakeOutput[] {
    if (this.#state === 'established') this.#answerFinished(plaintext, now);
    return this.#flush();
  }

  /** Call at the time that the last `wake` output named; earlier does no harm. */
  wake(now: number): HandshakeOutput[] {
    if (this.#state === 'waiting' && this.#exchange.wake(now))
      this.#fail(this.#refused ? 'refused_by_peer' : 'timed_out');
    else if (this.#state === 'established' && this.#exchange.wake(now)) this.#state = 'over';
    return this.#flush();
  }

  #route(datagram: Uint8Array, record: RecordView, now: number): void {
    if (record.epoch === 1) this.#early.keep(datagram, record);
    if (record.epoch !== 0) return;
    const plaintext = datagram.subarray(record.fragmentStart, record.end);
    if (record.type === ContentType.HANDSHAKE) {
      for (const fragment of fragmentsOf(plaintext)) this.#acceptClear(fragment, now);
    } else if (record.type === ContentType.CHANGE_CIPHER_SPEC) {
      this.#cipherChanged ||= plaintext.length === 1 && plaintext[0] === 1;
    } else if (record.type === ContentType.ALERT && isFatal(plaintext)) {
      // Anybody could have written it (RFC 6347 section 4.1.2.7), so it only ends the repetition; the right messages still count.
      this.#refused = true;
      this.#exchange.quiet();
    }
  }

  /** Only the messages before Finished may come in the clear. */
  #acceptClear(fragment: HandshakeFragment, now: number): void {
    const distance = fragment.messageSeq - this.#hello.messageSeq;
    if (distance === 0 && this.#isOurHello(fragment)) this.#exchange.repeat(now);
    else if (distance < FINISHED_DISTANCE) this.#inbox.accept(fragment);
  }

  #isOurHello(fragment: HandshakeFragment): boolean {
    return Buffer.compare(this.#hello.message.subarray(HANDSHAKE_HEADER_LENGTH), fragment.body) === 0;
  }

  #advance(now: number): void {
    while (this.#state === 'waiting') {
      const session = this.#session;
      if (session !== undefined && this.#cipherChanged) {
        for (const { datagram, record } of this.#early.take()) this.#openEarly(session, datagram, record);
      }
      const message = this.#inbox.take();
      if (message === undefined) return;
      const failure = this.#take(message, now);
      if (failure !== undefined) this.#fail(failure);
    }
  }

  #openEarly(session: RecordSession, datagram: Uint8Array, record: RecordView): void {
    const opened = openOrDrop(session, datagram, record);
    if (opened?.type === ContentType.HANDSHAKE) {
      for (const fragment of fragmentsOf(opened.plaintext)) this.#inbox.accept(fragment);
    } else if (opened?.type === ContentType.ALERT && isFatal(opened.plaintext)) {
      this.#fail('refused_by_peer');
    }
  }

  #isFinished(fragment: HandshakeFragment): boolean {
    return (
      fragment.messageSeq === this.#hello.messageSeq + FINISHED_DISTANCE && fragment.type === HandshakeType.FINISHED
    );
  }

  #take(message: HandshakeMessage, now: number): HandshakeFailure | undefined {
    const distance = message.messageSeq - this.#hello.messageSeq;
    if (message.type !== EXPECTED[distance]) return 'unexpected_message';
    if (message.type === HandshakeType.FINISHED) return this.#checkFinished(message, now);
    if (message.type === HandshakeType.CERTIFICATE) this.#noteKey(message.body);
    const failure = message.type === HandshakeType.CERTIFICATE_VERIFY ? this.#checkProof(message.body) : undefined;
    this.#transcript.add(message.bytes);
    this.#bodies.push(message.body);
    return failure;
  }

  /** A copy: the message is part of a datagram that would be held along. */
  #noteKey(certificate: Uint8Array): void {
    this.#progress = 'key_exchange';
    this.#shownKey = orElse<Uint8Array | undefined>(() => Buffer.from(decodeCertificate(certificate)), undefined);
  }

  #checkProof(verify: Uint8Array): HandshakeFailure | undefined {
    const [certificate, keyExchange] = this.#bodies;
    if (certificate === undefined || keyExchange === undefined) return 'unexpected_message';
    const keys = this.#options.peerKeys ?? sharedPeerKeys;
    const flight = parseClientFlight({ certificate, keyExchange, verify }, this.#transcript.bytes(), keys);
    if (typeof flight === 'string') return flight;
    const preMaster = orElse(() => this.#ephemeral?.agree(flight.point), undefined);
    if (preMaster === undefined) return 'bad_key_share';
    this.#progress = 'key_proved';
    this.#master = masterSecret(preMaster, this.#hello.random, this.#random);
    this.#session = new RecordSession('server', {
      ...keyBlock(this.#master, this.#hello.random, this.#random),
      cid: this.cid,
      peerSpki: flight.spki,
      readTop: -1,
      readWindow: [0, 0],
      writeSequence: 0,
    });
    return undefined;
  }

  #checkFinished({ body, bytes, messageSeq }: HandshakeMessage, now: number): HandshakeFailure | undefined {
    const session = this.#session;
    const expected = verifyData(this.#master, 'client', this.#transcript.bytes());
    if (session === undefined || !isFinishedWith(body, expected)) return 'bad_finished';
    this.#transcript.add(bytes);
    const ours = verifyData(this.#master, 'server', this.#transcript.bytes());
    const plaintext = encodeMessage(HandshakeType.FINISHED, messageSeq, ours);
    this.#state = 'established';
    this.#shownKey = undefined;
    this.#exchange.send([CHANGE_CIPHER_SPEC, { type: ContentType.HANDSHAKE, plaintext, session }], now);
    this.#exchange.quiet();
    this.#exchange.established(session);
    this.#forget();
    return undefined;
  }

  #answerRepeat(datagram: Uint8Array, record: RecordView, now: number): void {
    const opened = this.#session && openOrDrop(this.#session, datagram, record);
    if (opened?.type === ContentType.HANDSHAKE) this.#answerFinished(opened.plaintext, now);
  }

  #answerFinished(plaintext: Uint8Array, now: number): void {
    if (!fragmentsOf(plaintext).some((fragment) => this.#isFinished(fragment))) return;
    this.#exchange.repeat(now);
    this.#exchange.quiet();
  }

  #fail(reason: HandshakeFailure): void {
    if (this.#state !== 'waiting') return;
    this.#state = 'over';
    this.#session = undefined;
    this.#exchange.fail(reason);
    this.#forget();
  }

  #forget(): void {
    this.#transcript.clear();
    this.#bodies.length = 0;
    this.#ephemeral = undefined;
    this.#master.fill(0);
  }

  #flush(): HandshakeOutput[] {
    return this.#exchange.flush(this.#state !== 'over');
  }
}
