import { type DeviceId, type Entropy, seconds } from '@cloudchamber/kernel';
import {
  type PrivateKeyRsa,
  StreamClientHandshake,
  type StreamHandshakeOutput,
  type StreamSession,
  WireError,
} from '@cloudchamber/wire';
import type { DeviceStream } from './device-stream.ts';
import type { Link, LinkEvents } from './link.ts';

/** How long a device waits in each step of its handshake (protocol section 2.1). */
const STEP_MS = seconds(20);

export interface TcpLinkOptions extends LinkEvents {
  readonly deviceId: DeviceId;
  /** The device's RSA-1024 key. */
  readonly identity: PrivateKeyRsa;
  /** The server's RSA-2048 key, 294 bytes of SPKI. */
  readonly serverSpki: Uint8Array;
  readonly entropy: Entropy;
  /** The largest CoAP message that goes through, in bytes; what is larger is lost on the way in. */
  readonly maxMessageSize: number;
  readonly stream: DeviceStream;
}

/** A device's secure way to its server over TCP (protocol section 2). There is nothing to resume: each connection begins with a handshake. */
export class TcpLink implements Link {
  readonly reliable = true;
  readonly #options: TcpLinkOptions;
  readonly #handshake: StreamClientHandshake;
  #session: StreamSession | undefined;
  #nextWakeAt = Number.POSITIVE_INFINITY;
  #heard = false;

  constructor(options: TcpLinkOptions) {
    this.#options = options;
    this.#handshake = new StreamClientHandshake(options);
    options.stream.onClose(() => this.#closed());
  }

  get nextWakeAt(): number {
    return this.#nextWakeAt;
  }

  listen(receive: (bytes: Uint8Array) => void): void {
    this.#options.stream.onData(receive);
  }

  /** The server speaks first. */
  handshake(now: number): void {
    this.#nextWakeAt = now + STEP_MS;
  }

  resume(): void {
    throw new TypeError('there is nothing to resume on TCP');
  }

  exportSecrets(): undefined {
    return undefined;
  }

  send(message: Uint8Array): void {
    if (this.#session === undefined) return;
    if (message.length > this.#options.maxMessageSize) {
      throw new WireError('too_large', `a message of ${message.length} bytes`, 'protocol section 3.4');
    }
    this.#options.stream.write(this.#session.frames.seal(message));
  }

  receive(bytes: Uint8Array, now: number): void {
    if (this.#session !== undefined) return this.#open(this.#session, bytes);
    for (const output of this.#handshake.receive(bytes)) this.#apply(output, now);
  }

  wake(now: number): void {
    if (now >= this.#nextWakeAt) this.#options.ended('server_unreachable');
  }

  coolDown(): void {
    this.#session?.frames.coolDown();
  }

  close(): void {
    this.#options.stream.end();
  }

  #apply(output: StreamHandshakeOutput, now: number): void {
    if (output.kind === 'send') {
      this.#options.stream.write(output.bytes);
      this.#nextWakeAt = now + STEP_MS;
    } else if (output.kind === 'established') {
      this.#session = output.session;
      this.#nextWakeAt = Number.POSITIVE_INFINITY;
      this.#options.established(output.session.firstMessageId);
    } else if (output.kind === 'failed') {
      this.#options.ended(output.reason === 'bad_signature' ? 'wrong_server_key' : 'handshake_failed');
    }
  }

  #open({ frames }: StreamSession, bytes: Uint8Array): void {
    try {
      for (const message of frames.open(bytes)) {
        this.#heard = true;
        if (message.length <= this.#options.maxMessageSize) this.#options.message(message);
      }
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#options.ended('protocol_error');
    }
  }

  /** A server that turns a device away just closes the connection; a device can only tell how far it came. */
  #closed(): void {
    if (this.#session === undefined) this.#options.ended('handshake_refused');
    else this.#options.ended(this.#heard ? 'closed' : 'refused');
  }
}
