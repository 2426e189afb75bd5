import { createHash } from 'node:crypto';
import { type Clock, days, type Logger } from '@cloudchamber/kernel';
import type { Store } from '../../store/index.ts';
import { HourlyPruner } from '../hourly-pruner.ts';
import { deleteUnusedBlobs, insertBlob, readBlob, touchBlob } from './firmware-blob-store.ts';

/** What nothing refers to is kept for this long: somebody may be about to. */
const SPARED_MS = days(1);
const BATCH = 20;

/** Bytes of firmware by their SHA-256: what many devices get is stored once, and in memory once while anybody holds it. */
export class FirmwareBlobs {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #held = new Map<string, WeakRef<Uint8Array>>();
  readonly #hashes = new WeakMap<Uint8Array, string>();

  constructor({ store, clock }: { readonly store: Store; readonly clock: Clock }) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Stores them unless they are there. Resolves with their hash, in hex, when they are durable; refer to it within a day. */
  async put(data: Uint8Array): Promise<string> {
    const hash = this.#hashOf(data);
    const at = this.#clock.now();
    if (!(await touchBlob(this.#store.db, hash, at))) await insertBlob(this.#store.db, { hash, data, at });
    this.#hold(hash, data);
    return hash;
  }

  /** Resolves with undefined when there are none with that hash. Nobody may change what it resolves with. */
  async get(hash: string): Promise<Uint8Array | undefined> {
    const held = this.#held.get(hash)?.deref();
    if (held !== undefined) return held;
    const data = await readBlob(this.#store.db, hash);
    return data && this.#hold(hash, data);
  }

  #hold(hash: string, data: Uint8Array): Uint8Array {
    const held = this.#held.get(hash)?.deref();
    if (held !== undefined) return held;
    for (const [other, reference] of this.#held) if (reference.deref() === undefined) this.#held.delete(other);
    this.#held.set(hash, new WeakRef(data));
    this.#hashes.set(data, hash);
    return data;
  }

  #hashOf(data: Uint8Array): string {
    const known = this.#hashes.get(data);
    if (known !== undefined) return known;
    const hash = createHash('sha256').update(data).digest('hex');
    this.#hashes.set(data, hash);
    return hash;
  }
}

/** Deletes firmware that no version, module or pending update refers to any more. */
export class BlobPruner extends HourlyPruner {
  constructor(ctx: { readonly store: Store; readonly clock: Clock; readonly log: Logger }) {
    const { store, clock } = ctx;
    super(ctx, {
      deleteSome: () => deleteUnusedBlobs(store.db, clock.now() - SPARED_MS, BATCH),
      batch: BATCH,
      failure: 'unused firmware could not be deleted',
    });
  }
}
