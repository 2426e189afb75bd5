import { defineCommand } from '../../program/define-command.ts';
import { flag, textOption } from '../../program/parameters.ts';
import { refusedSecrets, refuseSecrets } from './refused-secrets.ts';

export const tokenList = defineCommand({
  name: 'token list',
  summary: 'List the access tokens of your account',
  details:
    'Asks for the password, because it shows every log-in of the account. The cloud keeps only digests of tokens, so that nobody can read one there: what stands under `Token:` is the id of a token, which `token revoke` takes. The token that the command line uses is marked `(active)`.',
  rows: ['CLI-76'],
  examples: [
    { line: 'token list', says: 'asks for your password' },
    { line: 'token list --password-stdin --json < password.txt', says: 'in a script' },
  ],
  json: 'A list of `{ token, client, expires_at, active }`; `token` is the id, `expires_at` is null for never',
  options: {
    username: textOption('-u, --username <email>', 'the account; who is logged in, when left out'),
    passwordStdin: flag('--password-stdin', 'read the password from standard input'),
    otp: textOption('--otp <code>', 'the code of your authenticator, or a recovery code'),
    password: refusedSecrets.password,
  },
  async run({ username, passwordStdin, otp, password }, context) {
    refuseSecrets({ password });
    const { readSecrets } = await import('../../services/account/read-secrets.ts');
    const { listTokens } = await import('../../services/account/list-tokens.ts');
    const texts = await import('../../services/account/token-texts.ts');
    const secrets = await readSecrets(context, { passwordStdin });
    const tokens = await listTokens(context, { username, otp, password: secrets.password });
    context.out.result(tokens, texts.tokenList(tokens));
  },
});
