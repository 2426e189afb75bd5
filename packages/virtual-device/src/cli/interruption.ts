import { MessageChannel } from 'node:worker_threads';

/** The wish of whoever started the process to end it. */
export interface Interruption {
  /** Resolves at the first Ctrl-C or SIGTERM. The second one ends the process at once. */
  readonly requested: Promise<void>;
  /** Stops listening, and lets the process end by itself. */
  [Symbol.dispose](): void;
}

/** Listens for Ctrl-C and SIGTERM, and keeps the process alive meanwhile: devices that wait for their next attempt hold nothing open. */
export function listenForInterruption(): Interruption {
  const { promise: requested, resolve } = Promise.withResolvers<void>();
  const { port1 } = new MessageChannel();
  port1.on('message', () => {});
  const interrupt = (): void => {
    resolve();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return {
    requested,
    [Symbol.dispose]() {
      interrupt();
      port1.close();
    },
  };
}
