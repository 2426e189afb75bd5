import { createSocket, type Socket } from 'node:dgram';
import { type DeviceId, systemEntropy } from '@cloudchamber/kernel';
import {
  ClientHandshake,
  ContentType,
  encodeHello,
  encodePublish,
  type HandshakeOutput,
  type PrivateKeyP256,
  parseRecords,
  type RecordSession,
} from '@cloudchamber/wire';

export interface Target {
  readonly transport: 'udp' | 'tcp';
  readonly host: string;
  readonly port: number;
  readonly serverSpki: Uint8Array;
}

/** A device as the load generator drives it, on either transport. */
export interface LoadPeer {
  readonly id: DeviceId;
  readonly identity: { readonly spki: Uint8Array };
  handshake(): Promise<void>;
  hello(): Promise<void>;
  /** Resolves at the ACK. */
  publish(name: string, data: string): Promise<void>;
  close(): void;
}

/** A device repeats its Hello after 4 s and more (protocol section 3.2). */
const HELLO_AGAIN_MS = 4000;

/**
 * A device with nothing but what a load needs: a handshake, Hello, confirmable publishes and their ACKs. Publishes are not repeated: a lost datagram
 * shows as one that never ends, and the bench says so.
 */
export class LoadDevice implements LoadPeer {
  readonly id: DeviceId;
  readonly identity: PrivateKeyP256;
  readonly #target: Target;
  #socket: Socket | undefined;
  #handshake: ClientHandshake | undefined;
  #session: RecordSession | undefined;
  #established: (() => void) | undefined;
  #failed: ((error: Error) => void) | undefined;
  readonly #waiting = new Map<number, () => void>();
  #nextId = 1;

  constructor(id: DeviceId, identity: PrivateKeyP256, target: Target) {
    this.id = id;
    this.identity = identity;
    this.#target = target;
  }

  /** A full handshake. Resolves at the server's Finished. */
  async handshake(): Promise<void> {
    const socket = createSocket({ type: 'udp4', lookup: (address, _options, done) => done(null, address, 4) });
    this.#socket = socket;
    socket.on('message', (bytes) => this.#receive(bytes));
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const { serverSpki } = this.#target;
    const options = { identity: this.identity, serverSpki, entropy: systemEntropy, offerCid: true };
    const handshake = new ClientHandshake(options, performance.now());
    this.#handshake = handshake;
    const done = new Promise<void>((resolve, reject) => {
      this.#established = resolve;
      this.#failed = reject;
    });
    this.#apply(handshake.start());
    const retransmission = setInterval(() => this.#apply(handshake.wake(performance.now())), 500);
    await done.finally(() => clearInterval(retransmission));
  }

  /** Hello and its ACK. */
  async hello(): Promise<void> {
    const id = this.#nextId;
    const build = () =>
      encodeHello({
        id,
        deviceId: this.id,
        productId: 32,
        productVersion: 1,
        flags: 0xf6,
        platformId: 32,
        systemVersion: 6200,
        maxMessageSize: 1152,
        maxBinarySize: 0x177000,
        otaChunkSize: 512,
      });
    const again = setInterval(() => this.#seal(build()), HELLO_AGAIN_MS);
    await this.#confirmed(build).finally(() => clearInterval(again));
  }

  /** A confirmable publish. Resolves at its ACK. */
  publish(name: string, data: string): Promise<void> {
    return this.#confirmed((id) => encodePublish({ id, name, data }));
  }

  close(): void {
    this.#socket?.close();
  }

  #confirmed(build: (id: number) => Uint8Array): Promise<void> {
    const id = this.#nextId;
    this.#nextId = (id + 1) & 0xffff;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#seal(build(id));
    });
  }

  #seal(message: Uint8Array): void {
    if (this.#session) this.#send(this.#session.seal(ContentType.APPLICATION_DATA, message));
  }

  #send(datagram: Uint8Array): void {
    this.#socket?.send(datagram, this.#target.port, this.#target.host);
  }

  #receive(datagram: Uint8Array): void {
    if (this.#session === undefined) {
      if (this.#handshake) this.#apply(this.#handshake.receive(datagram, performance.now()));
      return;
    }
    for (const record of parseRecords(datagram)) {
      if (record.epoch !== 1) continue;
      const { type, plaintext } = this.#session.open(datagram, record);
      if (type !== ContentType.APPLICATION_DATA || plaintext.length < 4) continue;
      const id = ((plaintext[2] as number) << 8) | (plaintext[3] as number);
      const resolve = this.#waiting.get(id);
      // Anything but an empty ACK is a refusal: it must not count as a stored publish.
      if (plaintext[0] === 0x60 && plaintext[1] === 0 && resolve) {
        this.#waiting.delete(id);
        resolve();
      }
    }
  }

  #apply(outputs: HandshakeOutput[]): void {
    for (const output of outputs) {
      if (output.kind === 'send') this.#send(output.datagram);
      else if (output.kind === 'failed') this.#failed?.(new Error(`handshake failed: ${output.reason}`));
      else if (output.kind === 'established') {
        this.#session = output.session;
        this.#handshake = undefined;
        this.#established?.();
      }
    }
  }
}
