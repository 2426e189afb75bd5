import { usageError } from '../../failure/cli-error.ts';
import type { Context } from '../../program/context.ts';

interface Wanted {
  readonly passwordStdin?: boolean;
  readonly tokenStdin?: boolean;
}

/** What was piped in, without the end of its line. @throws CliError of kind `usage` when both are wanted, or nothing came */
export async function readSecrets(
  { readStdin }: Pick<Context, 'readStdin'>,
  { passwordStdin = false, tokenStdin = false }: Wanted,
): Promise<{ readonly password: string | undefined; readonly token: string | undefined }> {
  if (passwordStdin && tokenStdin) throw usageError('Pass --password-stdin or --token-stdin, not both');
  if (!passwordStdin && !tokenStdin) return { password: undefined, token: undefined };
  const given = (await readStdin()).replace(/\r?\n$/, '');
  if (given.trim() === '') throw usageError('Standard input is empty', 'Pipe the secret into the command.');
  return passwordStdin ? { password: given, token: undefined } : { password: undefined, token: given.trim() };
}
