import type { Clock, Entropy } from '@cloudchamber/kernel';

/** What the network does to datagrams. Probabilities are 0 to 1, times in ms. */
export interface NetworkConditions {
  readonly loss: number;
  readonly duplication: number;
  readonly delayMs: number;
  /** Up to this much is added to a datagram's delay, so that later ones may overtake it. */
  readonly jitterMs: number;
  /** Larger datagrams are lost. */
  readonly mtu: number;
}

export const PERFECT: NetworkConditions = { loss: 0, duplication: 0, delayMs: 1, jitterMs: 0, mtu: 65_507 };

/** Sees every datagram before it is sent; `drop` loses it, a number delays it by so many ms, an array puts others in its place. */
export type Interceptor = (
  bytes: Uint8Array,
  from: string,
  to: string,
) => 'pass' | 'drop' | number | readonly Uint8Array[];

/** How much a socket can take: what comes faster waits, and what does not fit the queue is lost. */
interface Capacity {
  readonly msEach: number;
  readonly queue: number;
  /** When all that waits will have been taken in. */
  freeAt: number;
}

type Receive = (bytes: Uint8Array, address: string, port: number) => void;

/** A socket on the simulated network, of the shape that gateway and virtual device ask for. */
export interface SimulatedSocket {
  readonly port: number;
  readonly address: string;
  onDatagram(receive: Receive): void;
  send(bytes: Uint8Array, address: string, port: number): void;
  /** Goes on from another port, as behind a NAT that has forgotten it: what is still sent to the old port is lost. */
  rebind(): void;
  close(): Promise<void>;
}

/** Datagrams between sockets in virtual time: seeded, so that every run with the same seed loses the same ones. */
export class SimulatedNetwork {
  conditions: NetworkConditions = PERFECT;
  intercept: Interceptor = () => 'pass';
  /** Datagrams and bytes that were sent, lost ones included. */
  readonly sent = { datagrams: 0, bytes: 0 };
  /** Datagrams that found a full queue. */
  overflowed = 0;
  readonly #clock: Clock;
  readonly #entropy: Entropy;
  readonly #receivers = new Map<string, Receive>();
  readonly #capacities = new Map<string, Capacity>();
  #nextPort = 40_000;

  constructor(clock: Clock, entropy: Entropy) {
    this.#clock = clock;
    this.#entropy = entropy;
  }

  bind(address: string, port = this.#nextPort++): SimulatedSocket {
    const receivers = this.#receivers;
    let key = `${address}:${port}`;
    if (receivers.has(key)) throw new Error(`${key} is in use`);
    receivers.set(key, () => {});
    const socket = {
      address,
      port,
      onDatagram: (receive: Receive) => void receivers.set(key, receive),
      send: (bytes: Uint8Array, toAddress: string, toPort: number) =>
        this.#send(bytes, address, socket.port, `${toAddress}:${toPort}`),
      rebind: () => {
        const receive = receivers.get(key) ?? (() => {});
        receivers.delete(key);
        socket.port = this.#nextPort++;
        key = `${address}:${socket.port}`;
        receivers.set(key, receive);
      },
      close: async () => void receivers.delete(key),
    };
    return socket;
  }

  /** From now on the socket at `address` takes in so many datagrams a second, and as many wait as `queue` says: a server under load. */
  limit(address: string, port: number, perSecond: number, queue: number): void {
    this.#capacities.set(`${address}:${port}`, { msEach: 1000 / perSecond, queue, freeAt: 0 });
  }

  /** Sends a datagram under an address that need not be the sender's own, as anybody can over UDP. */
  inject(bytes: Uint8Array, from: { readonly address: string; readonly port: number }, to: string): void {
    this.#send(bytes, from.address, from.port, to);
  }

  #send(bytes: Uint8Array, address: string, port: number, to: string): void {
    this.sent.datagrams += 1;
    this.sent.bytes += bytes.length;
    const verdict = this.intercept(bytes, `${address}:${port}`, to);
    if (verdict === 'drop') return;
    const extraMs = typeof verdict === 'number' ? verdict : 0;
    const datagrams = typeof verdict === 'object' ? verdict : [bytes];
    for (const datagram of datagrams) this.#carry(datagram, address, port, to, extraMs);
  }

  #carry(bytes: Uint8Array, address: string, port: number, to: string, extraMs: number): void {
    const { loss, duplication, mtu } = this.conditions;
    if (bytes.length > mtu) return;
    const copies = this.#entropy.fraction() < duplication ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (this.#entropy.fraction() < loss) continue;
      const delay = extraMs + this.conditions.delayMs + this.#entropy.fraction() * this.conditions.jitterMs;
      // A copy, as a real network makes one: the sender may reuse its buffer.
      const datagram = Buffer.from(bytes);
      this.#clock.after(delay, () => this.#arrive(datagram, address, port, to));
    }
  }

  #arrive(datagram: Buffer, address: string, port: number, to: string): void {
    const capacity = this.#capacities.get(to);
    if (capacity === undefined) return this.#receivers.get(to)?.(datagram, address, port);
    const now = this.#clock.monotonic();
    const freeAt = Math.max(now, capacity.freeAt) + capacity.msEach;
    if (freeAt - now > capacity.queue * capacity.msEach) {
      this.overflowed += 1;
      return;
    }
    capacity.freeAt = freeAt;
    this.#clock.after(freeAt - now, () => this.#receivers.get(to)?.(datagram, address, port));
  }
}
