import { CliError } from '../failure/cli-error.ts';

/** Resolves after so many ms, and keeps the process alive until then. @throws CliError of kind `interrupted` as soon as that fires */
export async function wait(ms: number, interrupted: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(new CliError('interrupted', 'Interrupted'));
    };
    const timer = setTimeout(() => {
      interrupted.removeEventListener('abort', stop);
      resolve();
    }, ms);
    interrupted.addEventListener('abort', stop, { once: true });
    if (interrupted.aborted) stop();
  });
}
