import { createSocket, type Socket } from 'node:dgram';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';

/** Fewer than the smallest receive buffer that systems give a socket. */
const BURST = 100;
const BETWEEN_BURSTS_MS = 2;

/** Somebody on the network who sends what they like to a UDP port, and counts what comes back. */
export class PeerSocket implements AsyncDisposable {
  readonly received: Buffer[] = [];
  sentBytes = 0;
  readonly #socket: Socket;
  readonly #to: { readonly address: string; readonly port: number };

  private constructor(socket: Socket, to: { readonly address: string; readonly port: number }) {
    this.#socket = socket;
    this.#to = to;
    socket.on('message', (datagram) => this.received.push(datagram));
  }

  static async open(to: { readonly address: string; readonly port: number }): Promise<PeerSocket> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return new PeerSocket(socket, to);
  }

  get receivedBytes(): number {
    return this.received.reduce((sum, { length }) => sum + length, 0);
  }

  send(datagram: Uint8Array): void {
    this.sentBytes += datagram.length;
    this.#socket.send(datagram, this.#to.port, this.#to.address);
  }

  /** Sends `count` datagrams that `make` gives, as fast as a receiver can take them. */
  async flood(count: number, make: (index: number) => Uint8Array): Promise<void> {
    for (let index = 0; index < count; index++) {
      this.send(make(index));
      if (index % BURST === BURST - 1) await pause(BETWEEN_BURSTS_MS);
    }
    await nextTurn();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }
}
