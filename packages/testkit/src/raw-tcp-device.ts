import type { StreamConnection } from '@cloudchamber/gateway';
import type { DeviceId, Entropy } from '@cloudchamber/kernel';
import {
  type CoapMessage,
  decodeCoap,
  encodeHello,
  type PrivateKeyRsa,
  StreamClientHandshake,
  type StreamSession,
} from '@cloudchamber/wire';

export interface RawTcpDeviceOptions {
  readonly deviceId: DeviceId;
  readonly identity: PrivateKeyRsa;
  /** SPKI of the server's RSA-2048 key. */
  readonly serverSpki: Uint8Array;
  readonly stream: StreamConnection;
  readonly entropy: Entropy;
  /** False: as very old Core firmware, which doesn't show its key. */
  readonly sendKey?: boolean;
}

/** A device on TCP that does only what the test tells it once its handshake is done. */
export class RawTcpDevice {
  readonly deviceId: DeviceId;
  readonly stream: StreamConnection;
  /** CoAP messages from the server, oldest first; `take` removes. */
  readonly inbox: CoapMessage[] = [];
  session: StreamSession | undefined;
  failed: string | undefined;
  closed = false;
  #nextId = 0;

  constructor(options: RawTcpDeviceOptions) {
    const { deviceId, stream } = options;
    this.deviceId = deviceId;
    this.stream = stream;
    const handshake = new StreamClientHandshake(options);
    stream.onData((bytes) => {
      if (this.session !== undefined) return this.#open(this.session, bytes);
      for (const output of handshake.receive(bytes)) {
        if (output.kind === 'send') stream.write(output.bytes);
        else if (output.kind === 'failed') this.failed = output.reason;
        else if (output.kind === 'established') this.#begin(output.session);
      }
    });
    stream.onClose(() => {
      this.closed = true;
    });
  }

  /** The id of the device's next message. */
  nextId(): number {
    const id = this.#nextId;
    this.#nextId = (id + 1) & 0xffff;
    return id;
  }

  hello(facts: { readonly id?: number; readonly deviceId?: DeviceId; readonly flags?: number } = {}): void {
    const { id = this.nextId(), flags = 0x36, ...others } = facts;
    const product = { productId: 6, productVersion: 1, platformId: 6 };
    this.send(encodeHello({ id, confirmable: false, flags, ...product, ...others }));
  }

  /** Encrypts and sends one CoAP message. @returns the frame */
  send(message: Uint8Array): Buffer {
    if (this.session === undefined) throw new Error('no session yet');
    const frame = this.session.frames.seal(message);
    this.stream.write(frame);
    return frame;
  }

  /** The oldest message from the server. @throws when there is none */
  take(): CoapMessage {
    const message = this.inbox.shift();
    if (message === undefined) throw new Error('nothing came from the server');
    return message;
  }

  #begin(session: StreamSession): void {
    this.session = session;
    this.#nextId = session.firstMessageId;
  }

  #open(session: StreamSession, bytes: Uint8Array): void {
    for (const message of session.frames.open(bytes)) this.inbox.push(decodeCoap(message));
  }
}
