import { hours, type Timer } from '@cloudchamber/kernel';
import type { Ambient } from './context.ts';

const EVERY = hours(1);

export interface Pruning {
  /** Deletes at most `batch` rows that are too old or too many. @returns how many */
  deleteSome(): Promise<number>;
  /** One statement deletes no more, so that others get their turn. */
  readonly batch: number;
  /** What the log says when it fails. */
  readonly failure: string;
}

/** Keeps something bounded: deletes at once, then every hour, a little at a time. A failure is logged, and tried again an hour later. */
export class HourlyPruner {
  readonly #ctx: Pick<Ambient, 'clock' | 'log'>;
  readonly #pruning: Pruning;
  #timer: Timer | undefined;
  #running: Promise<void>;
  #closed = false;

  constructor(ctx: Pick<Ambient, 'clock' | 'log'>, pruning: Pruning) {
    this.#ctx = ctx;
    this.#pruning = pruning;
    this.#running = this.#run();
  }

  /** Resolves when a deletion that is under way has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { batch, failure } = this.#pruning;
    const { clock, log } = this.#ctx;
    try {
      for (let deleted = batch; deleted >= batch && !this.#closed; ) deleted = await this.#pruning.deleteSome();
    } catch (error) {
      log.error({ err: error }, `${failure}; the next try is in an hour`);
    }
    if (this.#closed) return;
    this.#timer = clock.after(EVERY, () => {
      this.#running = this.#run();
    });
  }
}
