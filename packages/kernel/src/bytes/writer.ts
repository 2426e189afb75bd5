/** An append-only byte buffer that grows by doubling. Integers are big-endian unless the name says otherwise. */
export class ByteWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(capacity = 128) {
    this.#buffer = Buffer.allocUnsafe(capacity);
  }

  get length(): number {
    return this.#length;
  }

  u8(value: number): this {
    const at = this.#reserve(1);
    this.#buffer[at] = value;
    return this;
  }

  u16(value: number): this {
    this.#buffer.writeUInt16BE(value, this.#reserve(2));
    return this;
  }

  u24(value: number): this {
    this.#buffer.writeUIntBE(value, this.#reserve(3), 3);
    return this;
  }

  u32(value: number): this {
    this.#buffer.writeUInt32BE(value, this.#reserve(4));
    return this;
  }

  u48(value: number): this {
    this.#buffer.writeUIntBE(value, this.#reserve(6), 6);
    return this;
  }

  u16le(value: number): this {
    this.#buffer.writeUInt16LE(value, this.#reserve(2));
    return this;
  }

  u32le(value: number): this {
    this.#buffer.writeUInt32LE(value, this.#reserve(4));
    return this;
  }

  bytes(value: Uint8Array): this {
    this.#buffer.set(value, this.#reserve(value.length));
    return this;
  }

  /** What was written, as a copy of exactly that length. */
  finish(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.#length));
  }

  #reserve(length: number): number {
    const at = this.#length;
    const needed = at + length;
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
      grown.set(this.#buffer.subarray(0, at));
      this.#buffer = grown;
    }
    this.#length = needed;
    return at;
  }
}
