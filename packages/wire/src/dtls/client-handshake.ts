import type { Entropy } from '@cloudchamber/kernel';
import { type EphemeralP256, generateEphemeral } from '../crypto/ephemeral.ts';
import type { PrivateKeyP256 } from '../crypto/p256.ts';
import { generateClientFlight } from './client-key-flight.ts';
import { deviceClientHello } from './device-client-hello.ts';
import { EarlyRecords } from './early-records.ts';
import { FlightExchange } from './flight-exchange.ts';
import { CHANGE_CIPHER_SPEC } from './flight-sender.ts';
import { isFinishedWith } from './handshake/finished.ts';
import { encodeMessage, type HandshakeFragment } from './handshake/fragment.ts';
import { HandshakeType } from './handshake/handshake-type.ts';
import { decodeHelloVerifyRequest } from './handshake/hello-verify-request.ts';
import { RANDOM_LENGTH } from './handshake/parameters.ts';
import { HandshakeInbox, type HandshakeMessage } from './handshake-inbox.ts';
import type { HandshakeFailure, HandshakeOutput, HandshakeTimers } from './handshake-output.ts';
import { keyBlock, masterSecret, verifyData } from './key-schedule.ts';
import { fragmentsOf, isFatal, openOrDrop, orElse, recordsOf } from './lenient.ts';
import { ContentType, type RecordView } from './record.ts';
import { RecordSession } from './record-session.ts';
import { parseServerFlight, type ServerFlight } from './server-hello-flight.ts';
import { Transcript } from './transcript.ts';

export interface ClientHandshakeOptions {
  readonly identity: PrivateKeyP256;
  /** The server's long-term key as stored on the device, 91 bytes. */
  readonly serverSpki: Uint8Array;
  readonly entropy: Entropy;
  /** Device OS offers connection ids from 3.1 on, and then insists on one. */
  readonly offerCid: boolean;
  readonly timers?: HandshakeTimers;
  /** Our half of the key agreement, for vectors; by default a fresh one. */
  readonly ephemeral?: EphemeralP256;
}

/** A device waits 3, 6, 12 and 24 s for each flight (protocol section 1.1). */
export const DEVICE_TIMERS: HandshakeTimers = { initialMs: 3000, maxMs: 24_000, giveUpMs: 45_000 };

/** HelloVerifyRequests answered in one handshake: a second one follows when the cookie has expired. */
const MAX_COOKIES = 3;

/** The order of the server's flight; the request may be missing (protocol section 1.2). */
const SERVER_FLIGHT: readonly number[] = [
  HandshakeType.SERVER_HELLO,
  HandshakeType.SERVER_KEY_EXCHANGE,
  HandshakeType.CERTIFICATE_REQUEST,
  HandshakeType.SERVER_HELLO_DONE,
];

/**
 * A device's side of one full handshake (protocol section 1.2), as Device OS does it: a pure machine, datagrams and time in, outputs
 * out. A fatal alert in the clear ends it, though anybody could have written it: that is how a device behaves.
 */
export class ClientHandshake {
  readonly #options: ClientHandshakeOptions;
  readonly #random: Uint8Array;
  readonly #ephemeral: EphemeralP256;
  readonly #exchange: FlightExchange;
  readonly #inbox = new HandshakeInbox(0);
  readonly #transcript = new Transcript();
  readonly #early = new EarlyRecords();
  readonly #startedAt: number;
  #flight: HandshakeMessage[] = [];
  #state: 'hello' | 'finished' | 'over' = 'hello';
  #cookies = 0;
  #master: Uint8Array = new Uint8Array(0);
  #session: RecordSession | undefined;
  #cipherChanged = false;

  constructor(options: ClientHandshakeOptions, now: number) {
    this.#options = options;
    this.#startedAt = now;
    this.#random = options.entropy.bytes(RANDOM_LENGTH);
    this.#ephemeral = options.ephemeral ?? generateEphemeral();
    this.#exchange = new FlightExchange(0, options.timers ?? DEVICE_TIMERS);
  }

  /** Whether it has ended, either way. */
  get done(): boolean {
    return this.#state === 'over';
  }

  /** The first ClientHello. Call once, before anything else. */
  start(): HandshakeOutput[] {
    this.#sendHello(new Uint8Array(0), this.#startedAt);
    return this.#flush();
  }

  /** Takes a datagram from the server, whatever is in it; never throws. Records that make no sense change nothing. */
  receive(datagram: Uint8Array, now: number): HandshakeOutput[] {
    if (this.#state === 'over') return [];
    for (const record of recordsOf(datagram)) this.#route(datagram, record, now);
    this.#advance(now);
    return this.#flush();
  }

  /** Call at the time that the last `wake` output named; earlier does no harm. */
  wake(now: number): HandshakeOutput[] {
    if (this.#state !== 'over' && this.#exchange.wake(now)) this.#fail('timed_out');
    return this.#flush();
  }

  #sendHello(cookie: Uint8Array, now: number): void {
    const body = deviceClientHello(this.#random, cookie, this.#options.offerCid);
    const plaintext = encodeMessage(HandshakeType.CLIENT_HELLO, this.#cookies, body);
    // The hellos before the one that is answered stay out of the transcript (RFC 6347 section 4.2.1).
    this.#transcript.clear();
    this.#transcript.add(plaintext);
    this.#exchange.send([{ type: ContentType.HANDSHAKE, plaintext }], now);
  }

  #route(datagram: Uint8Array, record: RecordView, now: number): void {
    if (this.#state === 'over') return;
    if (record.epoch === 1) this.#early.keep(datagram, record);
    if (record.epoch !== 0) return;
    const plaintext = datagram.subarray(record.fragmentStart, record.end);
    if (record.type === ContentType.HANDSHAKE) {
      for (const fragment of fragmentsOf(plaintext)) this.#acceptClear(fragment, now);
    } else if (record.type === ContentType.CHANGE_CIPHER_SPEC) {
      this.#cipherChanged ||= plaintext.length === 1 && plaintext[0] === 1;
    } else if (record.type === ContentType.ALERT && isFatal(plaintext)) {
      this.#fail('refused_by_peer');
    }
  }

  #acceptClear(fragment: HandshakeFragment, now: number): void {
    if (this.#state === 'hello') this.#inbox.accept(fragment);
    // The end of the server's flight once more: it did not get ours.
    else if (fragment.type === HandshakeType.SERVER_HELLO_DONE) this.#exchange.repeat(now);
  }

  #advance(now: number): void {
    while (this.#state !== 'over') {
      const session = this.#session;
      if (session !== undefined && this.#cipherChanged) {
        for (const { datagram, record } of this.#early.take()) this.#openEarly(session, datagram, record);
      }
      const message = this.#inbox.take();
      if (message === undefined) return;
      const failure = this.#state === 'hello' ? this.#takeClear(message, now) : this.#takeFinished(message);
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

  #takeClear(message: HandshakeMessage, now: number): HandshakeFailure | undefined {
    if (
      message.type === HandshakeType.HELLO_VERIFY_REQUEST &&
      this.#flight.length === 0 &&
      this.#cookies < MAX_COOKIES
    ) {
      const cookie = orElse(() => decodeHelloVerifyRequest(message.body), undefined);
      if (cookie === undefined) return 'malformed_message';
      this.#cookies++;
      this.#sendHello(cookie, now);
      return undefined;
    }
    if (!this.#mayFollow(message.type)) return 'unexpected_message';
    this.#flight.push(message);
    this.#transcript.add(message.bytes);
    return message.type === HandshakeType.SERVER_HELLO_DONE ? this.#answerFlight(now) : undefined;
  }

  /** The next in order, or the one after it when that is only the request. */
  #mayFollow(type: number): boolean {
    const last = this.#flight.at(-1)?.type;
    const at = last === undefined ? 0 : SERVER_FLIGHT.indexOf(last) + 1;
    return (
      type === SERVER_FLIGHT[at] ||
      (SERVER_FLIGHT[at] === HandshakeType.CERTIFICATE_REQUEST && type === SERVER_FLIGHT[at + 1])
    );
  }

  #answerFlight(now: number): HandshakeFailure | undefined {
    const { serverSpki, offerCid } = this.#options;
    const expected = { clientRandom: this.#random, serverSpki, offeredCid: offerCid };
    const server = orElse(() => parseServerFlight(this.#flight, expected), 'malformed_message');
    if (typeof server === 'string') return server;
    const preMaster = orElse(() => this.#ephemeral.agree(server.point), undefined);
    if (preMaster === undefined) return 'bad_key_share';
    this.#master = masterSecret(preMaster, this.#random, server.random);
    this.#session = this.#newSession(server);
    this.#flight = [];
    this.#state = 'finished';
    this.#sendKeys(this.#session, server, now);
    return undefined;
  }

  #newSession({ random, cid }: ServerFlight): RecordSession {
    return new RecordSession('client', {
      ...keyBlock(this.#master, this.#random, random),
      cid,
      peerSpki: this.#options.serverSpki,
      readTop: -1,
      readWindow: [0, 0],
      writeSequence: 0,
    });
  }

  #sendKeys(session: RecordSession, { wantsCertificate }: ServerFlight, now: number): void {
    const messages = generateClientFlight({
      identity: this.#options.identity,
      point: this.#ephemeral.point,
      wantsCertificate,
      firstSeq: this.#cookies + 1,
      transcript: this.#transcript,
    });
    const verify = verifyData(this.#master, 'client', this.#transcript.bytes());
    const finished = encodeMessage(HandshakeType.FINISHED, this.#cookies + 1 + messages.length, verify);
    this.#transcript.add(finished);
    const clear = messages.map((plaintext) => ({ type: ContentType.HANDSHAKE, plaintext }));
    const sealed = { type: ContentType.HANDSHAKE, plaintext: finished, session };
    this.#exchange.send([...clear, CHANGE_CIPHER_SPEC, sealed], now);
  }

  #takeFinished({ type, body }: HandshakeMessage): HandshakeFailure | undefined {
    if (type !== HandshakeType.FINISHED) return 'unexpected_message';
    const session = this.#session;
    const expected = verifyData(this.#master, 'server', this.#transcript.bytes());
    if (session === undefined || !isFinishedWith(body, expected)) return 'bad_finished';
    this.#exchange.established(session);
    this.#end();
    return undefined;
  }

  #fail(reason: HandshakeFailure): void {
    if (this.#state === 'over') return;
    this.#exchange.fail(reason);
    this.#end();
  }

  #end(): void {
    this.#state = 'over';
    this.#session = undefined;
    this.#flight = [];
    this.#transcript.clear();
    this.#master.fill(0);
  }

  #flush(): HandshakeOutput[] {
    return this.#exchange.flush(this.#state !== 'over');
  }
}
