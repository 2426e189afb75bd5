import type { Entropy } from '@cloudchamber/kernel';
import { WireError } from '../wire-error.ts';

/** 00 ‖ 02 ‖ at least 8 bytes of padding ‖ 00 (RFC 8017 section 7.2.1). */
const OVERHEAD = 11;

/**
 * PKCS #1 v1.5 encryption padding (RFC 8017 section 7.2.1): 00 ‖ 02 ‖ random bytes without a zero ‖ 00 ‖ message.
 * @param size bytes of the modulus
 * @throws WireError `too_large` when the message leaves no room for 8 bytes of padding
 */
export function padForEncryption(message: Uint8Array, size: number, entropy: Entropy): Buffer {
  if (message.length > size - OVERHEAD) {
    throw new WireError('too_large', `${message.length} bytes for an RSA key of ${size}`, 'RFC 8017 7.2.1');
  }
  const block = Buffer.alloc(size);
  block[1] = 2;
  const separator = size - message.length - 1;
  for (let at = 2; at < separator; ) {
    for (const byte of entropy.bytes(separator - at)) {
      if (byte !== 0) block[at++] = byte;
    }
  }
  block.set(message, separator + 1);
  return block;
}

/** What a block held. `message` is always as long as the longest of the known lengths; only its first `length` bytes count. */
export interface Unpadded {
  readonly message: Buffer;
  readonly length: number;
}

/**
 * Takes the padding off without telling by its time, its result's form or an error whether it was right: a peer that learns this decrypts what it likes
 * (Bleichenbacher's attack, RFC 8017 section 7.2). With wrong padding the answer is `substitute`, which the protocol then finds to be wrong like any other message.
 *
 * The block is read the same way for each length that the protocol knows, with bit masks in the place of branches.
 * @param block the result of the raw private-key operation, as long as the modulus
 * @param lengths of the messages that may be inside, each at most the block's less 11
 * @param substitute random bytes, as many as the longest of `lengths`
 */
export function unpadAfterDecryption(block: Uint8Array, lengths: readonly number[], substitute: Uint8Array): Unpadded {
  const message = Buffer.alloc(substitute.length);
  let length = 0;
  let found = 0;
  for (const candidate of lengths) {
    const mask = maskOfForm(block, candidate);
    const start = block.length - candidate;
    for (let at = 0; at < candidate; at++)
      message[at] = (message[at] as number) | ((block[start + at] as number) & mask);
    length |= candidate & -(mask & 1);
    found |= mask;
  }
  const missing = ~found & 0xff;
  for (let at = 0; at < substitute.length; at++) {
    message[at] = (message[at] as number) | ((substitute[at] as number) & missing);
  }
  length |= substitute.length & -(missing & 1);
  return { message, length };
}

/** 0xff when the block is the padding of a message of that length, else 0. */
function maskOfForm(block: Uint8Array, length: number): number {
  const separator = block.length - length - 1;
  let wrong = (block[0] as number) | ((block[1] as number) ^ 2) | (block[separator] as number);
  // -1 for a byte of zero, whose bit 8 is set; every other byte stays below.
  for (let at = 2; at < separator; at++) wrong |= (((block[at] as number) - 1) >>> 8) & 1;
  return ((wrong - 1) >> 8) & 0xff;
}
