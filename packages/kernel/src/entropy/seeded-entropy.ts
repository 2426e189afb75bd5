import type { Entropy } from './entropy.ts';

/**
 * A repeatable source for tests and simulations (mulberry32). Never for secrets.
 * @param seed 32-bit start value; the same seed gives the same bytes.
 */
export function seededEntropy(seed: number): Entropy {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return {
    bytes(length) {
      const out = Buffer.allocUnsafe(length);
      for (let at = 0; at < length; at++) out[at] = next() >>> 24;
      return out;
    },
    fraction: () => next() / 0x1_0000_0000,
  };
}
