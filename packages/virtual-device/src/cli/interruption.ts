import { MessageChannel } from 'node:worker_threads';

/** The wish of whoever started the process to end it. */
export interface Interruption {
  /** Resolves at the first Ctrl-C or SIGTERM. One that comes a second later ends the process at once. */
  readonly requested: Promise<void>;
  /** Stops listening, and lets the process end by itself. */
  [Symbol.dispose](): void;
}

/** One Ctrl-C comes more than once: the terminal sends it to every process, and npm and our launcher pass theirs on. */
const SAME_CTRL_C_SECONDS = 1;
/** What a shell says of a program that Ctrl-C ended. */
const INTERRUPTED = 130;

/** Listens for Ctrl-C and SIGTERM, and keeps the process alive meanwhile: devices that wait for their next attempt hold nothing open. */
export function listenForInterruption(): Interruption {
  const { promise: requested, resolve } = Promise.withResolvers<void>();
  const { port1 } = new MessageChannel();
  port1.on('message', () => {});
  let firstSignal: number | undefined;
  const interrupt = (): void => {
    firstSignal ??= process.uptime();
    if (process.uptime() - firstSignal >= SAME_CTRL_C_SECONDS) process.exit(INTERRUPTED);
    resolve();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return {
    requested,
    [Symbol.dispose]() {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
      port1.close();
    },
  };
}
