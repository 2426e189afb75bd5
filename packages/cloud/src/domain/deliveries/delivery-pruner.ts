import { type Clock, days, errorMessage, hours, type Logger, type Timer } from '@cloudchamber/kernel';
import type { Store } from '../../store/index.ts';
import { countDeliveries, deleteOldFailures, nextOwedIntegration } from './delivery-store.ts';
import { deleteOldHistory } from './outcome-store.ts';

/** Failed deliveries, counters and logs are kept for this long (section 5 of the event notes). */
const KEPT_FOR = days(30);
/** Failed deliveries of one integration. */
const MOST_FAILED = 100_000;
const EVERY = hours(1);
/** One statement deletes no more, so that others get their turn. */
const BATCH = 2000;

export interface DeliveryPrunerParts {
  readonly store: Pick<Store, 'db'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Keeps what is remembered of deliveries bounded, in age and in number: looks at it when it starts and every hour. */
export class DeliveryPruner {
  readonly #parts: DeliveryPrunerParts;
  readonly #most: number;
  #timer: Timer | undefined;
  #running: Promise<void>;
  #closed = false;
  #failed = 0;

  /** @param most failed deliveries that are kept for one integration */
  constructor(parts: DeliveryPrunerParts, most = MOST_FAILED) {
    this.#parts = parts;
    this.#most = most;
    this.#running = this.#run();
  }

  /** Failed deliveries that are kept, as of the last look. */
  get failed(): number {
    return this.#failed;
  }

  /** Resolves when a deletion that is under way has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, log } = this.#parts;
    try {
      const before = clock.now() - KEPT_FOR;
      await this.#repeat(() => deleteOldHistory(this.#parts.store.db, before, BATCH));
      await this.#pruneFailures(before);
    } catch (error) {
      log.error({ error: errorMessage(error) }, 'old deliveries could not be deleted; the next try is in an hour');
    }
    if (this.#closed) return;
    this.#timer = clock.after(EVERY, () => {
      this.#running = this.#run();
    });
  }

  async #pruneFailures(before: number): Promise<void> {
    const { db } = this.#parts.store;
    let failed = 0;
    let id = await nextOwedIntegration(db, '');
    while (id !== undefined && !this.#closed) {
      const integrationId = id;
      await this.#repeat(() => deleteOldFailures(db, integrationId, { before, most: this.#most, limit: BATCH }));
      failed += await countDeliveries(db, integrationId, 'failed', this.#most);
      id = await nextOwedIntegration(db, integrationId);
    }
    this.#failed = failed;
  }

  /** @param remove deletes some and says how many */
  async #repeat(remove: () => Promise<number>): Promise<void> {
    for (let gone = BATCH; gone >= BATCH && !this.#closed; ) gone = await remove();
  }
}
