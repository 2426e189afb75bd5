import { type Entropy, minutes } from '@cloudchamber/kernel';
import type { PrivateKeyP256 } from '@cloudchamber/wire';

/** How long a device may wait before it tries again, and longer: so long one failure counts. */
const RECENT_MS = minutes(15);
/** Addresses remembered at most; the one that was silent longest is forgotten first. */
const MAX_ADDRESSES = 10_000;

/**
 * Chooses the key that a handshake is signed with while the cloud has two. A ClientHello doesn't tell which one the device holds, but a device that is offered
 * the wrong one says so with a fatal alert and comes back: what was learned about an IP address decides its next handshake.
 *
 * Where devices with both keys came from one address lately, it is chance: no order in which they take turns can lock one of them out. Nothing is
 * remembered while there is one key. Written down in docs/decisions/0004-key-rotation.md.
 */
export class IdentityChoice {
  readonly #entropy: Entropy;
  #identities: readonly [PrivateKeyP256, ...PrivateKeyP256[]];
  /** By IP address: when a device there last showed that it holds a key, monotonic ms. */
  readonly #held = new Map<string, Map<PrivateKeyP256, number>>();

  constructor(identity: PrivateKeyP256, entropy: Entropy) {
    this.#identities = [identity];
    this.#entropy = entropy;
  }

  /** These keys from now on, the one that most devices hold first. */
  use(identities: readonly [PrivateKeyP256, ...PrivateKeyP256[]]): void {
    this.#identities = identities;
    this.#held.clear();
  }

  /** The key to offer to whoever says hello from `address`. */
  offer(address: string, now: number): PrivateKeyP256 {
    const [first] = this.#identities;
    const held = this.#identities.length === 1 ? undefined : this.#held.get(address);
    if (held === undefined) return first;
    const recent = this.#identities.filter((identity) => now - (held.get(identity) ?? -Infinity) <= RECENT_MS);
    if (recent.length > 0) return recent[Math.floor(this.#entropy.fraction() * recent.length)] ?? first;
    const [latest] = [...held].toSorted(([, one], [, other]) => other - one);
    return latest?.[0] ?? first;
  }

  /** A device there has finished a handshake under that key. */
  accepted(address: string, identity: PrivateKeyP256, now: number): void {
    this.#learn(address, [identity], now);
  }

  /** A device there has refused that key, so it holds the other. */
  refused(address: string, identity: PrivateKeyP256, now: number): void {
    this.#learn(
      address,
      this.#identities.filter((other) => other !== identity),
      now,
    );
  }

  /** A device there has fallen silent at the sight of a key, as old firmware does when it is the wrong one. Or its datagrams were lost. */
  unanswered(address: string, now: number): void {
    this.#learn(address, this.#identities, now);
  }

  #learn(address: string, identities: readonly PrivateKeyP256[], now: number): void {
    if (this.#identities.length === 1) return;
    const held = this.#held.get(address) ?? new Map<PrivateKeyP256, number>();
    for (const identity of identities) if (this.#identities.includes(identity)) held.set(identity, now);
    this.#held.delete(address);
    this.#held.set(address, held);
    if (this.#held.size <= MAX_ADDRESSES) return;
    const [oldest] = this.#held.keys();
    if (oldest !== undefined) this.#held.delete(oldest);
  }
}
