/** Puts a message of known length together from the pieces in which a stream delivers it. */
export class ByteCollector {
  readonly #bytes: Buffer;
  #filled = 0;

  constructor(length: number) {
    this.#bytes = Buffer.allocUnsafe(length);
  }

  get filled(): number {
    return this.#filled;
  }

  /** Takes what is missing from the front of `piece`. @returns what it left over */
  take(piece: Uint8Array): Uint8Array {
    const taken = piece.subarray(0, this.#bytes.length - this.#filled);
    this.#bytes.set(taken, this.#filled);
    this.#filled += taken.length;
    return piece.subarray(taken.length);
  }

  /** All of it; undefined while some is missing. */
  get complete(): Buffer | undefined {
    return this.#filled === this.#bytes.length ? this.#bytes : undefined;
  }
}
