import { StringDecoder } from 'node:string_decoder';
import { setTimeout } from 'node:timers/promises';
import { CliError, usageError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';
import type { Context } from '../../program/context.ts';
import { closedPort } from './port-failures.ts';
import { safeEcho } from './safe-echo.ts';
import type { SerialHost, SerialLine } from './serial-host.ts';

/** Between attempts to open a port again, ms. */
const AGAIN_AFTER_MS = 500;
/** A line without an end is given in pieces of this many characters with `--json`. */
const LONGEST_LINE = 16_384;

interface MonitorOptions {
  readonly path: string;
  readonly host: SerialHost;
  /** Opens the port again when it goes away. */
  readonly follow: boolean;
  /** Passes on escape sequences too. */
  readonly raw: boolean;
}

/**
 * CLI-48: echoes what comes from a port, until Ctrl-C.
 * @throws CliError `interrupted`, that of a port which cannot be opened, or `offline` when it goes away; with `follow` the first alone
 */
export async function monitor(
  { path, host, follow, raw }: MonitorOptions,
  { out, interrupted }: Pick<Context, 'out' | 'interrupted'>,
): Promise<never> {
  if (raw && out.json) throw usageError('--raw and --json cannot go together: JSON has no terminal to steer');
  let waiting = false;
  for (;;) {
    if (interrupted.aborted) throw new CliError('interrupted', 'Interrupted');
    const line = await host.open(path).catch((error: unknown) => {
      if (!follow || !(error instanceof CliError)) throw error;
      if (!waiting) out.note(`${error.message}. Waiting for it ...`);
      waiting = true;
    });
    if (line !== undefined) {
      waiting = false;
      out.note(`Serial monitor opened successfully: ${printable(path)}`);
      await echo(line, raw, { out, interrupted });
      if (interrupted.aborted) continue;
      if (!follow)
        throw new CliError('offline', closedPort(path).message, { next: '--follow opens it again when it is back.' });
      out.note('Serial connection closed.  Attempting to reconnect...');
    }
    // The loop says why it ends.
    await setTimeout(AGAIN_AFTER_MS, undefined, { signal: interrupted }).catch(() => {});
  }
}

/** Until the port goes away, or Ctrl-C. */
async function echo(
  line: SerialLine,
  raw: boolean,
  { out, interrupted }: Pick<Context, 'out' | 'interrupted'>,
): Promise<void> {
  const decoder = new StringDecoder('utf8');
  const safe = raw ? (text: string) => text : safeEcho();
  let unfinished = '';
  const give = (text: string): void => {
    if (!out.json) return out.echo(text);
    const lines = `${unfinished}${text}`.split(/\r?\n/);
    unfinished = lines.pop() ?? '';
    for (const each of lines) out.item({ line: each }, each);
    if (unfinished.length < LONGEST_LINE) return;
    out.item({ line: unfinished }, unfinished);
    unfinished = '';
  };
  await new Promise<void>((resolve) => {
    interrupted.addEventListener('abort', () => resolve(), { once: true });
    line.onData((bytes) => give(safe(decoder.write(Buffer.from(bytes)))));
    line.onEnd(resolve);
  });
  if (out.json && unfinished !== '') out.item({ line: unfinished }, unfinished);
  await line.close();
}
