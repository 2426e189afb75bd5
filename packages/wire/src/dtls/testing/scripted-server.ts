import { seededEntropy } from '@cloudchamber/kernel';
import { generateEphemeral } from '../../crypto/ephemeral.ts';
import { generateP256, type PrivateKeyP256 } from '../../crypto/p256.ts';
import { ClientHandshake } from '../client-handshake.ts';
import { decodeClientHello } from '../handshake/client-hello.ts';
import { decodeClientKeyExchange } from '../handshake/client-key-exchange.ts';
import { decodeFragments, encodeMessage, type HandshakeFragment } from '../handshake/fragment.ts';
import { HandshakeType } from '../handshake/handshake-type.ts';
import { encodeHelloVerifyRequest } from '../handshake/hello-verify-request.ts';
import type { HandshakeOutput } from '../handshake-output.ts';
import { keyBlock, masterSecret, verifyData } from '../key-schedule.ts';
import { ContentType, parseRecords } from '../record.ts';
import { RecordSession } from '../record-session.ts';
import { generateServerFlight, type OutgoingMessage } from '../server-hello-flight.ts';
import { clearRecord } from './refragment.ts';

const serverIdentity = generateP256();

/** A server that says what a test tells it to, against our client. */
export class ScriptedServer {
  readonly client: ClientHandshake;
  readonly outputs: HandshakeOutput[] = [];
  readonly #entropy = seededEntropy(9);
  readonly #ephemeral = generateEphemeral();
  readonly #cid: Uint8Array;
  #transcript: Buffer = Buffer.alloc(0);
  #clientRandom: Uint8Array = new Uint8Array(0);
  #random: Uint8Array = new Uint8Array(0);
  #messageSeq = 0;

  constructor(identity: PrivateKeyP256, options: { cid?: Uint8Array; offerCid?: boolean } = {}) {
    this.#cid = options.cid ?? this.#entropy.bytes(8);
    const offerCid = options.offerCid ?? true;
    this.client = new ClientHandshake(
      { identity, serverSpki: serverIdentity.spki, entropy: this.#entropy, offerCid },
      0,
    );
    this.#collect(this.client.start());
  }

  get failure(): string | undefined {
    const output = this.outputs.find((candidate) => candidate.kind === 'failed');
    return output?.kind === 'failed' ? output.reason : undefined;
  }

  get established(): RecordSession | undefined {
    const output = this.outputs.find((candidate) => candidate.kind === 'established');
    return output?.kind === 'established' ? output.session : undefined;
  }

  /** All datagrams of the client so far. */
  get received(): readonly Buffer[] {
    return this.outputs.flatMap((output) => (output.kind === 'send' ? [output.datagram] : []));
  }

  /** The handshake messages in the clear of the client's last datagram. */
  get lastMessages(): readonly HandshakeFragment[] {
    return fragmentsIn(this.received.at(-1) ?? Buffer.alloc(0));
  }

  sendClear(type: number, plaintext: Uint8Array): void {
    this.#collect(this.client.receive(clearRecord(type, 0, plaintext), 1));
  }

  /** Messages under running numbers, in one datagram. */
  sendMessages(messages: readonly OutgoingMessage[]): void {
    const encoded = messages.map(({ type, body }) => encodeMessage(type, this.#messageSeq++, body));
    this.#transcript = Buffer.concat([this.#transcript, ...encoded]);
    const records = encoded.map((plaintext) => clearRecord(ContentType.HANDSHAKE, 0, plaintext));
    this.#collect(this.client.receive(Buffer.concat(records), 1));
  }

  requestCookie(cookie: Uint8Array): void {
    this.sendMessages([{ type: HandshakeType.HELLO_VERIFY_REQUEST, body: encodeHelloVerifyRequest(cookie) }]);
  }

  /** The messages of a proper flight in answer to the client's last hello. */
  properFlight(): readonly OutgoingMessage[] {
    const [hello] = this.lastMessages;
    if (hello === undefined) throw new Error('no hello');
    this.#clientRandom = decodeClientHello(hello.body).random;
    this.#transcript = encodeMessage(hello.type, hello.messageSeq, hello.body);
    const { messages, random } = generateServerFlight({
      identity: serverIdentity,
      ephemeral: this.#ephemeral,
      entropy: this.#entropy,
      clientRandom: this.#clientRandom,
      offer: { connectionId: this.#cid.length > 0, pointFormats: true, renegotiationInfo: true },
      cid: this.#cid,
    });
    this.#random = random;
    return messages;
  }

  /** The server's side after the client's flight, and the datagrams that end the handshake. */
  ending(): { session: RecordSession; finished: Buffer; changeCipher: Buffer } {
    const flight = this.received.at(-1) ?? Buffer.alloc(0);
    const clear = fragmentsIn(flight);
    const exchange = clear.find(({ type }) => type === HandshakeType.CLIENT_KEY_EXCHANGE);
    if (exchange === undefined) throw new Error('no key exchange');
    const preMaster = this.#ephemeral.agree(decodeClientKeyExchange(exchange.body));
    const master = masterSecret(preMaster, this.#clientRandom, this.#random);
    const session = new RecordSession('server', {
      ...keyBlock(master, this.#clientRandom, this.#random),
      cid: this.#cid,
      peerSpki: serverIdentity.spki,
      readTop: -1,
      readWindow: [0, 0],
      writeSequence: 0,
    });
    const sealed = parseRecords(flight).at(-1);
    if (sealed === undefined) throw new Error('no Finished');
    const clientFinished = session.open(flight, sealed).plaintext;
    const messages = clear.map(({ type, messageSeq, body }) => encodeMessage(type, messageSeq, body));
    const transcript = Buffer.concat([this.#transcript, ...messages, clientFinished]);
    const finished = encodeMessage(HandshakeType.FINISHED, this.#messageSeq, verifyData(master, 'server', transcript));
    return { session, finished, changeCipher: clearRecord(ContentType.CHANGE_CIPHER_SPEC, 9, Uint8Array.of(1)) };
  }

  send(datagram: Uint8Array): void {
    this.#collect(this.client.receive(datagram, 2));
  }

  #collect(outputs: readonly HandshakeOutput[]): void {
    this.outputs.push(...outputs);
  }
}

function fragmentsIn(datagram: Buffer): HandshakeFragment[] {
  const clear = parseRecords(datagram).filter(({ epoch, type }) => epoch === 0 && type === ContentType.HANDSHAKE);
  return clear.flatMap(({ fragmentStart, end }) => decodeFragments(datagram.subarray(fragmentStart, end)));
}
