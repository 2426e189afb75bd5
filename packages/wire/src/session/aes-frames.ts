import { AES_BLOCK, type CbcKey, cbcKey, decryptCbc, encryptCbc } from '../crypto/index.ts';
import { WireError } from '../wire-error.ts';
import { ByteCollector } from './byte-collector.ts';
import type { Credentials } from './credentials.ts';

/** The largest CoAP message in a frame, in bytes: as over UDP (protocol section 3.4). */
export const MAX_FRAME_MESSAGE = 1152;

const MAX_CIPHERTEXT = MAX_FRAME_MESSAGE + AES_BLOCK;
const LENGTH_BYTES = 2;
const CLAUSE = 'protocol section 2.2';

/**
 * CoAP messages in a TCP stream: u16 length ‖ AES-128-CBC ciphertext. Each direction has its own IV; the next one is the first 16 bytes of the ciphertext before.
 *
 * There is no MAC. Bytes that were tampered with show as wrong padding or as a message that makes no sense: after the first such sign the stream must be closed,
 * and its key with it, so that nobody can ask twice.
 */
export class AesFrames {
  readonly #rawKey: Uint8Array;
  #key: CbcKey | undefined;
  #writeIv: Uint8Array;
  #readIv: Uint8Array;
  #length = new ByteCollector(LENGTH_BYTES);
  #ciphertext: ByteCollector | undefined;

  constructor({ key, iv }: Credentials) {
    this.#rawKey = new Uint8Array(key);
    this.#writeIv = new Uint8Array(iv);
    this.#readIv = this.#writeIv;
  }

  /** Whether a frame has begun to arrive and isn't complete. */
  get partial(): boolean {
    return this.#length.filled > 0;
  }

  /** The frame for one CoAP message. @throws WireError `too_large` over 1152 bytes */
  seal(message: Uint8Array): Buffer {
    if (message.length > MAX_FRAME_MESSAGE) {
      throw new WireError('too_large', `a message of ${message.length} bytes`, CLAUSE);
    }
    const ciphertext = encryptCbc(this.#currentKey(), this.#writeIv, message);
    const frame = Buffer.allocUnsafe(LENGTH_BYTES + ciphertext.length);
    frame.writeUInt16BE(ciphertext.length);
    frame.set(ciphertext, LENGTH_BYTES);
    this.#writeIv = firstBlock(ciphertext);
    return frame;
  }

  /**
   * The messages that are complete with these bytes, decrypted one by one while they are taken.
   * @throws WireError `too_large` or `malformed` for a length that no frame has, `unauthenticated` for wrong padding. The stream is unusable then.
   */
  *open(bytes: Uint8Array): Generator<Buffer> {
    let rest = bytes;
    while (rest.length > 0) {
      rest = this.#length.take(rest);
      const length = this.#length.complete;
      if (length === undefined) return;
      this.#ciphertext ??= new ByteCollector(checkLength(length.readUInt16BE()));
      rest = this.#ciphertext.take(rest);
      const ciphertext = this.#ciphertext.complete;
      if (ciphertext === undefined) return;
      this.#length = new ByteCollector(LENGTH_BYTES);
      this.#ciphertext = undefined;
      const message = decryptCbc(this.#currentKey(), this.#readIv, ciphertext);
      this.#readIv = firstBlock(ciphertext);
      yield message;
    }
  }

  /** Drops what can be made again, after some idle time. */
  coolDown(): void {
    this.#key = undefined;
  }

  #currentKey(): CbcKey {
    this.#key ??= cbcKey(this.#rawKey);
    return this.#key;
  }
}

function firstBlock(ciphertext: Uint8Array): Uint8Array {
  return new Uint8Array(ciphertext.subarray(0, AES_BLOCK));
}

function checkLength(length: number): number {
  if (length > MAX_CIPHERTEXT) throw new WireError('too_large', `a frame of ${length} bytes`, CLAUSE);
  if (length === 0 || length % AES_BLOCK !== 0) throw new WireError('malformed', `a frame of ${length} bytes`, CLAUSE);
  return length;
}
