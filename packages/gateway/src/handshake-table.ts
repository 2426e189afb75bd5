import type { PrivateKeyP256, ServerHandshake } from '@cloudchamber/wire';

/** A handshake under way with one peer. */
export interface PendingHandshake {
  readonly machine: ServerHandshake;
  /** The key of ours that it is made with. */
  readonly identity: PrivateKeyP256;
  /** Its key in the table: address and port. */
  readonly peer: string;
  readonly address: string;
  readonly port: number;
  readonly cidKey: string;
  /** When the machine wants to be woken, monotonic ms; Infinity for never. */
  wakeAt: number;
  /** Whether it has shown already if the device holds that key. */
  judged: boolean;
}

/** Handshakes under way, found by the peer's address or by the connection id that they gave out. Bounded, over all and per IP address. */
export class HandshakeTable {
  readonly #byPeer = new Map<string, PendingHandshake>();
  readonly #byCid = new Map<string, PendingHandshake>();
  readonly #perAddress = new Map<string, number>();
  readonly #limit: number;
  readonly #limitPerAddress: number;

  constructor(limit: number, limitPerAddress: number) {
    this.#limit = limit;
    this.#limitPerAddress = limitPerAddress;
  }

  get size(): number {
    return this.#byPeer.size;
  }

  byPeer(peer: string): PendingHandshake | undefined {
    return this.#byPeer.get(peer);
  }

  byCid(cidKey: string): PendingHandshake | undefined {
    return this.#byCid.get(cidKey);
  }

  values(): IterableIterator<PendingHandshake> {
    return this.#byPeer.values();
  }

  hasRoom(address: string): boolean {
    return this.#byPeer.size < this.#limit && (this.#perAddress.get(address) ?? 0) < this.#limitPerAddress;
  }

  add(handshake: PendingHandshake): void {
    const before = this.#byPeer.get(handshake.peer);
    if (before) this.remove(before);
    this.#byPeer.set(handshake.peer, handshake);
    this.#byCid.set(handshake.cidKey, handshake);
    this.#perAddress.set(handshake.address, (this.#perAddress.get(handshake.address) ?? 0) + 1);
  }

  remove(handshake: PendingHandshake): void {
    if (this.#byPeer.get(handshake.peer) !== handshake) return;
    this.#byPeer.delete(handshake.peer);
    this.#byCid.delete(handshake.cidKey);
    const left = (this.#perAddress.get(handshake.address) ?? 1) - 1;
    if (left > 0) this.#perAddress.set(handshake.address, left);
    else this.#perAddress.delete(handshake.address);
  }
}
