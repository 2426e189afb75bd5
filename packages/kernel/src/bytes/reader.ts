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
    return this.u8() * 0x10000 + this.u16();
  }

  u32(): number {
    return this.u16() * 0x10000 + this.u16();
  }

  /** 48-bit unsigned, exact in a JavaScript number. */
  u48(): number {
    return this.u16() * 0x100000000 + this.u32();
  }

  u16le(): number {
    return this.u8() | (this.u8() << 8);
  }

  u32le(): number {
    return this.u16le() + this.u16le() * 0x10000;
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

  #advance(length: number): number {
    const at = this.#offset;
    if (length < 0 || at + length > this.#bytes.length) {
      this.fail(`wanted ${length} bytes at ${at} of ${this.#bytes.length}`, at);
    }
    this.#offset = at + length;
    return at;
  }
}
