import type { Entropy } from '@cloudchamber/kernel';
import { equalConstantTime } from '../crypto/constant-time.ts';
import { type HmacKey, hmacKey, hmacSha256 } from '../crypto/digest.ts';

const SECRET_LENGTH = 32;

/**
 * Makes and checks cookies without remembering any (RFC 6347 section 4.2.1): an HMAC under a secret that changes every `rotateMs`.
 * The secret before it stays good, so a cookie lives for at least `rotateMs` and at most twice that.
 */
export class CookieJar {
  readonly #entropy: Entropy;
  readonly #rotateMs: number;
  #current: HmacKey;
  #previous: HmacKey;
  #since = Number.NEGATIVE_INFINITY;

  constructor(entropy: Entropy, rotateMs: number) {
    this.#entropy = entropy;
    this.#rotateMs = rotateMs;
    this.#current = this.#newSecret();
    this.#previous = this.#newSecret();
  }

  /**
   * The 32-byte cookie for a ClientHello from an address.
   * @param peer address and port in bytes, up to 255
   * @param hello the parts of the hello that it vouches for
   */
  make(peer: Uint8Array, hello: readonly Uint8Array[], now: number): Buffer {
    this.#rotate(now);
    return cookieUnder(this.#current, peer, hello);
  }

  /** Whether `cookie` was made for the same address and hello, not too long ago. */
  check(cookie: Uint8Array, peer: Uint8Array, hello: readonly Uint8Array[], now: number): boolean {
    this.#rotate(now);
    return (
      equalConstantTime(cookie, cookieUnder(this.#current, peer, hello)) ||
      equalConstantTime(cookie, cookieUnder(this.#previous, peer, hello))
    );
  }

  #rotate(now: number): void {
    const age = now - this.#since;
    if (age < this.#rotateMs) return;
    this.#previous = age < 2 * this.#rotateMs ? this.#current : this.#newSecret();
    this.#current = this.#newSecret();
    this.#since = now;
  }

  #newSecret(): HmacKey {
    return hmacKey(this.#entropy.bytes(SECRET_LENGTH));
  }
}

function cookieUnder(secret: HmacKey, peer: Uint8Array, hello: readonly Uint8Array[]): Buffer {
  return hmacSha256(secret, Uint8Array.of(peer.length), peer, ...hello);
}
