import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProgramOptions {
  /** A script of this repository from its root, and what it is told: `['scripts/run.mjs', 'start']`. */
  readonly command: readonly [script: string, ...args: string[]];
  /** Working folder: outside the repository, so that no `.env` of a developer is read. */
  readonly cwd: string;
  /** All of its environment besides PATH and HOME. */
  readonly env: Readonly<Record<string, string>>;
  /** Signals go to the program and to all that it started, as Ctrl-C in a terminal does. */
  readonly asGroup?: boolean;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MOST_KEPT_CHARACTERS = 200_000;

const running = new Set<Program>();
process.on('exit', () => {
  for (const program of running) program.signal('SIGKILL');
});

/** A program of this repository in a process of its own, with what it printed. It does not outlive the tests. */
export class Program {
  /** Resolves when the process is gone. */
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #asGroup: boolean;
  #stdout = '';
  #stderr = '';
  #exit: Exit | undefined;

  constructor({ command, cwd, env, asGroup = false }: ProgramOptions) {
    const [script, ...args] = command;
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, [`${ROOT}${script}`, ...args], {
      cwd,
      env: { PATH, HOME, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: asGroup,
    });
    this.#child = child;
    this.#asGroup = asGroup;
    running.add(this);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout = (this.#stdout + text).slice(-MOST_KEPT_CHARACTERS);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-MOST_KEPT_CHARACTERS);
    });
    this.exited = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        running.delete(this);
        this.#exit = { code, signal };
        resolve(this.#exit);
      });
    });
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the process did not start');
    return this.#child.pid;
  }

  /** Undefined while it runs. */
  get exit(): Exit | undefined {
    return this.#exit;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  signal(name: NodeJS.Signals): void {
    if (!this.#asGroup) this.#child.kill(name);
    else if (this.groupIsAlive) process.kill(-this.pid, name);
  }

  /** Whether the program, or anything that it started, still runs; for a program that was started as a group. */
  get groupIsAlive(): boolean {
    try {
      return process.kill(-this.pid, 0);
    } catch {
      return false;
    }
  }

  /** Asks it to end with `name` and waits. @throws Error with the end of its log when it takes longer than `withinMs` or ends otherwise than with code 0 */
  async end(name: 'SIGTERM' | 'SIGINT', withinMs: number): Promise<void> {
    this.signal(name);
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), withinMs);
    const exit = await Promise.race([this.exited, late]);
    clearTimeout(timer);
    if (exit?.code === 0) return;
    const outcome = exit === undefined ? `still runs after ${withinMs} ms` : `ended with ${exit.code ?? exit.signal}`;
    this.signal('SIGKILL');
    throw new Error(`after ${name} the process ${outcome}\n${this.#stderr.slice(-4000)}`);
  }
}
