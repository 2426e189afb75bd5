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

/** Sees every datagram before it is sent; `drop` loses it, an array puts others in its place. */
export type Interceptor = (bytes: Uint8Array, from: string, to: string) => 'pass' | 'drop' | readonly Uint8Array[];

type Receive = (bytes: Uint8Array, address: string, port: number) => void;

/** A socket on the simulated network, of the shape that gateway and virtual device ask for. */
export interface SimulatedSocket {
  readonly port: number;
  readonly address: string;
  onDatagram(receive: Receive): void;
  send(bytes: Uint8Array, address: string, port: number): void;
  close(): Promise<void>;
}

/** Datagrams between sockets in virtual time: seeded, so that every run with the same seed loses the same ones. */
export class SimulatedNetwork {
  conditions: NetworkConditions = PERFECT;
  intercept: Interceptor = () => 'pass';
  /** Datagrams and bytes that were sent, lost ones included. */
  readonly sent = { datagrams: 0, bytes: 0 };
  readonly #clock: Clock;
  readonly #entropy: Entropy;
  readonly #receivers = new Map<string, Receive>();
  #nextPort = 40_000;

  constructor(clock: Clock, entropy: Entropy) {
    this.#clock = clock;
    this.#entropy = entropy;
  }

  bind(address: string, port = this.#nextPort++): SimulatedSocket {
    const key = `${address}:${port}`;
    if (this.#receivers.has(key)) throw new Error(`${key} is in use`);
    this.#receivers.set(key, () => {});
    return {
      address,
      port,
      onDatagram: (receive) => this.#receivers.set(key, receive),
      send: (bytes, toAddress, toPort) => this.#send(bytes, address, port, `${toAddress}:${toPort}`),
      close: async () => void this.#receivers.delete(key),
    };
  }

  #send(bytes: Uint8Array, address: string, port: number, to: string): void {
    this.sent.datagrams += 1;
    this.sent.bytes += bytes.length;
    const verdict = this.intercept(bytes, `${address}:${port}`, to);
    if (verdict === 'drop') return;
    for (const datagram of verdict === 'pass' ? [bytes] : verdict) this.#carry(datagram, address, port, to);
  }

  #carry(bytes: Uint8Array, address: string, port: number, to: string): void {
    const { loss, duplication, mtu } = this.conditions;
    if (bytes.length > mtu) return;
    const copies = this.#entropy.fraction() < duplication ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (this.#entropy.fraction() < loss) continue;
      const delay = this.conditions.delayMs + this.#entropy.fraction() * this.conditions.jitterMs;
      // A copy, as a real network makes one: the sender may reuse its buffer.
      const datagram = Buffer.from(bytes);
      this.#clock.after(delay, () => this.#receivers.get(to)?.(datagram, address, port));
    }
  }
}
