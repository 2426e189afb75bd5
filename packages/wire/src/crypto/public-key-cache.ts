import type { KeyObject } from 'node:crypto';
import { parseSpki } from './spki.ts';

/** Parsed public keys by their SPKI, least recently used first out: parsing costs half as much as a verification. */
export class PublicKeyCache {
  readonly #keys = new Map<string, KeyObject>();
  readonly #capacity: number;

  /** @param capacity keys kept, about 1.5 KB each */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#keys.size;
  }

  /** @throws WireError as `parseSpki` does; what does not parse is not kept */
  get(spki: Uint8Array): KeyObject {
    const id = Buffer.from(spki.buffer, spki.byteOffset, spki.length).toString('latin1');
    const key = this.#keys.get(id) ?? parseSpki(spki);
    this.#keys.delete(id);
    this.#keys.set(id, key);
    if (this.#keys.size > this.#capacity) {
      for (const oldest of this.#keys.keys()) {
        this.#keys.delete(oldest);
        break;
      }
    }
    return key;
  }
}
