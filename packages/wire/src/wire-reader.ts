import { ByteReader } from '@cloudchamber/kernel';
import { WireError } from './wire-error.ts';

/** A strict reader for bytes from a peer: a short read or leftover bytes throw `WireError`, naming the clause being read. */
export class WireReader extends ByteReader {
  readonly #clause: string;

  constructor(bytes: Uint8Array, clause: string, offset = 0) {
    super(bytes, offset);
    this.#clause = clause;
  }

  protected override fail(message: string, offset: number): never {
    throw new WireError('truncated', message, this.#clause, offset);
  }
}
