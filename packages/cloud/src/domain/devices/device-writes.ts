import type { Kysely } from 'kysely';
import type { Store, Tables } from '../../store/index.ts';

export type DeviceWrite = (db: Kysely<Tables>) => Promise<void>;

interface Waiting {
  readonly write: DeviceWrite;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Enough to serve a storm of handshakes, few enough that an event's commit does not wait long behind one transaction. */
const LARGEST_BATCH = 500;

/**
 * What devices cause to be stored, in order, one transaction for everything that waited while the last one was syncing: ten thousand devices that
 * come back at once cost some twenty commits. A promise resolves after the commit.
 */
export class DeviceWrites {
  readonly #store: Store;
  readonly #largestBatch: number;
  readonly #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;

  /** @param largestBatch writes per transaction; 1 where a write holds rows in an order that its neighbours would upset */
  constructor(store: Store, largestBatch = LARGEST_BATCH) {
    this.#store = store;
    this.#largestBatch = largestBatch;
  }

  /** Runs `write` after every one before it. Rejects with its own error alone, not with a neighbour's. */
  run(write: DeviceWrite): Promise<void> {
    const done = new Promise<void>((resolve, reject) => this.#waiting.push({ write, resolve, reject }));
    this.#running ??= this.#drain();
    return done;
  }

  /** Resolves when nothing waits any more. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, this.#largestBatch));
    this.#running = undefined;
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.#inTransaction(batch);
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error);
      // One of them failed and took the others along: each gets its own transaction.
      else for (const one of batch) await this.#commit([one]);
      return;
    }
    for (const { resolve } of batch) resolve();
  }

  async #inTransaction(batch: readonly Waiting[]): Promise<void> {
    await this.#store.db.transaction().execute(async (db) => {
      // Started together, so that the driver sends them in one go; it keeps their order.
      const results = await Promise.allSettled(batch.map(({ write }) => write(db)));
      for (const result of results) if (result.status === 'rejected') throw result.reason;
    });
  }
}
