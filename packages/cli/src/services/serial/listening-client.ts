import { CliError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';
import { closedPort, silentDevice } from './port-failures.ts';
import type { SerialHost, SerialLine } from './serial-host.ts';

/** How long a device may think, ms: letters are answered at once. */
export const ANSWERS_WITHIN_MS = 5000;
/** What is kept of an answer. The longest, the list of modules, has some KB. */
const MOST_KEPT = 64 * 1024;

type Surroundings = Pick<Context, 'clock' | 'interrupted'>;

/** Talks with a device in listening mode. Nothing that comes is printed: echoes have passwords in them. */
export class ListeningClient {
  readonly #line: SerialLine;
  readonly #surroundings: Surroundings;
  #received = '';
  #ended = false;
  #wake: () => void = () => {};

  private constructor(line: SerialLine, surroundings: Surroundings) {
    this.#line = line;
    this.#surroundings = surroundings;
    line.onData((bytes) => {
      this.#received = (this.#received + Buffer.from(bytes).toString('latin1')).slice(-MOST_KEPT);
      this.#wake();
    });
    line.onEnd(() => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** Opens a port for as long as `use` takes. @throws CliError of the port, or of `use` */
  static async using<T>(
    path: string,
    host: SerialHost,
    surroundings: Surroundings,
    use: (client: ListeningClient) => Promise<T>,
  ): Promise<T> {
    const line = await host.open(path);
    try {
      return await use(new ListeningClient(line, surroundings));
    } finally {
      await line.close();
    }
  }

  /**
   * Sends, and waits until what came since matches.
   * @param withinMs ms of silence or noise that are borne
   * @throws CliError `offline` when it does not answer or the port goes away, `interrupted`
   */
  async exchange(text: string, pattern: RegExp, withinMs: number = ANSWERS_WITHIN_MS): Promise<RegExpExecArray> {
    this.#received = '';
    await this.#line.write(text);
    const { clock, interrupted } = this.#surroundings;
    const deadline = clock.monotonic() + withinMs;
    for (;;) {
      const found = pattern.exec(this.#received);
      if (found !== null) return found;
      if (this.#ended) throw closedPort(this.#line.path);
      if (interrupted.aborted) throw new CliError('interrupted', 'Interrupted');
      const left = deadline - clock.monotonic();
      if (left <= 0) throw silentDevice(this.#line.path, this.#received, text);
      await this.#news(left);
    }
  }

  /** Resolves when something came, the port ended, `ms` have passed or Ctrl-C was pressed. */
  async #news(ms: number): Promise<void> {
    const { clock, interrupted } = this.#surroundings;
    const { promise, resolve } = wakeable();
    const timer = clock.after(ms, resolve);
    interrupted.addEventListener('abort', resolve, { once: true });
    this.#wake = resolve;
    await promise;
    this.#wake = () => {};
    interrupted.removeEventListener('abort', resolve);
    timer.cancel();
  }
}

function wakeable(): { promise: Promise<void>; resolve: () => void } {
  let wake = (): void => {};
  const promise = new Promise<void>((resolve) => {
    wake = resolve;
  });
  return { promise, resolve: () => wake() };
}
