import { type Entropy, seededEntropy } from '@cloudchamber/kernel';
import { generateP256, type PrivateKeyP256 } from '../../crypto/p256.ts';
import { ClientHandshake } from '../client-handshake.ts';
import { CookieJar } from '../cookie-jar.ts';
import type { HandshakeOutput } from '../handshake-output.ts';
import { answerFirstFlight, isClientHello } from '../hello-verify.ts';
import { openOrDrop, recordsOf } from '../lenient.ts';
import { ContentType, cidOf } from '../record.ts';
import type { RecordSession } from '../record-session.ts';
import { ServerHandshake } from '../server-handshake.ts';

export type Side = 'client' | 'server';

interface Delivery {
  readonly datagram: Uint8Array;
  readonly delayMs: number;
}

/** What becomes of the `index`-th datagram that a side sends: nothing, one delivery, or many. */
export type Network = (from: Side, index: number, datagram: Buffer) => readonly Delivery[];

export interface PairOptions {
  readonly seed?: number;
  readonly offerCid?: boolean;
  readonly network?: Network;
  /** The key that the client takes for the server's. */
  readonly expectedServerSpki?: Uint8Array;
}

type PairEvent = { readonly at: number } & (
  | { readonly kind: 'deliver'; readonly to: Side; readonly datagram: Uint8Array }
  | { readonly kind: 'wake'; readonly side: Side }
);

const LATENCY_MS = 20;

export const serverIdentity: PrivateKeyP256 = generateP256();
export const deviceIdentity: PrivateKeyP256 = generateP256();

/** A network without faults. */
export const faultless: Network = (_from, _index, datagram) => [{ datagram, delayMs: LATENCY_MS }];

/**
 * Our client against our server over a simulated network in virtual time, the server driven as a gateway would: cookie first, a
 * handshake by address, the session by connection id.
 */
export class HandshakePair {
  readonly sent: { readonly from: Side; readonly datagram: Buffer }[] = [];
  readonly failures: { client?: string; server?: string } = {};
  readonly sessions: { client?: RecordSession; server?: RecordSession } = {};
  now = 0;
  readonly #entropy: Entropy;
  readonly #cookies: CookieJar;
  readonly #client: ClientHandshake;
  readonly #network: Network;
  readonly #counts = { client: 0, server: 0 };
  readonly #peer = Uint8Array.of(10, 0, 0, 1, 0x13, 0x88);
  #server: ServerHandshake | undefined;
  #events: PairEvent[] = [];

  constructor(options: PairOptions = {}) {
    this.#entropy = seededEntropy(options.seed ?? 1);
    this.#cookies = new CookieJar(this.#entropy, 60_000);
    this.#network = options.network ?? faultless;
    this.#client = new ClientHandshake(
      {
        identity: deviceIdentity,
        serverSpki: options.expectedServerSpki ?? serverIdentity.spki,
        entropy: this.#entropy,
        offerCid: options.offerCid ?? true,
      },
      0,
    );
  }

  /** Runs until nothing is left to happen. */
  run(): this {
    this.#apply('client', this.#client.start());
    for (let event = this.#next(); event !== undefined; event = this.#next()) {
      this.now = Math.max(this.now, event.at);
      if (event.kind === 'wake') this.#wake(event.side);
      else if (event.to === 'client') this.#apply('client', this.#client.receive(event.datagram, this.now));
      else this.#apply('server', this.#receiveAtServer(event.datagram));
    }
    return this;
  }

  #next(): PairEvent | undefined {
    this.#events.sort((a, b) => a.at - b.at);
    return this.#events.shift();
  }

  #wake(side: Side): void {
    const machine = side === 'client' ? this.#client : this.#server;
    if (machine !== undefined) this.#apply(side, machine.wake(this.now));
  }

  #receiveAtServer(datagram: Uint8Array): HandshakeOutput[] {
    if (isClientHello(datagram)) return this.#receiveHello(datagram);
    if (cidOf(datagram) === undefined || this.sessions.server === undefined) {
      return this.#server?.receive(datagram, this.now) ?? [];
    }
    const session = this.sessions.server;
    return recordsOf(datagram).flatMap((record) => {
      const opened = openOrDrop(session, datagram, record);
      if (opened?.type !== ContentType.HANDSHAKE) return [];
      return this.#server?.repeatFinished(opened.plaintext, this.now) ?? [];
    });
  }

  #receiveHello(datagram: Uint8Array): HandshakeOutput[] {
    const answer = answerFirstFlight(datagram, this.#peer, this.#cookies, this.now);
    if (answer.kind === 'verify') return [{ kind: 'send', datagram: answer.datagram }];
    if (answer.kind === 'drop') return this.#server?.receive(datagram, this.now) ?? [];
    if (this.#server?.isRepeat(answer.hello)) return this.#server.receive(datagram, this.now);
    const cid = this.#entropy.bytes(8);
    this.#server = new ServerHandshake(
      answer.hello,
      { identity: serverIdentity, cid, entropy: this.#entropy },
      this.now,
    );
    return this.#server.start();
  }

  #apply(side: Side, outputs: readonly HandshakeOutput[]): void {
    for (const output of outputs) {
      if (output.kind === 'established') this.sessions[side] = output.session;
      else if (output.kind === 'failed') this.failures[side] = output.reason;
      else if (output.kind === 'wake') this.#reschedule(side, output.at);
      else this.#transmit(side, output.datagram);
    }
  }

  #reschedule(side: Side, at: number): void {
    this.#events = this.#events.filter((event) => event.kind !== 'wake' || event.side !== side);
    this.#events.push({ kind: 'wake', side, at });
  }

  #transmit(from: Side, datagram: Buffer): void {
    this.sent.push({ from, datagram });
    const to = from === 'client' ? 'server' : 'client';
    for (const delivery of this.#network(from, this.#counts[from]++, datagram)) {
      this.#events.push({ kind: 'deliver', to, datagram: delivery.datagram, at: this.now + delivery.delayMs });
    }
  }
}
