import type { Writable } from 'node:stream';
import type { Output, Style } from './output.ts';
import { drawnBar, noBar } from './progress-bar.ts';

/** A stream of a process, which may be a terminal. */
export type Channel = Writable & { readonly isTTY?: boolean };

interface OutputOptions {
  readonly stdout: Channel;
  readonly stderr: Channel;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** ms, for how often a bar is drawn. */
  readonly now: () => number;
  /** Is called once when the reader of stdout is gone (a closed pipe). */
  onClosed(): void;
  /** Is called when stdout cannot be written for another reason, such as a full disk. */
  onFailed(error: Error): void;
}

/** The output of a process. What stdout cannot take is told to the two callbacks; `flush` always resolves. */
export function openOutput(options: OutputOptions): Output {
  const { stdout, stderr, json, quiet, verbose } = options;
  let closed = false;
  let broken = false;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (broken) return;
    broken = true;
    if (error.code === 'EPIPE') {
      closed = true;
      options.onClosed();
    } else options.onFailed(error);
  });
  // Nobody is left to be told.
  stderr.on('error', () => {});
  const print = (text: string): void => {
    if (!broken) stdout.write(text);
  };
  const colours = coloursOf(stdout, options.env);
  const say = (text: string): void => void stderr.write(`${text}\n`);
  const lines = (text: string | readonly string[]): string => {
    const whole = typeof text === 'string' ? text : text.join('\n');
    return whole === '' && typeof text !== 'string' ? '' : `${whole}\n`;
  };
  const put = (data: unknown, text: string | readonly string[]): void =>
    print(json ? `${JSON.stringify({ ok: true, data: data ?? null })}\n` : lines(text));
  return {
    json,
    terminal: stdout.isTTY === true,
    live: stderr.isTTY === true && !json && !quiet,
    result: put,
    item: put,
    echo: print,
    note: (text) => {
      if (!json && !quiet) say(text);
    },
    warn: say,
    verbose: (text) => {
      if (verbose) say(text);
    },
    bar: (label, total) => {
      if (json || quiet) return noBar;
      if (stderr.isTTY === true) return drawnBar(label, total, (text) => void stderr.write(text), options.now);
      say(label);
      return noBar;
    },
    style: styleOf(colours),
    get closed() {
      return closed;
    },
    flush: async () => {
      await Promise.all([drained(stdout, () => broken), drained(stderr, () => false)]);
    },
  };
}

function drained(stream: Channel, broken: () => boolean): Promise<void> {
  if (broken() || stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    stream.write('', () => resolve());
  });
}

/** https://no-color.org: any value but an empty one switches colours off. */
function coloursOf(stdout: Channel, env: Readonly<Record<string, string | undefined>>): boolean {
  if ((env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb') return false;
  return stdout.isTTY === true;
}

function styleOf(colours: boolean): Style {
  const wrap = (open: number, close: number) => (text: string) =>
    colours ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return { bold: wrap(1, 22), dim: wrap(2, 22), green: wrap(32, 39), red: wrap(31, 39), yellow: wrap(33, 39) };
}
