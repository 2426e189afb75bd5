import { usageError } from '../../failure/cli-error.ts';
import { printable } from '../../output/printable.ts';
import { defineCommand } from '../../program/define-command.ts';
import { flag, restArguments } from '../../program/parameters.ts';

export const tokenRevoke = defineCommand({
  name: 'token revoke',
  summary: 'Revoke access tokens',
  details:
    'Takes tokens themselves, or their ids of `token list`. No password is asked for: a token is authority enough to revoke it, and the log-in is for an id. The token that the command line uses is only deleted with `--force`, and the log-in is forgotten then.\n\nA token on the command line stays in the history of the shell. That is no harm once it is revoked; `--token-stdin` keeps it out all the same.',
  rows: ['CLI-78'],
  examples: [
    { line: 'token revoke 5f1e2d3c4b5a697887960201', says: 'the one with this id of "token list"' },
    { line: 'token revoke --token-stdin < tokens.txt', says: 'one a line' },
  ],
  json: '`{ revoked }`: a list of what was given',
  args: { tokens: restArguments('tokens, or ids of tokens') },
  options: {
    force: flag('--force', "delete the command line's own token as well"),
    tokenStdin: flag('--token-stdin', 'read tokens from standard input, one a line'),
  },
  async run({ tokens, force, tokenStdin }, context) {
    const piped = tokenStdin ? (await context.readStdin()).split(/\s+/) : [];
    const all = [...new Set([...tokens, ...piped].filter((token) => token !== ''))];
    if (all.length === 0) throw usageError('Name a token to revoke', '"chamber token list" shows their ids.');
    const { revokeTokens } = await import('../../services/account/revoke-tokens.ts');
    const revoked = await revokeTokens(context, { tokens: all, force });
    context.out.result(
      { revoked },
      revoked.map((token) => `successfully deleted ${printable(token)}`),
    );
  },
});
