import { fileURLToPath } from 'node:url';
import { errorMessage, type Logger } from '@cloudchamber/kernel';
import pino from 'pino';
import type { Config } from './config.ts';
import { version } from './version.ts';

/** Where the build of the console goes. */
export const consoleDir = fileURLToPath(new URL('../../console/dist', import.meta.url));

/** Where the command line is packed for whoever installs it from here; undefined in the packed program, which does not have itself in it. */
export const cliTarball: string | undefined = fileURLToPath(
  new URL(`../../cli/dist-pack/chamber-${version}.tgz`, import.meta.url),
);

/** Logs go to stderr as JSON lines; stdout is for what a person or a script asked for. */
export function createLog(config: Pick<Config, 'logLevel'>): Logger {
  return pino(
    { level: config.logLevel, base: undefined, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination(2),
  );
}

/** One Ctrl-C comes more than once: the terminal sends it to every process, and npm and our launcher pass theirs on. */
const SAME_CTRL_C_SECONDS = 1;

/**
 * Ends the process cleanly on SIGINT and SIGTERM; a signal that comes a second later ends it at once. A fault that nothing caught is logged and ends it too:
 * its state is not to be trusted, and everything acknowledged is on disk.
 */
export function stopOnSignals(log: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  const end = (code: number): void => {
    if (stopping) process.exit(code);
    stopping = true;
    stop().then(
      () => process.exit(code),
      (error: unknown) => {
        log.error({ error: errorMessage(error) }, 'the cloud did not stop cleanly');
        process.exit(1);
      },
    );
  };
  let firstSignal: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      firstSignal ??= process.uptime();
      if (!stopping || process.uptime() - firstSignal >= SAME_CTRL_C_SECONDS) end(0);
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.error({ error: errorMessage(error), stack: error instanceof Error ? error.stack : undefined }, event);
      end(1);
    });
  }
}
