import { printable } from '../../output/printable.ts';
import { defineCommand } from '../../program/define-command.ts';
import { flag } from '../../program/parameters.ts';

export const logout = defineCommand({
  name: 'logout',
  aliases: ['cloud logout'],
  summary: 'Forget the saved access token and revoke it',
  details:
    'The address of the cloud stays in the profile. When the cloud cannot be reached, nothing is forgotten: `--keep-token` forgets the token without revoking it.',
  rows: ['CLI-03'],
  examples: [
    { line: 'logout', says: 'the token is worth nothing afterwards' },
    { line: 'logout --keep-token', says: 'only forget it here' },
  ],
  json: '`{ username, revoked }`; both null and false when nobody was logged in',
  options: { keepToken: flag('--keep-token', 'do not revoke it: it stays good until it expires') },
  async run({ keepToken }, context) {
    const { logOut } = await import('../../services/account/log-out.ts');
    const { wasLoggedIn, username, revoked } = await logOut(context, { keepToken });
    const from = printable(username ?? context.settings.apiUrl);
    context.out.result(
      { username: username ?? null, revoked },
      wasLoggedIn ? `You have been logged out from ${from}.` : 'You were already logged out.',
    );
  },
});
