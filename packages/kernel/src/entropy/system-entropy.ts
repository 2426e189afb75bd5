import { randomBytes } from 'node:crypto';
import type { Entropy } from './entropy.ts';

/** The operating system's random source. */
export const systemEntropy: Entropy = {
  bytes: (length) => randomBytes(length),
  fraction: () => Math.random(),
};
