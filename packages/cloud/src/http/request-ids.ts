import type { Entropy } from '@cloudchamber/kernel';

const ID_BYTES = 8;
/** Asking the system for a few bytes costs as much as for many. */
const IDS_AT_ONCE = 512;

/** @returns a maker of request ids: 16 hex digits each. */
export function requestIds(entropy: Entropy): () => string {
  let digits = '';
  let at = 0;
  return () => {
    if (at === digits.length) {
      digits = entropy.bytes(ID_BYTES * IDS_AT_ONCE).toString('hex');
      at = 0;
    }
    const id = digits.slice(at, at + 2 * ID_BYTES);
    at += 2 * ID_BYTES;
    return id;
  };
}
