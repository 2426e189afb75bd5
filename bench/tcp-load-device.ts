import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type DeviceId, systemEntropy } from '@cloudchamber/kernel';
import {
  encodeHello,
  encodePublish,
  type PrivateKeyRsa,
  StreamClientHandshake,
  type StreamHandshakeOutput,
  type StreamSession,
} from '@cloudchamber/wire';
import type { LoadPeer, Target } from './load-device.ts';

/** As `LoadDevice`, over TCP: a handshake, Hello, confirmable publishes and their ACKs. */
export class TcpLoadDevice implements LoadPeer {
  readonly id: DeviceId;
  readonly identity: PrivateKeyRsa;
  readonly #target: Target;
  #socket: Socket | undefined;
  #session: StreamSession | undefined;
  #settle: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;
  #greeted: (() => void) | undefined;
  readonly #waiting = new Map<number, () => void>();
  #nextId = 0;

  constructor(id: DeviceId, identity: PrivateKeyRsa, target: Target) {
    this.id = id;
    this.identity = identity;
    this.#target = target;
  }

  async handshake(): Promise<void> {
    const { host, port, serverSpki } = this.#target;
    const socket = connect({ host, port, noDelay: true });
    this.#socket = socket;
    await once(socket, 'connect');
    const options = { deviceId: this.id, identity: this.identity, serverSpki, entropy: systemEntropy };
    const handshake = new StreamClientHandshake(options);
    await new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject };
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('the server closed the connection')));
      socket.on('data', (bytes) => this.#receive(handshake, bytes));
    });
  }

  /** Hello, and the server's own. */
  async hello(): Promise<void> {
    const greeted = new Promise<void>((resolve) => {
      this.#greeted = resolve;
    });
    const facts = { productId: 6, productVersion: 1, flags: 0x36, platformId: 6 };
    this.#send(encodeHello({ id: this.#takeId(), confirmable: false, ...facts }));
    await greeted;
  }

  publish(name: string, data: string): Promise<void> {
    const id = this.#takeId();
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#send(encodePublish({ id, name, data }));
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  #takeId(): number {
    const id = this.#nextId;
    this.#nextId = (id + 1) & 0xffff;
    return id;
  }

  #send(message: Uint8Array): void {
    if (this.#session) this.#socket?.write(this.#session.frames.seal(message));
  }

  #receive(handshake: StreamClientHandshake, bytes: Uint8Array): void {
    if (this.#session === undefined) {
      for (const output of handshake.receive(bytes)) this.#apply(output);
      return;
    }
    for (const message of this.#session.frames.open(bytes)) this.#take(message);
  }

  #apply(output: StreamHandshakeOutput): void {
    if (output.kind === 'send') this.#socket?.write(output.bytes);
    else if (output.kind === 'failed') this.#settle?.reject(new Error(`handshake failed: ${output.reason}`));
    else if (output.kind === 'established') {
      this.#session = output.session;
      this.#nextId = output.session.firstMessageId;
      this.#settle?.resolve();
    }
  }

  #take(message: Uint8Array): void {
    const id = ((message[2] as number) << 8) | (message[3] as number);
    const resolve = this.#waiting.get(id);
    // Anything but an empty ACK is a refusal: it must not count as a stored publish.
    if (message[0] === 0x60 && message[1] === 0 && resolve) {
      this.#waiting.delete(id);
      resolve();
    } else this.#greeted?.();
  }
}
