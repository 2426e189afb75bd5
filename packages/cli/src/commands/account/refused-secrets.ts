import { usageError } from '../../failure/cli-error.ts';
import { textOption } from '../../program/parameters.ts';

/** What the published command line takes, and this one does not: it says what to do instead. */
export const refusedSecrets = {
  password: textOption('-p, --password <password>', 'see --password-stdin', { hidden: true }),
  token: textOption('-t, --token <token>', 'see --token-stdin', { hidden: true }),
};

/** @throws CliError of kind `usage` when there is one */
export function refuseSecrets(given: {
  readonly password: string | undefined;
  readonly token?: string | undefined;
}): void {
  const name = given.password !== undefined ? 'password' : given.token !== undefined ? 'token' : undefined;
  if (name === undefined) return;
  throw usageError(
    `A ${name} on the command line can be seen by others of this machine, and stays in the history of the shell`,
    `Pipe it in with --${name}-stdin.`,
  );
}
