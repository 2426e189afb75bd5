import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { Duplex } from 'node:stream';
import type { DeviceId } from '@cloudchamber/kernel';
import { type CoapMessage, CoapType, decodeCoap, emptyAck, encodeTimeAnswer } from '@cloudchamber/wire';

/** The server of the npm package `node-mbed-dtls`, as far as tests use it. */
interface MbedServer extends EventEmitter {
  listen(port: number, host: string, listening: () => void): void;
  address(): { readonly port: number };
  close(): void;
}

/** One device's connection: what is written goes into one record, what comes out of one is one chunk. */
interface MbedSocket extends Duplex {
  remoteAddress: string;
  remotePort: number;
  /** DER SubjectPublicKeyInfo that the device proved to own. */
  readonly publicKey: Buffer;
}

interface MbedModule {
  createServer(options: { readonly key: Buffer }, connected: (socket: MbedSocket) => void): MbedServer;
}

const TIME_PATH = 't';
const UNIX_SECONDS = 1_767_225_600;

/** Where `scripts/install-interop.mjs` puts the package. */
const INTEROP = new URL('../../.interop/package.json', import.meta.url);

/** The package, or why it can't be used here: it is C, compiled before the tests, and left out where that fails. */
export function loadMbed(): MbedModule | string {
  try {
    return createRequire(INTEROP)('node-mbed-dtls') as MbedModule;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  }
}

/**
 * Particle's own DTLS server (mbedTLS 2.9 of their fork, before connection ids), with just enough of a cloud behind it that a device counts as connected: every
 * confirmable message is acknowledged, and the time is told.
 */
export class ParticleDtlsServer {
  /** CoAP messages of devices, oldest first. */
  readonly received: CoapMessage[] = [];
  /** SPKIs of devices whose handshake was finished, oldest first. */
  readonly publicKeys: Buffer[] = [];
  /** Why connections failed. */
  readonly errors: string[] = [];
  /** Device ids out of records of type 254 that the server looked up. */
  readonly lookedUp: string[] = [];
  readonly #server: MbedServer;
  #socket: MbedSocket | undefined;

  private constructor(mbed: MbedModule, pem: string) {
    this.#server = mbed.createServer({ key: Buffer.from(pem) }, (socket) => this.#connected(socket));
    this.#server.on('clientError', (error: unknown) => this.errors.push(String(error)));
    // A session stays where it was made: the server moves its own table when the first record from elsewhere proves genuine.
    this.#server.on('lookupKey', (deviceId: DeviceId, found: (error: null, address?: object) => void) => {
      this.lookedUp.push(deviceId);
      found(null, this.#socket && { address: this.#socket.remoteAddress, port: this.#socket.remotePort });
    });
    this.#server.on('forceDeviceRehandshake', () => this.errors.push('rehandshake'));
  }

  /** @param pem the server's P-256 key */
  static async start(mbed: MbedModule, pem: string): Promise<ParticleDtlsServer> {
    const server = new ParticleDtlsServer(mbed, pem);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get address() {
    return { address: '127.0.0.1', port: this.#server.address().port };
  }

  /** Where the device is, as the server sees it. */
  get peerPort(): number | undefined {
    return this.#socket?.remotePort;
  }

  /** Sends one CoAP message to the device that connected last. */
  send(message: Uint8Array): void {
    this.#socket?.write(Buffer.from(message));
  }

  /** Says close_notify to the device. */
  hangUp(): void {
    this.#socket?.end();
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.once('close', resolve);
      this.#server.close();
    });
  }

  #connected(socket: MbedSocket): void {
    this.#socket = socket;
    this.publicKeys.push(Buffer.from(socket.publicKey));
    socket.on('error', (error: unknown) => this.errors.push(String(error)));
    socket.on('ipChanged', (_from: unknown, pending: () => void, done: (error: null) => void) => {
      pending();
      done(null);
    });
    socket.on('data', (bytes: Buffer) => this.#take(socket, decodeCoap(bytes)));
  }

  #take(socket: MbedSocket, message: CoapMessage): void {
    this.received.push(message);
    if (message.type !== CoapType.CON) return;
    const { id, token } = message;
    const asksTime = message.options.some(({ value }) => Buffer.from(value).toString() === TIME_PATH);
    socket.write(asksTime ? encodeTimeAnswer({ id, token, seconds: UNIX_SECONDS }) : emptyAck(id));
  }
}
