import { hash } from 'node:crypto';
import type { Entropy } from '@cloudchamber/kernel';

/** @returns a fresh id of a user, token or grant: 24 hex digits. */
export function newId(entropy: Entropy): string {
  return entropy.bytes(12).toString('hex');
}

/** @returns a fresh token or client secret: 40 hex digits, 160 bits. */
export function newSecret(entropy: Entropy): string {
  return entropy.bytes(20).toString('hex');
}

/** What the store keeps of a token or client secret: SHA-256, hex. They are random, so no salt and no slow hash is needed. */
export function digest(secret: string): string {
  return hash('sha256', secret);
}
