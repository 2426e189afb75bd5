import { errorMessage, type Logger } from '@cloudchamber/kernel';

const MOST_RUNNING = 100;

/**
 * Work that a reply does not wait for, so that the time it takes tells the caller nothing. At most 100 at once: what is beyond that is dropped
 * with a line in the log.
 */
export class Aside {
  readonly #log: Logger;
  readonly #running = new Set<Promise<void>>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** @param name for the log when `work` fails. */
  run(name: string, work: () => Promise<void>): void {
    if (this.#running.size >= MOST_RUNNING) {
      this.#log.warn({ name }, 'too much is under way: work was dropped');
      return;
    }
    const running = work()
      .catch((error: unknown) => this.#log.error({ name, error: errorMessage(error) }, 'work after a reply failed'))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
