import { sha256 } from '@cloudchamber/wire';

/** Hex digits of a digest. */
const LENGTH = 16;

/** The digest of nothing that was ever sent. */
export const NO_DIGEST = '0'.repeat(LENGTH);

/**
 * 16 hex digits that stand for content. A device keeps them of what the server acknowledged, and on resume sends only what has changed since; Device OS uses
 * a CRC-32 for this, which never travels (protocol sections 1.8 and 8.1).
 */
export function digest(...parts: readonly (Uint8Array | string)[]): string {
  const lengths = parts.map((part) => Buffer.byteLength(part)).join(',');
  const bytes = [Buffer.from(lengths), ...parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))];
  return sha256(Buffer.concat(bytes)).toString('hex', 0, LENGTH / 2);
}
