/** Where randomness comes from. Tests pass a seeded one; only `system-entropy.ts` touches the real thing. */
export interface Entropy {
  /** `length` unpredictable bytes that the caller owns. */
  bytes(length: number): Buffer;
  /** A number in [0, 1), for jitter; not for secrets. */
  fraction(): number;
}
