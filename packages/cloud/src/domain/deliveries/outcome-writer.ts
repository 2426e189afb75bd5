import { type Clock, errorMessage, type Logger, seconds, type Timer } from '@cloudchamber/kernel';
import type { Store } from '../../store/index.ts';
import { type Outcome, type OutcomeLog, type Refusals, storeOutcomes } from './outcome-store.ts';

export interface OutcomeWriterParts {
  readonly store: Pick<Store, 'db'>;
  readonly clock: Clock;
  readonly log: Logger;
}

const PER_COMMIT = 300;
const TRY_AGAIN = seconds(1);

interface Waiting {
  readonly outcome: Outcome;
  resolve(stored: boolean): void;
}

/** Stores what becomes of deliveries: one transaction for everything that came while the last one was syncing, tried until the store takes it. */
export class OutcomeWriter {
  readonly #parts: OutcomeWriterParts;
  #waiting: Waiting[] = [];
  /** By integration. */
  #refusals = new Map<string, Refusals>();
  #running: Promise<void> | undefined;
  #closed = false;
  #pause: { readonly timer: Timer; readonly end: () => void } | undefined;

  constructor(parts: OutcomeWriterParts) {
    this.#parts = parts;
  }

  /** @returns true after the commit; false when the writer closed without one, and the delivery is owed as before. */
  write(outcome: Outcome): Promise<boolean> {
    const stored = new Promise<boolean>((resolve) => this.#waiting.push({ outcome, resolve }));
    this.#running ??= this.#run();
    return stored;
  }

  /** Counts an event that was refused; the newest one's log is kept. */
  refuse(integrationId: string, log: OutcomeLog): void {
    const count = (this.#refusals.get(integrationId)?.count ?? 0) + 1;
    this.#refusals.set(integrationId, { integrationId, at: this.#parts.clock.now(), count, log });
    this.#running ??= this.#run();
  }

  /** Tries once more to store what waits, and resolves when nothing is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#pause?.timer.cancel();
    this.#pause?.end();
    await this.#running;
  }

  async #run(): Promise<void> {
    // Lets the rest of this turn join the first commit.
    await Promise.resolve();
    while (this.#waiting.length > 0 || this.#refusals.size > 0) {
      const batch = this.#waiting.splice(0, PER_COMMIT);
      const refusals = [...this.#refusals.values()];
      this.#refusals = new Map();
      const stored = await this.#store(batch, refusals);
      for (const { resolve } of batch) resolve(stored);
    }
    this.#running = undefined;
  }

  async #store(batch: readonly Waiting[], refusals: readonly Refusals[]): Promise<boolean> {
    const { store, log } = this.#parts;
    const outcomes = batch.map(({ outcome }) => outcome);
    for (;;) {
      try {
        await store.db.transaction().execute((db) => storeOutcomes(db, outcomes, refusals));
        return true;
      } catch (error) {
        log.error(
          { deliveries: outcomes.length, error: errorMessage(error) },
          'outcomes of deliveries were not stored',
        );
        if (this.#closed) return false;
        await this.#rest();
      }
    }
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        this.#pause = undefined;
        resolve();
      };
      this.#pause = { timer: this.#parts.clock.after(TRY_AGAIN, end), end };
    });
  }
}
