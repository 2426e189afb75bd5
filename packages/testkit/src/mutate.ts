import type { Entropy } from '@cloudchamber/kernel';

const EDGES = [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff];

/**
 * One of `corpus` with one to four things wrong with it: bits flipped, bytes set to values at the edge, cut off, added, said twice, or continued with a part of
 * another one. Sometimes it is what it was.
 * @param corpus at least one; none of them is changed
 */
export function mutate(corpus: readonly Uint8Array[], entropy: Entropy): Buffer {
  const below = (limit: number): number => Math.floor(entropy.fraction() * limit);
  const pick = (): Uint8Array => corpus[below(corpus.length)] ?? new Uint8Array(0);
  let bytes = Buffer.from(pick());
  for (let change = below(4); change >= 0; change--) {
    const at = below(bytes.length + 1);
    const kind = below(8);
    if (kind === 0) bytes = Buffer.concat([bytes.subarray(0, at), entropy.bytes(below(24)), bytes.subarray(at)]);
    else if (kind === 1) bytes = bytes.subarray(0, at);
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), pick().subarray(at)]);
    else if (kind === 3) bytes = Buffer.concat([bytes, pick()]);
    else if (kind === 4) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + below(24))]);
    else if (kind === 5 && at < bytes.length) bytes[at] = EDGES[below(EDGES.length)] ?? 0;
    else if (kind === 6 && at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
    else if (at < bytes.length) bytes[at] = below(256);
  }
  return bytes;
}
