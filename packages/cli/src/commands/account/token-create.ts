import { usageError } from '../../failure/cli-error.ts';
import { defineCommand } from '../../program/define-command.ts';
import { flag, numberOption, textOption } from '../../program/parameters.ts';
import { refusedSecrets, refuseSecrets } from './refused-secrets.ts';

/** A hundred years. */
const LONGEST_SECONDS = 100 * 365 * 24 * 60 * 60;

export const tokenCreate = defineCommand({
  name: 'token create',
  summary: 'Make another access token of your account',
  details:
    'Asks for the password, and for a code where the account has a second factor. The token is printed here and nowhere else, and can do all that you can: keep the ones that never expire for programs that need them. The log-in of the command line stays as it is.',
  rows: ['CLI-77'],
  examples: [
    { line: 'token create', says: 'good for 90 days' },
    { line: 'token create --expires-in 600', says: 'good for ten minutes' },
    { line: 'token create --never-expires --password-stdin < password.txt', says: 'for a program that runs for years' },
  ],
  json: '`{ access_token, expires_in, expires_at }`; seconds and ISO 8601, both null for never',
  options: {
    expiresIn: numberOption('--expires-in <seconds>', 'how long it is good; 90 days when left out', {
      least: 1,
      most: LONGEST_SECONDS,
    }),
    neverExpires: flag('--never-expires', 'it is good until it is revoked'),
    username: textOption('-u, --username <email>', 'the account; who is logged in, when left out'),
    passwordStdin: flag('--password-stdin', 'read the password from standard input'),
    otp: textOption('--otp <code>', 'the code of your authenticator, or a recovery code'),
    password: refusedSecrets.password,
  },
  async run({ expiresIn, neverExpires, username, passwordStdin, otp, password }, context) {
    refuseSecrets({ password });
    if (neverExpires && expiresIn !== undefined) throw usageError('Pass --expires-in or --never-expires, not both');
    const { readSecrets } = await import('../../services/account/read-secrets.ts');
    const { accountName } = await import('../../services/account/account-name.ts');
    const { LASTING_SECONDS, requestToken } = await import('../../services/account/request-token.ts');
    const { newToken } = await import('../../services/account/token-texts.ts');
    const secrets = await readSecrets(context, { passwordStdin });
    const name = await accountName(context, username);
    const wanted = neverExpires ? 0 : (expiresIn ?? LASTING_SECONDS);
    const made = await requestToken(context, { username: name, password: secrets.password, otp, expiresIn: wanted });
    const lasts = made.expiresIn === 0 ? undefined : made.expiresIn;
    const until = lasts === undefined ? undefined : new Date(context.clock.now() + lasts * 1000);
    context.out.result(
      { access_token: made.accessToken, expires_in: lasts ?? null, expires_at: until?.toISOString() ?? null },
      newToken(made.accessToken, until),
    );
  },
});
