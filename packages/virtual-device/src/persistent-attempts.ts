import type { Clock, Entropy } from '@cloudchamber/kernel';
import { BackOff } from './back-off.ts';
import type { ConnectionEnd } from './connection-end.ts';

export interface PersistentAttemptsOptions {
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** One connection, from the attempt to its end. */
  readonly attempt: () => Promise<ConnectionEnd>;
  /** Called before each wait between two attempts. */
  readonly waiting: (end: ConnectionEnd) => void;
}

/** Attempt after attempt, with growing waits between failures, until it is told to stop. */
export class PersistentAttempts {
  readonly #options: PersistentAttemptsOptions;
  readonly #backOff: BackOff;
  #stopped = false;
  #endPause: (() => void) | undefined;

  constructor(options: PersistentAttemptsOptions) {
    this.#options = options;
    this.#backOff = new BackOff(options.entropy);
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** @returns how the last attempt ended */
  async run(): Promise<ConnectionEnd> {
    for (;;) {
      const end = await this.#options.attempt();
      if (this.#stopped) return end;
      this.#options.waiting(end);
      await this.#pause(this.#backOff.next());
      if (this.#stopped) return end;
    }
  }

  /** The attempt has succeeded: the next wait is short again. */
  succeeded(): void {
    this.#backOff.reset();
  }

  /** Lets `run` return after the attempt that is under way. */
  stop(): void {
    this.#stopped = true;
    this.#endPause?.();
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.clock.after(ms, resolve);
      this.#endPause = () => {
        timer.cancel();
        resolve();
      };
    });
  }
}
