import { printable } from '../../output/printable.ts';
import type { Context } from '../../program/context.ts';
import { notesOf, runBackupProgram } from './run-backup-program.ts';

interface MadeBackup {
  /** Absolute. */
  readonly file: string;
  readonly bytes: number;
  readonly files: number;
}

/** @param data folder of the cloud, @param out new file; both as the cloud's settings say when undefined @throws CliError when none could be made */
export async function runBackup(
  { data, out }: { readonly data: string | undefined; readonly out: string | undefined },
  context: Pick<Context, 'cwd' | 'env' | 'interrupted' | 'out'>,
): Promise<MadeBackup & { readonly notes: readonly string[] }> {
  const args = [...(data === undefined ? [] : [`--data=${data}`]), ...(out === undefined ? [] : [`--out=${out}`])];
  const made = await runBackupProgram(['backup', ...args], context);
  return { file: String(made.file), bytes: Number(made.bytes), files: Number(made.files), notes: notesOf(made) };
}

export function backupText({ file, bytes, files }: MadeBackup): string {
  return printable(`${file}: ${files} file${files === 1 ? '' : 's'}, ${bytes} bytes`);
}
