import { printable } from '../../output/printable.ts';
import { defineCommand } from '../../program/define-command.ts';
import { flag, textOption } from '../../program/parameters.ts';
import { refusedSecrets, refuseSecrets } from './refused-secrets.ts';

export const login = defineCommand({
  name: 'login',
  aliases: ['cloud login'],
  summary: 'Log in and save an access token',
  details: `Asks for e-mail and password, and for a code where the account has a second factor. The token is good for 90 days. It is saved with the address of the cloud in the profile's file (\`~/.particle/<profile>.config.json\`), which only you can read.

A profile has one cloud. When it holds a log-in for another one, \`login\` asks before it replaces that; without a terminal it says how to make a profile, and \`--yes\` replaces it.

Passwords and tokens are never taken from the command line, where other users of the machine and the shell's history see them.`,
  rows: ['CLI-02'],
  examples: [
    { line: 'login', says: 'asks for everything' },
    { line: 'login --api-url https://cloud.example.net', says: 'at this cloud; the profile keeps the address' },
    { line: 'login --username ann@example.net --password-stdin < password.txt', says: 'in a script' },
    { line: 'login --token-stdin < token.txt', says: 'with a token that there is already' },
  ],
  json: '`{ username, profile, api_url }`; `username` is null for the token of a product',
  options: {
    username: textOption('-u, --username <email>', 'do not ask for it'),
    passwordStdin: flag('--password-stdin', 'read the password from standard input'),
    tokenStdin: flag('--token-stdin', 'save this token of standard input, after checking it'),
    otp: textOption('--otp <code>', 'the code of your authenticator, or a recovery code'),
    ...refusedSecrets,
  },
  async run({ username, passwordStdin, tokenStdin, otp, ...refused }, context) {
    refuseSecrets(refused);
    const { readSecrets } = await import('../../services/account/read-secrets.ts');
    const { logIn } = await import('../../services/account/log-in.ts');
    const secrets = await readSecrets(context, { passwordStdin, tokenStdin });
    const { settings, out } = context;
    const done = await logIn(context, { username, otp, ...secrets });
    out.note(`${printable(done.username ?? 'A product')} at ${settings.apiUrl}, in the profile "${settings.profile}"`);
    const { profile, apiUrl: api_url } = settings;
    out.result({ username: done.username ?? null, profile, api_url }, 'Successfully completed login!');
  },
});
