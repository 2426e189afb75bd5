import { spawn } from 'node:child_process';
import { ProgramEnd } from '../../failure/program-end.ts';
import type { Context } from '../../program/context.ts';
import { findServerProgram } from './find-server-program.ts';

const SIGNALS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/**
 * Runs the cloud in the working folder until it ends; an interruption asks it to end.
 * @param args its settings, as `--http-port 8080`
 * @throws ProgramEnd with its exit code, always; CliError when it cannot be started
 */
export async function runServer(
  args: readonly string[],
  { cwd, env, interrupted }: Pick<Context, 'cwd' | 'env' | 'interrupted'>,
): Promise<never> {
  const { node, script } = findServerProgram();
  const child = spawn(node, [script, ...args], { cwd, env: { ...env }, stdio: 'inherit' });
  // It takes both signals alike, and one that comes twice as one.
  const end = (): void => void child.kill('SIGTERM');
  interrupted.addEventListener('abort', end, { once: true });
  if (interrupted.aborted) end();
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status, signal) => resolve(status ?? 128 + (SIGNALS[signal ?? ''] ?? 1)));
  });
  interrupted.removeEventListener('abort', end);
  throw new ProgramEnd(code);
}
