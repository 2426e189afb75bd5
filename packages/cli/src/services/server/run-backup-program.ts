import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { CliError } from '../../failure/cli-error.ts';
import { failureOf } from '../../failure/failure-of.ts';
import { printable } from '../../output/printable.ts';
import type { Bar } from '../../output/progress-bar.ts';
import type { Context } from '../../program/context.ts';
import { findServerProgram } from './find-server-program.ts';

/** Why the program failed, besides the sentence. */
export const NOT_EMPTY = 'backup.not_empty';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Runs the program of the cloud that makes and restores backups, in the working folder, and shows its progress.
 * @param args its verb and what follows
 * @returns its result
 * @throws CliError with the program's sentence; `details` is its code
 */
export async function runBackupProgram(
  args: readonly string[],
  { cwd, env, interrupted, out }: Pick<Context, 'cwd' | 'env' | 'interrupted' | 'out'>,
): Promise<Fields> {
  const [verb = ''] = args;
  const { node, script } = findServerProgram({ program: 'backup-main', command: verb });
  const child = spawn(node, [script, ...args], { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const end = (): void => void child.kill('SIGTERM');
  interrupted.addEventListener('abort', end, { once: true });
  if (interrupted.aborted) end();
  const gone = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  let bar: { readonly label: string; readonly drawn: Bar } | undefined;
  let last: Fields = {};
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      last = fieldsOf(JSON.parse(line));
      const progress = fieldsOf(last.progress);
      if (typeof progress.label !== 'string') continue;
      if (bar?.label !== progress.label) {
        bar?.drawn.end();
        bar = { label: progress.label, drawn: out.bar(progress.label, Number(progress.total)) };
      }
      const share = Number(progress.done) / Number(progress.total);
      bar.drawn.update(share * Number(progress.total));
    }
    await gone;
  } finally {
    bar?.drawn.end();
    interrupted.removeEventListener('abort', end);
  }
  if (last.result !== undefined) return fieldsOf(last.result);
  throw failure(fieldsOf(last.failure), said);
}

/** What a JSON value has by name. */
function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** A list of sentences for the operator. */
export function notesOf({ notes }: Fields): string[] {
  return Array.isArray(notes) ? notes.map((note) => printable(String(note))) : [];
}

function failure({ code, message, next, system, path }: Fields, said: string): CliError {
  if (typeof message !== 'string') {
    const why = printable(said.trim().split('\n').at(-1) ?? '');
    return new CliError('failure', `The program of the backup ended without a word${why === '' ? '' : `: ${why}`}`);
  }
  if (typeof system === 'string') {
    const error = Object.assign(new Error(printable(message)), { code: system });
    return failureOf(typeof path === 'string' ? Object.assign(error, { path: printable(path) }) : error);
  }
  const facts = { next: typeof next === 'string' ? printable(next) : undefined, details: code };
  if (code === 'backup.interrupted') return new CliError('interrupted', 'Interrupted');
  const wrong = code === 'config.invalid' || code === 'backup.within';
  const known = typeof code === 'string' ? facts : { next: 'Nothing half-done is left behind.', details: code };
  return new CliError(wrong ? 'usage' : 'failure', printable(message), known);
}
