import { BytesError } from '../errors.ts';

/**
 * A strict reader over bytes it does not own. A read past the end throws; it never returns fewer bytes than asked for.
 * Returned slices share memory with the input: copy what outlives the call.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset: number;

  constructor(bytes: Uint8Array, offset = 0) {
    this.#bytes = bytes;
    this.#offset = offset;
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  u8(): number {
    const at = this.#advance(1);
    return this.#bytes[at] as number;
  }

  u16(): number {
    const at = this.#advance(2);
    return ((this.#bytes[at] as number) << 8) | (this.#bytes[at + 1] as number);
  }

  u24(): number {
    return this.#big(3);
  }

  u32(): number {
    return this.#big(4);
  }

  /** 48-bit unsigned, exact in a JavaScript number. */
  u48(): number {
    return this.#big(6);
  }

  u16le(): number {
    const at = this.#advance(2);
    return (this.#bytes[at] as number) | ((this.#bytes[at + 1] as number) << 8);
  }

  u32le(): number {
    const at = this.#advance(4);
    return (
      (this.#bytes[at + 3] as number) * 0x1000000 +
      (((this.#bytes[at + 2] as number) << 16) | ((this.#bytes[at + 1] as number) << 8) | (this.#bytes[at] as number))
    );
  }

  /** `length` bytes as a view on the input. */
  bytes(length: number): Uint8Array {
    const at = this.#advance(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** Everything that is left, as a view on the input. */
  rest(): Uint8Array {
    return this.bytes(this.remaining);
  }

  /** @throws BytesError when bytes are left over. */
  expectEnd(): void {
    if (this.remaining !== 0) this.fail(`${this.remaining} bytes left over`, this.#offset);
  }

  /** Subclasses throw their own error with the same offset. */
  protected fail(message: string, offset: number): never {
    throw new BytesError(message, offset);
  }

  /** A big-endian number of up to 6 bytes, read whole or not at all. */
  #big(length: number): number {
    const at = this.#advance(length);
    let value = 0;
    for (let index = at; index < at + length; index++) value = value * 256 + (this.#bytes[index] as number);
    return value;
  }

  #advance(length: number): number {
    const at = this.#offset;
    if (length < 0 || at + length > this.#bytes.length) {
      this.fail(`wanted ${length} bytes at ${at} of ${this.#bytes.length}`, at);
    }
    this.#offset = at + length;
    return at;
  }
}
