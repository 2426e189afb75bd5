import { CliError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';
import type { Context } from '../../program/context.ts';
import { NOT_EMPTY, notesOf, runBackupProgram } from './run-backup-program.ts';

interface Restored {
  /** Absolute. */
  readonly data: string;
  readonly bytes: number;
  readonly files: number;
  readonly made_at: string;
  /** Of the cloud that it was made with. */
  readonly version: string;
  readonly moved_to: string | null;
}

/**
 * Makes a data folder from a backup; a folder that is there and not empty is moved aside after a question.
 * @throws CliError when it could not be, or should not
 */
export async function runRestore(
  { file, data }: { readonly file: string; readonly data: string | undefined },
  context: Pick<Context, 'ask' | 'cwd' | 'env' | 'interrupted' | 'out' | 'yes'>,
): Promise<Restored & { readonly notes: readonly string[] }> {
  const args = ['restore', ...(data === undefined ? [] : [`--data=${data}`])];
  const run = (replace: boolean) => runBackupProgram([...args, ...(replace ? ['--replace'] : []), '--', file], context);
  const done = await run(context.yes).catch(async (error: unknown) => {
    if (!(error instanceof CliError) || error.details !== NOT_EMPTY) throw error;
    if (!(await context.ask.confirm(`${error.message}. Move it aside, and restore?`, { flag: '--yes' }))) {
      throw new CliError('interrupted', 'Nothing was changed');
    }
    return run(true);
  });
  return {
    data: String(done.data),
    bytes: Number(done.bytes),
    files: Number(done.files),
    made_at: String(done.made_at),
    version: String(done.version),
    moved_to: typeof done.moved_to === 'string' ? done.moved_to : null,
    notes: notesOf(done),
  };
}

export function restoreText({ data, files, made_at, version, moved_to }: Restored): string[] {
  const lines = [`${data}: ${files} file${files === 1 ? '' : 's'}, as of ${made_at} (version ${version})`];
  if (moved_to !== null) lines.push(`What was there is in ${moved_to} now.`);
  return lines.map(printable);
}
