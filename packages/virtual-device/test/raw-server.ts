import type { Clock, Entropy } from '@cloudchamber/kernel';
import {
  answerFirstFlight,
  type CoapMessage,
  CoapType,
  ContentType,
  CookieJar,
  decodeCoap,
  emptyAck,
  encodeAlert,
  type HandshakeOutput,
  isClientHello,
  type PrivateKeyP256,
  parseRecords,
  type RecordSession,
  ServerHandshake,
} from '@cloudchamber/wire';
import type { DatagramSocket } from '../src/index.ts';

export interface RawServerOptions {
  readonly socket: DatagramSocket;
  readonly identity: PrivateKeyP256;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

/** The server's end in the hands of a test: it does the handshake, shows what arrives, and sends what it is told to. One device at a time. */
export class RawServer {
  /** What arrived, ACKs included. */
  readonly received: CoapMessage[] = [];
  /** When, in monotonic ms. */
  readonly receivedAt: number[] = [];
  readonly recordTypes: number[] = [];
  /** What stood behind records of type 254, in hex. */
  readonly trailers: string[] = [];
  handshakes = 0;
  /** What to answer a CON with at once; nothing when it returns undefined. */
  answer: (message: CoapMessage) => Uint8Array | undefined = (message) => emptyAck(message.id);
  readonly #options: RawServerOptions;
  readonly #cookies: CookieJar;
  #handshake: ServerHandshake | undefined;
  #session: RecordSession | undefined;
  #address = '';
  #port = 0;

  constructor(options: RawServerOptions) {
    this.#options = options;
    this.#cookies = new CookieJar(options.entropy, 60_000);
    options.socket.onDatagram((datagram, address, port) => {
      this.#address = address;
      this.#port = port;
      this.#receive(datagram);
    });
  }

  /** The last message of that code and path letter that arrived. */
  last(code: number, letter?: string): CoapMessage | undefined {
    return this.received.findLast(
      (message) => message.code === code && (letter === undefined || pathOf(message)[0] === letter),
    );
  }

  /** Forgets what arrived so far. */
  clear(): void {
    this.received.length = 0;
    this.receivedAt.length = 0;
    this.recordTypes.length = 0;
    this.trailers.length = 0;
  }

  /** Sends one CoAP message in a record of its own. */
  send(message: Uint8Array): void {
    this.#transmit(this.#open().seal(ContentType.APPLICATION_DATA, message));
  }

  sendAlert(level: number, description: number): void {
    this.#transmit(this.#open().seal(ContentType.ALERT, encodeAlert({ level, description })));
  }

  /** Sends a datagram as it is. */
  sendRaw(datagram: Uint8Array): void {
    this.#transmit(datagram);
  }

  #open(): RecordSession {
    if (this.#session === undefined) throw new Error('no session');
    return this.#session;
  }

  #receive(datagram: Uint8Array): void {
    if (isClientHello(datagram)) return this.#greet(datagram);
    const session = this.#session;
    if (session === undefined) {
      return this.#apply(this.#handshake?.receive(datagram, this.#options.clock.monotonic()) ?? []);
    }
    const plain = this.#withoutDeviceId(datagram);
    for (const record of parseRecords(plain)) {
      const opened = session.open(plain, record);
      this.recordTypes.push(datagram[0] ?? 0);
      if (opened.type === ContentType.APPLICATION_DATA) this.#take(decodeCoap(opened.plaintext));
    }
  }

  /** As it was before the device marked it: type 23, and nothing behind it (protocol section 1.5). */
  #withoutDeviceId(datagram: Uint8Array): Uint8Array {
    if (datagram[0] !== ContentType.MOVED_DEVICE_ID) return datagram;
    this.trailers.push(Buffer.from(datagram.subarray(-13)).toString('hex'));
    const plain = Buffer.from(datagram.subarray(0, -13));
    plain[0] = ContentType.APPLICATION_DATA;
    return plain;
  }

  #take(message: CoapMessage): void {
    this.received.push(message);
    this.receivedAt.push(this.#options.clock.monotonic());
    const answer = message.type === CoapType.CON ? this.answer(message) : undefined;
    if (answer !== undefined) this.send(answer);
  }

  #greet(datagram: Uint8Array): void {
    const { identity, entropy, clock } = this.#options;
    const answer = answerFirstFlight(datagram, new Uint8Array(6), this.#cookies, clock.monotonic());
    if (answer.kind === 'verify') return this.#transmit(answer.datagram);
    if (answer.kind === 'drop') throw new Error(`the ClientHello was dropped: ${answer.reason}`);
    this.#session = undefined;
    this.#handshake = new ServerHandshake(
      answer.hello,
      { identity, entropy, cid: entropy.bytes(8) },
      clock.monotonic(),
    );
    this.#apply(this.#handshake.start());
  }

  #apply(outputs: readonly HandshakeOutput[]): void {
    for (const output of outputs) {
      if (output.kind === 'send') this.#transmit(output.datagram);
      if (output.kind !== 'established') continue;
      this.#session = output.session;
      this.#handshake = undefined;
      this.handshakes += 1;
    }
  }

  #transmit(datagram: Uint8Array): void {
    this.#options.socket.send(datagram, this.#address, this.#port);
  }
}

/** The Uri-Path options of a message as text. */
export function pathOf(message: CoapMessage): string[] {
  return message.options.filter(({ number }) => number === 11).map(({ value }) => Buffer.from(value).toString());
}
