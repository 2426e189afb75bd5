import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { clientOf, refusalOf } from '../../harness/api-client.ts';
import { totp } from '../../particle-api-js/methods/totp.ts';
import { newAccount, newPerson } from '../bench.ts';
import type { Profile, Terminal } from '../terminal.ts';
import { type Commands, works } from './command.ts';

async function profileOf({ profilePath }: Terminal): Promise<Profile> {
  return JSON.parse(await readFile(profilePath, 'utf8')) as Profile;
}

const TOKEN = /\b[0-9a-f]{40}\b/;

export const accountCommands: Commands = [
  works(['profile'], async ({ server, terminals }) => {
    const { particle, ...terminal } = await terminals.open();
    expect(await particle(['profile', 'local', 'apiUrl', server.url])).toMatchObject({ code: 0 });
    expect(await particle(['profile', 'local'])).toMatchObject({ code: 0 });
    expect((await particle(['profile'])).text).toContain(`Using API: ${server.url}`);
    expect((await particle(['profile', '--list'])).text).toContain('local');
    expect((await profileOf({ particle, ...terminal })).apiUrl).toBe(server.url);
  }),
  works(
    ['login', 'cloud login'],
    async (bench) => {
      const { account, client } = await newAccount(bench);
      const { username, password } = account;
      const terminal = await bench.terminals.open({ apiUrl: bench.server.url });
      const wrong = await terminal.particle(['login', '--username', username, '--password', 'not this one']);
      expect(wrong).toMatchObject({ code: 1, text: expect.stringContaining('User credentials are invalid') });
      expect((await profileOf(terminal)).access_token ?? null).toBeNull();

      const right = await terminal.particle(['cloud', 'login', '--username', username, '--password', password]);
      expect(right).toMatchObject({ code: 0, text: expect.stringContaining('Successfully completed login!') });
      const { access_token: auth = '' } = await profileOf(terminal);
      expect((await clientOf(bench.server, { auth }).getUserInfo({})).body).toMatchObject({ username });

      const asked = await terminal.particle(['login'], {
        answers: [
          ['email address', username],
          ['password', password],
        ],
      });
      expect(asked).toMatchObject({ code: 0, text: expect.stringContaining('Successfully completed login!') });
      const byToken = await terminal.particle(['login', '--token', auth]);
      expect(byToken).toMatchObject({ code: 0, text: expect.stringContaining('Successfully completed login!') });
      expect(await profileOf(terminal)).toMatchObject({ access_token: auth, username });

      const { body } = await client.enableMfa({});
      const { mfa_token: mfaToken, secret } = body as unknown as { mfa_token: string; secret: string };
      await client.confirmMfa({ mfaToken, otp: totp(secret) });
      const line = ['login', '--username', username, '--password', password];
      const second = await terminal.particle([...line, '--otp', totp(secret, 1)]);
      expect(second).toMatchObject({ code: 0, text: expect.stringContaining('Successfully completed login!') });
    },
    '`--sso` asks a server of the maker of the devices.',
  ),
  works(['logout', 'cloud logout'], async (bench) => {
    const { terminal, account } = await newPerson(bench);
    const { access_token: auth = '' } = await profileOf(terminal);
    const out = await terminal.particle(['logout']);
    expect(out).toMatchObject({ code: 0, text: expect.stringContaining(account.username) });
    expect((await refusalOf(clientOf(bench.server, { auth }).getUserInfo({}))).status).toBe(401);
    expect((await profileOf(terminal)).access_token).toBeNull();
    expect((await terminal.particle(['cloud', 'logout'])).text).toContain('already logged out');
    expect(await terminal.particle(['list'])).toMatchObject({
      code: 1,
      text: expect.stringContaining('not logged in'),
    });
  }),
  works(['whoami'], async (bench) => {
    const { terminal, account } = await newPerson(bench);
    expect(await terminal.particle(['whoami'])).toMatchObject({
      code: 0,
      text: expect.stringContaining(account.username),
    });
    const stale = await bench.terminals.open({ apiUrl: bench.server.url, access_token: '0'.repeat(40) });
    expect(await stale.particle(['whoami'])).toMatchObject({ code: 1, text: expect.stringContaining('not logged in') });
  }),
  works(['token create', 'token revoke'], async (bench) => {
    const { terminal, account } = await newPerson(bench);
    const answers = [['password', account.password]] as const;
    const made = await terminal.particle(['token', 'create', '--never-expires'], { answers });
    expect(made).toMatchObject({ code: 0, text: expect.stringContaining('never expires') });
    const [auth = ''] = TOKEN.exec(made.text) ?? [];
    expect((await clientOf(bench.server, { auth }).getUserInfo({})).body).toMatchObject({ username: account.username });
    const timed = await terminal.particle(['token', 'create', '--expires-in', '3600'], { answers });
    expect(timed.text).toContain('expires on');

    const revoked = await terminal.particle(['token', 'revoke', auth]);
    expect(revoked.text).toContain('Successfully revoked all provided tokens');
    expect((await refusalOf(clientOf(bench.server, { auth }).getUserInfo({}))).status).toBe(401);
    expect((await terminal.particle(['token', 'revoke', auth])).text).toContain('Failed to revoke');
  }),
];
