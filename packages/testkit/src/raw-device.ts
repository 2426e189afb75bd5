import type { Clock, DeviceId, Entropy } from '@cloudchamber/kernel';
import {
  ClientHandshake,
  type CoapMessage,
  ContentType,
  decodeCoap,
  encodeHello,
  generateP256,
  type HandshakeOutput,
  type PrivateKeyP256,
  parseRecords,
  type RecordSession,
} from '@cloudchamber/wire';
import type { SimulatedSocket } from './simulated-network.ts';

export interface RawDeviceOptions {
  readonly deviceId: DeviceId;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly socket: SimulatedSocket;
  readonly server: { readonly address: string; readonly port: number };
  readonly serverSpki: Uint8Array;
  readonly identity?: PrivateKeyP256;
  readonly offerCid?: boolean;
}

/**
 * A device that does only what the test tells it, message by message: no retransmission, no ACKs of its own. For lockstep tests that read like the
 * diagrams of the RFC.
 */
export class RawDevice {
  readonly deviceId: DeviceId;
  readonly identity: PrivateKeyP256;
  /** CoAP messages from the server, oldest first; `take` removes. */
  readonly inbox: CoapMessage[] = [];
  /** The types of alerts that came encrypted, as description codes. */
  readonly alerts: number[] = [];
  session: RecordSession | undefined;
  failed: string | undefined;
  socket: SimulatedSocket;
  readonly #options: RawDeviceOptions;
  #handshake: ClientHandshake | undefined;

  constructor(options: RawDeviceOptions) {
    this.#options = options;
    this.deviceId = options.deviceId;
    this.identity = options.identity ?? generateP256();
    this.socket = options.socket;
    this.moveTo(options.socket);
  }

  /** Sends and receives from another socket from now on: the address changed. */
  moveTo(socket: SimulatedSocket): void {
    this.socket = socket;
    socket.onDatagram((bytes) => this.#receive(bytes));
  }

  startHandshake(): void {
    const { serverSpki, entropy, offerCid = true, clock } = this.#options;
    this.#handshake = new ClientHandshake(
      { identity: this.identity, serverSpki, entropy, offerCid },
      clock.monotonic(),
    );
    this.#apply(this.#handshake.start());
  }

  hello(id = 1, deviceId = this.deviceId): void {
    const facts = { productId: 13, productVersion: 1, flags: 0xf6, platformId: 32 };
    const sizes = { systemVersion: 6200, maxMessageSize: 1152, maxBinarySize: 0x177000, otaChunkSize: 512 };
    this.send(encodeHello({ id, ...facts, deviceId, ...sizes }));
  }

  /** Encrypts and sends one CoAP message. @returns the datagram, to send it again as it is. */
  send(message: Uint8Array, recordType?: number): Uint8Array {
    if (this.session === undefined) throw new Error('no session yet');
    const datagram = this.session.seal(ContentType.APPLICATION_DATA, message, recordType);
    this.sendRaw(datagram);
    return datagram;
  }

  sendRaw(datagram: Uint8Array): void {
    const { server } = this.#options;
    this.socket.send(datagram, server.address, server.port);
  }

  /** The oldest message from the server. @throws when there is none */
  take(): CoapMessage {
    const message = this.inbox.shift();
    if (message === undefined) throw new Error('nothing came from the server');
    return message;
  }

  #receive(datagram: Uint8Array): void {
    if (this.session === undefined) {
      if (this.#handshake) this.#apply(this.#handshake.receive(datagram, this.#options.clock.monotonic()));
      return;
    }
    for (const record of parseRecords(datagram)) {
      if (record.epoch === 0) continue;
      const opened = this.session.open(datagram, record);
      if (opened.type === ContentType.APPLICATION_DATA) this.inbox.push(decodeCoap(opened.plaintext));
      else if (opened.type === ContentType.ALERT) this.alerts.push(opened.plaintext[1] ?? -1);
    }
  }

  #apply(outputs: HandshakeOutput[]): void {
    for (const output of outputs) {
      if (output.kind === 'send') this.sendRaw(output.datagram);
      else if (output.kind === 'established') this.session = output.session;
      else if (output.kind === 'failed') this.failed = output.reason;
    }
  }
}
