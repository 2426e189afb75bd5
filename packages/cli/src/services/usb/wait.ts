import { CliError } from '../../failure/cli-error.ts';

/** Resolves after `ms`. @throws CliError of kind `interrupted` at Ctrl-C */
export function wait(ms: number, interrupted: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(new CliError('interrupted', 'Interrupted'));
    };
    const timer = setTimeout(() => {
      interrupted.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (interrupted.aborted) stop();
    else interrupted.addEventListener('abort', stop, { once: true });
  });
}
