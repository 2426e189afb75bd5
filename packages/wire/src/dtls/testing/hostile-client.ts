import { seededEntropy } from '@cloudchamber/kernel';
import { generateEphemeral } from '../../crypto/ephemeral.ts';
import { generateP256, type PrivateKeyP256 } from '../../crypto/p256.ts';
import { deviceClientHello } from '../device-client-hello.ts';
import { encodeCertificate } from '../handshake/certificate.ts';
import { encodeCertificateVerify } from '../handshake/certificate-verify.ts';
import { encodeClientKeyExchange } from '../handshake/client-key-exchange.ts';
import { decodeFragments, encodeMessage } from '../handshake/fragment.ts';
import { HandshakeType } from '../handshake/handshake-type.ts';
import { decodeServerHello } from '../handshake/server-hello.ts';
import { decodeServerKeyExchange } from '../handshake/server-key-exchange.ts';
import type { HandshakeOutput } from '../handshake-output.ts';
import { readClientHello } from '../hello-verify.ts';
import { keyBlock, masterSecret, verifyData } from '../key-schedule.ts';
import { ContentType, parseRecords } from '../record.ts';
import { RecordSession } from '../record-session.ts';
import { ServerHandshake } from '../server-handshake.ts';
import { clearRecord } from './refragment.ts';

/** What a client can send after the server's flight, as one record each. */
export type Step = 'certificate' | 'keyExchange' | 'verify' | 'changeCipher' | 'finished';

export const STEPS: readonly Step[] = ['certificate', 'keyExchange', 'verify', 'changeCipher', 'finished'];

export interface HostileOptions {
  /** The key in the Certificate. */
  readonly claims: Uint8Array;
  /** The key that signs; its owner may be another. */
  readonly signer: PrivateKeyP256;
}

const MESSAGE_TYPES: Readonly<Record<Exclude<Step, 'changeCipher'>, number>> = {
  certificate: HandshakeType.CERTIFICATE,
  keyExchange: HandshakeType.CLIENT_KEY_EXCHANGE,
  verify: HandshakeType.CERTIFICATE_VERIFY,
  finished: HandshakeType.FINISHED,
};

const ORDER = ['certificate', 'keyExchange', 'verify', 'finished'] as const;
const HELLO_SEQ = 1;
const identity = generateP256();

/** A client that has all the keys it is given and no manners: it can send any message in any order, under any number. */
export class HostileClient {
  readonly server: ServerHandshake;
  readonly #options: HostileOptions;
  readonly #ephemeral = generateEphemeral();
  readonly #beginning: Buffer;
  readonly #master: Buffer;
  readonly #session: RecordSession;
  readonly #proper = new Map<Step, Buffer>();
  #sequence = 2;
  #outputs: HandshakeOutput[] = [];

  constructor(options: HostileOptions) {
    this.#options = options;
    const entropy = seededEntropy(5);
    const random = entropy.bytes(32);
    const body = deviceClientHello(random, entropy.bytes(32), true);
    const message = encodeMessage(HandshakeType.CLIENT_HELLO, HELLO_SEQ, body);
    const hello = readClientHello(clearRecord(ContentType.HANDSHAKE, 1, message));
    if (typeof hello === 'string') throw new Error(hello);
    const cid = entropy.bytes(8);
    this.server = new ServerHandshake(hello, { identity, cid, entropy }, 0);
    const flight = clearMessages(this.server.start());
    this.#beginning = Buffer.concat([message, ...flight.map(({ bytes }) => bytes)]);
    const bodyOf = (type: number): Uint8Array => flight.find((one) => one.type === type)?.body ?? new Uint8Array(0);
    const serverRandom = decodeServerHello(bodyOf(HandshakeType.SERVER_HELLO)).random;
    const { point } = decodeServerKeyExchange(bodyOf(HandshakeType.SERVER_KEY_EXCHANGE));
    this.#master = masterSecret(this.#ephemeral.agree(point), random, serverRandom);
    this.#session = new RecordSession('client', {
      ...keyBlock(this.#master, random, serverRandom),
      cid,
      peerSpki: identity.spki,
      readTop: -1,
      readWindow: [0, 0],
      writeSequence: 0,
    });
  }

  get established(): RecordSession | undefined {
    const output = this.#outputs.find((candidate) => candidate.kind === 'established');
    return output?.kind === 'established' ? output.session : undefined;
  }

  get failure(): string | undefined {
    const output = this.#outputs.find((candidate) => candidate.kind === 'failed');
    return output?.kind === 'failed' ? output.reason : undefined;
  }

  /** Every output so far. */
  get outputs(): readonly HandshakeOutput[] {
    return this.#outputs;
  }

  send(datagram: Uint8Array): void {
    this.#outputs.push(...this.server.receive(datagram, 1));
  }

  sendClear(type: number, plaintext: Uint8Array): void {
    this.send(clearRecord(type, this.#sequence++, plaintext));
  }

  sendSealed(type: number, plaintext: Uint8Array): void {
    this.send(this.#session.seal(type, plaintext));
  }

  /** The steps in this order, each message with the number it has in a proper flight: a network that drops and reorders. */
  sendAsNumbered(steps: readonly Step[]): void {
    for (const step of steps) {
      if (step === 'changeCipher') this.sendClear(ContentType.CHANGE_CIPHER_SPEC, Uint8Array.of(1));
      else this.#sendMessage(step, this.properMessage(step));
    }
  }

  /** The steps in this order with running numbers, signed and hashed over what was really sent: a client that lies consistently. */
  sendRenumbered(steps: readonly Step[]): void {
    let transcript = this.#beginning;
    let messageSeq = HELLO_SEQ + 1;
    for (const step of steps) {
      if (step === 'changeCipher') {
        this.sendClear(ContentType.CHANGE_CIPHER_SPEC, Uint8Array.of(1));
        continue;
      }
      const message = encodeMessage(MESSAGE_TYPES[step], messageSeq++, this.#body(step, transcript));
      transcript = Buffer.concat([transcript, message]);
      this.#sendMessage(step, message);
    }
  }

  /** One message of a proper flight; made once, since signatures are random and later messages depend on the one sent. */
  properMessage(step: Exclude<Step, 'changeCipher'>): Buffer {
    const known = this.#proper.get(step);
    if (known !== undefined) return known;
    const index = ORDER.indexOf(step);
    const before = ORDER.slice(0, index).map((earlier) => this.properMessage(earlier));
    const transcript = Buffer.concat([this.#beginning, ...before]);
    const message = encodeMessage(MESSAGE_TYPES[step], HELLO_SEQ + 1 + index, this.#body(step, transcript));
    this.#proper.set(step, message);
    return message;
  }

  #body(step: Exclude<Step, 'changeCipher'>, transcript: Uint8Array): Uint8Array {
    switch (step) {
      case 'certificate':
        return encodeCertificate(this.#options.claims);
      case 'keyExchange':
        return encodeClientKeyExchange(this.#ephemeral.point);
      case 'verify':
        return encodeCertificateVerify(this.#options.signer.sign(transcript));
      case 'finished':
        return verifyData(this.#master, 'client', transcript);
    }
  }

  #sendMessage(step: Step, message: Buffer): void {
    if (step === 'finished') this.sendSealed(ContentType.HANDSHAKE, message);
    else this.sendClear(ContentType.HANDSHAKE, message);
  }
}

interface ClearMessage {
  readonly type: number;
  readonly body: Uint8Array;
  readonly bytes: Uint8Array;
}

function clearMessages(outputs: readonly HandshakeOutput[]): ClearMessage[] {
  return outputs.flatMap((output) => {
    if (output.kind !== 'send') return [];
    return parseRecords(output.datagram).flatMap(({ fragmentStart, end }) => {
      const bytes = output.datagram.subarray(fragmentStart, end);
      return decodeFragments(bytes).map(({ type, body }) => ({ type, body, bytes }));
    });
  });
}
