import type { Entropy } from '@cloudchamber/kernel';
import { digest } from './secrets.ts';

const CODES = 10;
const BYTES = 10;

/** @returns ten fresh codes of 80 bits, each `xxxxx-xxxxx-xxxxx-xxxxx` in hex. */
export function newRecoveryCodes(entropy: Entropy): string[] {
  return Array.from({ length: CODES }, () => {
    const hex = entropy.bytes(BYTES).toString('hex');
    return hex.replace(/(.{5})(?=.)/g, '$1-');
  });
}

/** What the store keeps of a recovery code, however it is spelled: SHA-256, hex. */
export function recoveryCodeHash(code: string): string {
  return digest(code.toLowerCase().replace(/[^0-9a-f]/g, ''));
}
