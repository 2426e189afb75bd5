import { seconds } from '@cloudchamber/kernel';
import type { PrivateKeyP256, ServerHandshake } from '@cloudchamber/wire';

/** A device answers within a round trip, or repeats its last flight after 3 s (protocol section 1.1): one that is older may have to give way. */
const GIVES_WAY_AFTER_MS = seconds(3);

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
  /** When it began, monotonic ms. */
  readonly startedAt: number;
  /** When the machine wants to be woken, monotonic ms; Infinity for never. */
  wakeAt: number;
  /** Whether it has shown already if the device holds that key. */
  judged: boolean;
  /** Whether the cloud was told how it ended, or need not be: it became a session. */
  told: boolean;
}

/**
 * Handshakes under way, found by the peer's address or by the connection id that they gave out. Bounded, over all and per IP address. When it is full the oldest
 * gives way, so that those who never answer can't keep out those who do.
 */
export class HandshakeTable {
  /** Oldest first. */
  readonly #byPeer = new Map<string, PendingHandshake>();
  readonly #byCid = new Map<string, PendingHandshake>();
  readonly #perAddress = new Map<string, number>();
  readonly #limit: number;
  readonly #limitPerAddress: number;
  readonly #gaveWay: (handshake: PendingHandshake) => void;

  /** @param gaveWay called with each that had to go for a newer one */
  constructor(limit: number, limitPerAddress: number, gaveWay: (handshake: PendingHandshake) => void) {
    this.#limit = limit;
    this.#limitPerAddress = limitPerAddress;
    this.#gaveWay = gaveWay;
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

  /** Whether one more handshake with that IP address may begin; the oldest of all is forgotten for it when it has had its time. */
  makeRoom(address: string, now: number): boolean {
    if ((this.#perAddress.get(address) ?? 0) >= this.#limitPerAddress) return false;
    if (this.#byPeer.size < this.#limit) return true;
    const [oldest] = this.#byPeer.values();
    if (oldest === undefined || now - oldest.startedAt < GIVES_WAY_AFTER_MS) return false;
    this.remove(oldest);
    this.#gaveWay(oldest);
    return true;
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
