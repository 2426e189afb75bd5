import type { StreamConnection, StreamListener } from '@cloudchamber/gateway';
import type { Clock } from '@cloudchamber/kernel';

const DELAY_MS = 1;

/** One end of a simulated TCP connection, with what a test may do to it besides. */
export interface SimulatedStream extends StreamConnection {
  /** From now on this end takes nothing: what the other one writes stays unread there. */
  stopReading(): void;
  /** From now on this end is gone without a word, as after a power cut: nothing gets through in either direction, and the other one is not told. */
  vanish(): void;
}

/** TCP between a listener and any number of clients in virtual time: bytes arrive in order a millisecond later. */
export class SimulatedStreams implements StreamListener {
  readonly port: number;
  /** Bytes that either side wrote. */
  readonly sent = { bytes: 0 };
  readonly #clock: Clock;
  readonly #open = new Set<StreamEnd>();
  #accept: ((connection: StreamConnection) => void) | undefined;
  #nextPort = 50_000;

  constructor(clock: Clock, port = 5683) {
    this.#clock = clock;
    this.port = port;
  }

  onConnection(accept: (connection: StreamConnection) => void): void {
    this.#accept = accept;
  }

  /** A connection of a client from that address. Without a listener it closes at once. */
  connect(address: string): SimulatedStream {
    const clientPort = this.#nextPort++;
    const client = new StreamEnd(this.#clock, 'server', this.port, this.sent, this.#open);
    const server = new StreamEnd(this.#clock, address, clientPort, this.sent, this.#open);
    client.peer = server;
    server.peer = client;
    this.#clock.after(DELAY_MS, () => {
      if (this.#accept === undefined) client.destroy();
      else this.#accept(server);
    });
    return client;
  }

  async close(): Promise<void> {
    this.#accept = undefined;
    for (const end of this.#open) end.destroy();
  }
}

class StreamEnd implements SimulatedStream {
  readonly address: string;
  readonly port: number;
  peer: StreamEnd | undefined;
  readonly #clock: Clock;
  readonly #sent: { bytes: number };
  readonly #open: Set<StreamEnd>;
  readonly #closers: (() => void)[] = [];
  #receive: ((bytes: Uint8Array) => void) | undefined;
  #early: Uint8Array[] = [];
  #reading = true;
  #vanished = false;
  #closed = false;
  #unread = 0;

  constructor(clock: Clock, address: string, port: number, sent: { bytes: number }, open: Set<StreamEnd>) {
    this.#clock = clock;
    this.address = address;
    this.port = port;
    this.#sent = sent;
    this.#open = open;
    open.add(this);
  }

  get unreadBytes(): number {
    return this.#unread;
  }

  onData(receive: (bytes: Uint8Array) => void): void {
    this.#receive = receive;
    for (const bytes of this.#early.splice(0)) receive(bytes);
  }

  onClose(closed: () => void): void {
    this.#closers.push(closed);
  }

  write(bytes: Uint8Array): void {
    if (this.#closed || this.#vanished) return;
    // A copy, as a real socket makes one: the sender may reuse its buffer.
    const copy = Buffer.from(bytes);
    this.#sent.bytes += copy.length;
    this.#unread += copy.length;
    this.#clock.after(DELAY_MS, () => this.peer?.deliver(copy));
  }

  deliver(bytes: Uint8Array): void {
    if (!this.#reading || this.#vanished) return;
    if (this.peer) this.peer.#unread -= bytes.length;
    if (this.#closed) return;
    if (this.#receive) this.#receive(bytes);
    else this.#early.push(bytes);
  }

  end(): void {
    if (this.#closed || this.#vanished) return;
    this.#clock.after(DELAY_MS, () => {
      // A peer that reads nothing doesn't see the end either.
      if (this.peer?.hears()) this.destroy();
    });
  }

  destroy(): void {
    if (this.#closed) return;
    this.#close();
    if (this.#vanished) return;
    this.#clock.after(DELAY_MS, () => this.peer?.closedByPeer());
  }

  hears(): boolean {
    return this.#reading && !this.#vanished;
  }

  closedByPeer(): void {
    if (!this.#vanished) this.#close();
  }

  stopReading(): void {
    this.#reading = false;
  }

  vanish(): void {
    this.#vanished = true;
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#open.delete(this);
    for (const closed of this.#closers) closed();
  }
}
