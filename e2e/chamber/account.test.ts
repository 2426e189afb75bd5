import { randomBytes } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type Particle from 'particle-api-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf, refusalOf, signUp } from '../harness/api-client.ts';
import { type Account, type CloudServer, startServer } from '../harness/cloud-server.ts';
import { totp } from '../particle-api-js/methods/totp.ts';
import { atTerminal, hasTerminals } from './pseudo-terminal.ts';
import { describeRows } from './rows.ts';
import { openShells, type Shell, type Shells } from './terminal.ts';

const CHAMBER = fileURLToPath(new URL('../../packages/cli/bin/chamber.cjs', import.meta.url));
const TOKEN = /\b[0-9a-f]{40}\b/;
const TOKEN_ID = /\b[0-9a-f]{24}\b/;

let server: CloudServer;
let shells: Shells;
beforeAll(async () => {
  [server, shells] = await Promise.all([startServer(), openShells()]);
});
afterAll(async () => {
  await Promise.all([server?.dispose(), shells?.[Symbol.asyncDispose]()]);
});

interface Person {
  readonly account: Account;
  readonly client: Particle;
}

async function newPerson(): Promise<Person> {
  const account = { username: `${randomBytes(6).toString('hex')}@example.net`, password: 'a long password' };
  return { account, client: await signUp(server, account) };
}

/** At a shell whose profile `local` has the log-in of a new account. */
async function loggedIn(): Promise<Person & { readonly shell: Shell; readonly token: string }> {
  const person = await newPerson();
  const { body } = await clientOf(server).login(person.account);
  const token = body.access_token;
  const { username } = person.account;
  return { ...person, token, shell: await shells.open({ apiUrl: server.url, access_token: token, username }) };
}

interface CurrentToken {
  readonly client_id: string;
  readonly expires_at: string;
}

const asPerson = (token: string): Particle => clientOf(server, { auth: token });

/** How many tokens an account has. */
async function countTokens({ username, password }: Account): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const reply = await fetch(`${server.url}/v1/access_tokens`, { headers: { authorization } });
  return ((await reply.json()) as unknown[]).length;
}

async function nameOf(token: string): Promise<string> {
  const { body } = await asPerson(token).getUserInfo({});
  return (body as { username: string }).username;
}

async function isRevoked(token: string): Promise<boolean> {
  return (await refusalOf(asPerson(token).getUserInfo({}))).status === 401;
}

/** Switches the second factor of an account on. @returns codes for it, each a step after the one before */
async function withSecondFactor(client: Particle): Promise<(step: number) => string> {
  const { body } = await client.enableMfa({});
  const { mfa_token: mfaToken, secret } = body as unknown as { mfa_token: string; secret: string };
  await client.confirmMfa({ mfaToken, otp: totp(secret) });
  return (step) => totp(secret, step);
}

describeRows('Account', [
  {
    ids: ['CLI-02'],
    what: '`chamber login` saves address, token and e-mail in the profile, for its owner alone; `cloud login` is the same',
    async run() {
      const { account } = await newPerson();
      const shell = await shells.open();
      const args = ['--username', account.username, '--password-stdin', '--api-url', server.url];
      const outcome = await shell.chamber(['login', ...args], { stdin: `${account.password}\n` });
      expect(outcome).toMatchObject({ code: 0, stdout: 'Successfully completed login!\n' });
      expect(outcome.stderr).toContain(account.username);
      const { access_token: token, ...rest } = await shell.profile('particle');
      expect(rest).toEqual({ apiUrl: server.url, username: account.username });
      expect(await nameOf(String(token))).toBe(account.username);
      const file = join(shell.home, '.particle', 'particle.config.json');
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect(await shell.chamber(['whoami'])).toMatchObject({ code: 0, stdout: `${account.username}\n` });

      const current = await asPerson(String(token)).get<CurrentToken>({ uri: '/v1/access_tokens/current' });
      expect(current.body.client_id).toBe('particle-cli');
      const days = (Date.parse(current.body.expires_at) - Date.now()) / 86_400_000;
      expect(days).toBeGreaterThan(89.9);
      expect(days).toBeLessThanOrEqual(90.01);

      const again = await shell.json(['cloud', 'login', ...args], { stdin: account.password });
      expect(again).toEqual({ username: account.username, profile: 'particle', api_url: server.url });
    },
  },
  {
    ids: ['CLI-02'],
    what: '`chamber login --token-stdin` checks the token and saves it',
    async run() {
      const { account } = await newPerson();
      const { body } = await clientOf(server).login(account);
      const shell = await shells.open({ apiUrl: server.url });
      const outcome = await shell.chamber(['login', '--token-stdin'], { stdin: `${body.access_token}\n` });
      expect(outcome).toMatchObject({ code: 0, stdout: 'Successfully completed login!\n' });
      expect(await shell.profile()).toEqual({
        apiUrl: server.url,
        access_token: body.access_token,
        username: account.username,
      });
      const wrong = await shell.chamber(['login', '--token-stdin'], { stdin: '0'.repeat(40) });
      expect(wrong).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('does not know this token') });
      expect((await shell.profile()).access_token).toBe(body.access_token);
    },
  },
  {
    ids: ['CLI-02'],
    what: 'an account with a second factor is asked for a code, or given one by `--otp`',
    async run() {
      const { account, client } = await newPerson();
      const code = await withSecondFactor(client);
      const shell = await shells.open({ apiUrl: server.url });
      const args = ['login', '--username', account.username, '--password-stdin'];
      const typing = { stdin: account.password };
      const none = await shell.chamber(args, typing);
      expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('pass --otp <code>') });
      expect(await shell.chamber([...args, '--otp', '000000'], typing)).toMatchObject({ code: 3, stdout: '' });
      expect((await shell.profile()).access_token).toBeUndefined();
      const right = await shell.chamber([...args, '--otp', code(1)], typing);
      expect(right).toMatchObject({ code: 0, stdout: 'Successfully completed login!\n' });
    },
  },
  {
    ids: ['CLI-02'],
    what: 'a wrong password ends with 3; a password or token on the command line with 2, and so does a question without a terminal',
    async run() {
      const { account } = await newPerson();
      const shell = await shells.open({ apiUrl: server.url });
      const named = ['login', '--username', account.username];
      const wrong = await shell.chamber([...named, '--password-stdin'], { stdin: 'not this one' });
      expect(wrong).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('credentials') });
      const unasked = await shell.chamber(named);
      expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining('pass --password-stdin') });
      expect(await shell.chamber(['login'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--username') });
      for (const flag of ['--password', '--token']) {
        const outcome = await shell.chamber([...named, flag, 'secret']);
        expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining(`${flag}-stdin`) });
      }
      const both = await shell.chamber([...named, '--password-stdin', '--token-stdin'], { stdin: 'x' });
      expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('not both') });
      expect(await shell.chamber([...named, '--password-stdin'])).toMatchObject({ code: 2 });
    },
  },
  {
    ids: ['CLI-02'],
    what: 'a log-in for another cloud is never replaced silently: without a terminal `chamber login` says how to make a profile, and `--yes` replaces it',
    async run() {
      const { account } = await newPerson();
      const theirs = { apiUrl: 'https://other.example', access_token: 'theirs', username: 'bob@example.net' };
      const shell = await shells.open(theirs);
      const args = ['login', '--username', account.username, '--password-stdin', '--api-url', server.url];
      const typing = { stdin: account.password };
      const refused = await shell.chamber(args, typing);
      expect(refused).toMatchObject({ code: 2, stdout: '' });
      expect(refused.stderr).toContain(`chamber config chamber apiUrl ${server.url}`);
      expect(refused.stderr).toContain('chamber config chamber"');
      expect(await shell.profile()).toEqual(theirs);
      expect(await shell.chamber([...args, '--yes'], typing)).toMatchObject({ code: 0 });
      expect(await shell.profile()).toMatchObject({ apiUrl: server.url, username: account.username });

      const published = await shells.open({ access_token: 'theirs' });
      expect(await published.chamber(args, typing)).toMatchObject({ code: 2 });
      expect(await published.profile()).toEqual({ access_token: 'theirs' });
    },
  },
  {
    ids: ['CLI-02'],
    what: 'without a log-in commands end with 3 and name `chamber login`',
    async run() {
      const { chamber } = await shells.open({ apiUrl: server.url });
      const outcome = await chamber(['whoami']);
      expect(outcome).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('chamber login') });
      const stale = await shells.open({ apiUrl: server.url, access_token: '0'.repeat(40) });
      expect(await stale.chamber(['whoami'])).toMatchObject({ code: 3, stdout: '' });
    },
  },
  {
    ids: ['CLI-03'],
    what: '`chamber logout` forgets the saved token and revokes it; `--keep-token` only forgets it',
    async run() {
      const { shell, account, token } = await loggedIn();
      const outcome = await shell.chamber(['logout']);
      expect(outcome).toMatchObject({ code: 0, stdout: `You have been logged out from ${account.username}.\n` });
      expect(await shell.profile()).toEqual({ apiUrl: server.url });
      expect(await isRevoked(token)).toBe(true);
      expect(await shell.chamber(['cloud', 'logout'])).toMatchObject({
        code: 0,
        stdout: 'You were already logged out.\n',
      });

      const kept = await loggedIn();
      expect(await kept.shell.json(['logout', '--keep-token'])).toEqual({
        username: kept.account.username,
        revoked: false,
      });
      expect(await kept.shell.profile()).toEqual({ apiUrl: server.url });
      expect(await nameOf(kept.token)).toBe(kept.account.username);
    },
  },
  {
    ids: ['CLI-03'],
    what: 'a cloud that cannot be reached makes `chamber logout` forget nothing; a token that was revoked already is forgotten',
    async run() {
      const gone = { apiUrl: 'http://127.0.0.1:9', access_token: 'saved' };
      const shell = await shells.open(gone);
      const outcome = await shell.chamber(['logout']);
      expect(outcome).toMatchObject({ code: 8, stdout: '', stderr: expect.stringContaining('--keep-token') });
      expect(await shell.profile()).toEqual(gone);
      const stale = await shells.open({ apiUrl: server.url, access_token: '0'.repeat(40) });
      expect(await stale.json(['logout'])).toEqual({ username: null, revoked: false });
      expect(await stale.profile()).toEqual({ apiUrl: server.url });
      const env = { CHAMBER_ACCESS_TOKEN: 'x' };
      expect(await stale.chamber(['logout'], { env })).toMatchObject({ code: 2 });
    },
  },
  {
    ids: ['CLI-05'],
    what: '`chamber setup` is no longer available: it says what to use instead, and ends with 1',
    async run() {
      const { chamber } = await shells.open({ apiUrl: server.url });
      const outcome = await chamber(['setup']);
      expect(outcome).toMatchObject({ code: 1, stdout: '' });
      expect(outcome.stderr).toContain('no longer available');
      for (const way of [server.url, 'chamber device add', 'chamber serial wifi'])
        expect(outcome.stderr).toContain(way);
    },
  },
  {
    ids: ['CLI-71'],
    what: '`chamber config <profile>` makes a profile or changes to it, `particle` is the first one; `chamber profile` is the same, `--list` lists them',
    async run() {
      const shell = await shells.open();
      expect((await shell.chamber(['config'])).stdout).toBe(
        'Current profile: particle\nUsing API: http://localhost:8080\nAccess token: none\n',
      );
      const made = await shell.chamber(['config', 'my-profile-name']);
      expect(made.stdout).toContain('Current profile: my-profile-name\n');
      expect(made.stderr).toContain('is new');
      expect((await shell.chamber(['profile'])).stdout).toContain('Current profile: my-profile-name\n');
      const back = await shell.chamber(['profile', 'particle']);
      expect(back.stdout).toContain('Current profile: particle\n');
      const list = await shell.chamber(['config', '--list']);
      expect(list.stdout.split('\n')).toEqual(['Profile             API', 'my-profile-name', 'particle (current)', '']);
      expect(await shell.json(['profile', '--list'])).toEqual([
        { profile: 'my-profile-name', current: false, api_url: null },
        { profile: 'particle', current: true, api_url: null },
      ]);
      const env = { CHAMBER_PROFILE: 'other' };
      expect((await shell.chamber(['config', 'particle'], { env })).stderr).toContain('"other" until it is unset');
      expect(await shell.chamber(['config', '../up'])).toMatchObject({ code: 2 });
    },
  },
  {
    ids: ['CLI-72'],
    what: '`chamber config <profile> apiUrl <url>` saves the address in the profile without changing to it',
    note: 'A profile with a log-in loses it with another address, after a question or `--yes`',
    async run() {
      const shell = await shells.open();
      const made = await shell.chamber(['config', 'local', 'apiUrl', 'http://localhost:8080/']);
      expect(made).toMatchObject({ code: 0, stdout: 'apiUrl of the profile "local" is http://localhost:8080\n' });
      expect(made.stderr).toContain('"chamber config local" changes to this profile');
      expect(await shell.profile('local')).toEqual({ apiUrl: 'http://localhost:8080' });
      expect((await shell.chamber(['config'])).stdout).toContain('Current profile: particle\n');
      await shell.chamber(['config', 'set', 'apiUrl', server.url]);
      expect((await shell.chamber(['config', 'get', 'apiUrl'])).stdout).toBe(`${server.url}\n`);
      expect(await shell.chamber(['config', 'local', 'apiUrl', 'nowhere'])).toMatchObject({ code: 2 });
      expect(await shell.chamber(['config', 'local', 'apiUrl'])).toMatchObject({ code: 2 });
      expect(await shell.chamber(['config', 'apiUrl'])).toMatchObject({ code: 2 });

      const theirs = { apiUrl: 'https://other.example', access_token: 'theirs' };
      const other = await shells.open(theirs);
      expect(await other.chamber(['config', 'local', 'apiUrl', server.url])).toMatchObject({ code: 2 });
      expect(await other.profile()).toEqual(theirs);
      expect(await other.chamber(['config', 'local', 'apiUrl', server.url, '--yes'])).toMatchObject({ code: 0 });
      expect(await other.profile()).toEqual({ apiUrl: server.url });
    },
  },
  {
    ids: ['CLI-73'],
    what: '`chamber config useSudoForDfu true` sets it in the profile in use; other keys are kept with a warning',
    async run() {
      const shell = await shells.open({ apiUrl: server.url });
      expect(await shell.chamber(['config', 'useSudoForDfu', 'true'])).toMatchObject({ code: 0, stderr: '' });
      expect(await shell.profile()).toEqual({ apiUrl: server.url, useSudoForDfu: true });
      expect((await shell.chamber(['config', 'get', 'useSudoForDfu'])).stdout).toBe('true\n');
      const unknown = await shell.chamber(['config', 'verboseOutput', 'x']);
      expect(unknown).toMatchObject({ code: 0, stderr: expect.stringContaining('no setting "verboseOutput"') });
      expect(await shell.profile()).toMatchObject({ verboseOutput: 'x' });
      expect(await shell.chamber(['config', 'set', 'access_token', 'x'])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('--token-stdin'),
      });
      expect(await shell.chamber(['config', 'get', 'nothing'])).toMatchObject({ code: 5 });
    },
  },
  {
    ids: ['CLI-74'],
    what: '`chamber config` prints the profile, the address and the token',
    note: 'The token is masked but for its end; `--show-token` shows all of it',
    async run() {
      const token = '01234567890abcdef01234567890abcdef012345';
      const shell = await shells.open({ apiUrl: 'https://api.particle.io', access_token: token });
      const shown = await shell.chamber(['config', '--show-token']);
      expect(shown).toMatchObject({
        code: 0,
        stdout: `Current profile: local\nUsing API: https://api.particle.io\nAccess token: ${token}\n`,
        stderr: '',
      });
      const plain = await shell.chamber(['config']);
      expect(plain.stdout).toContain('Access token: …2345\n');
      expect(plain.stderr).toContain('--show-token');
      expect(plain.stdout + plain.stderr).not.toContain(token);
      const elsewhere = await shell.chamber(['config', '--api-url', server.url]);
      expect(elsewhere.stdout).toContain(`Using API: ${server.url}\nAccess token: none\n`);
      expect(elsewhere.stderr).toContain('never sent to this one');
    },
  },
  {
    ids: ['CLI-76'],
    what: '`chamber token list` asks for the password and lists client, token and expiry; the token in use is `(active)`',
    note: 'The cloud keeps digests of tokens, so their ids are shown',
    async run() {
      const { shell, account, client } = await loggedIn();
      await clientOf(server).login({ ...account, tokenDuration: 0 });
      const unasked = await shell.chamber(['token', 'list']);
      expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining('--password-stdin') });
      const listed = await shell.chamber(['token', 'list', '--password-stdin'], { stdin: account.password });
      expect(listed).toMatchObject({
        code: 0,
        stderr: `Checking with the cloud...\n? Using account ${account.username}\n`,
      });
      const blocks = listed.stdout.trimEnd().split('\n\n');
      expect(blocks).toHaveLength(3);
      for (const block of blocks) {
        expect(block).toMatch(/^\S+( \(active\))?\n Token: {6}[0-9a-f]{24}\n Expires at: (null|\d{4}-\d\d-\d\dT.*Z)$/);
      }
      expect(listed.stdout.match(/ \(active\)$/gm)).toHaveLength(1);
      expect(listed.stdout.match(/Expires at: null$/gm)).toHaveLength(1);
      const wrong = await shell.chamber(['token', 'list', '--password-stdin'], { stdin: 'not this one' });
      expect(wrong).toMatchObject({ code: 3, stdout: '' });

      const code = await withSecondFactor(client);
      const typing = { stdin: account.password };
      expect(await shell.chamber(['token', 'list', '--password-stdin'], typing)).toMatchObject({ code: 2 });
      const tokens = await shell.json(['token', 'list', '--password-stdin', '--otp', code(1)], typing);
      expect(tokens).toContainEqual(expect.objectContaining({ active: true }));
    },
  },
  {
    ids: ['CLI-77'],
    what: '`chamber token create` prints a token of 90 days, or of `--expires-in` seconds, or one that never expires',
    async run() {
      const { shell, account } = await loggedIn();
      const create = (...args: string[]) =>
        shell.chamber(['token', 'create', '--password-stdin', ...args], { stdin: account.password });
      const made = await create();
      expect(made).toMatchObject({ code: 0, stderr: `? Using account ${account.username}\n` });
      const [, when = '', token = ''] =
        /^New access token expires on (\w{3} \w{3} \d\d \d{4} \d\d:\d\d:\d\d GMT[+-]\d{4} \(.+\))\n\t\t([0-9a-f]{40})\n$/.exec(
          made.stdout,
        ) ?? [];
      const days = (Date.parse(when) - Date.now()) / 86_400_000;
      expect(days).toBeGreaterThan(89.9);
      expect(days).toBeLessThan(90.1);
      expect(await nameOf(token)).toBe(account.username);
      expect((await shell.profile()).access_token).not.toBe(token);

      const short = await shell.json(['token', 'create', '--password-stdin', '--expires-in', '600'], {
        stdin: account.password,
      });
      expect(short).toMatchObject({ expires_in: 600, expires_at: expect.stringMatching(/Z$/) });
      const never = await create('--never-expires');
      expect(never.stdout).toMatch(/^New access token never expires\n\t\t[0-9a-f]{40}\n$/);
      expect(await create('--never-expires', '--expires-in', '5')).toMatchObject({ code: 2 });
      expect(await create('--expires-in', '0')).toMatchObject({ code: 2 });
    },
  },
  {
    ids: ['CLI-78'],
    what: "`chamber token revoke` deletes tokens, by themselves or by id; the command line's own only with `--force`",
    note: 'No password is asked for: a token is authority enough to revoke it, and the log-in is for an id',
    async run() {
      const { shell, account, token: own } = await loggedIn();
      const [first, second, third] = await Promise.all(
        [1, 2, 3].map(async () => (await clientOf(server).login(account)).body.access_token),
      );
      const outcome = await shell.chamber(['token', 'revoke', first ?? '']);
      expect(outcome).toMatchObject({ code: 0, stdout: `successfully deleted ${first}\n`, stderr: '' });
      expect(await isRevoked(first ?? '')).toBe(true);
      const piped = await shell.chamber(['token', 'revoke', '--token-stdin'], { stdin: `${second}\n${third}\n` });
      expect(piped.stdout).toBe(`successfully deleted ${second}\nsuccessfully deleted ${third}\n`);

      const missing = await shell.chamber(['token', 'revoke', first ?? '']);
      expect(missing).toMatchObject({ code: 5, stdout: '', stderr: expect.stringContaining('no such token') });
      expect(await shell.chamber(['token', 'revoke'])).toMatchObject({ code: 2 });

      const listed = await shell.chamber(['token', 'list', '--password-stdin'], { stdin: account.password });
      const [ownId = ''] = TOKEN_ID.exec(listed.stdout.slice(listed.stdout.indexOf('(active)'))) ?? [];
      for (const name of [own, ownId]) {
        const refused = await shell.chamber(['token', 'revoke', name]);
        expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--force') });
      }
      expect(await nameOf(own)).toBe(account.username);
      const forced = await shell.chamber(['token', 'revoke', '--force', ownId]);
      expect(forced).toMatchObject({ code: 0, stdout: `successfully deleted ${ownId}\n` });
      expect(await isRevoked(own)).toBe(true);
      expect(await shell.profile()).toEqual({ apiUrl: server.url });
    },
  },
]);

describe.skipIf(!hasTerminals)('at a terminal', () => {
  const open = async (profile?: Parameters<Shells['open']>[0]) => {
    const shell = await shells.open(profile);
    const { PATH = '' } = process.env;
    const env = { PATH, HOME: shell.home, TERM: 'xterm' };
    return {
      shell,
      type: (args: string, typed: ReadonlyArray<readonly [string, string]>) =>
        atTerminal(`"${process.execPath}" "${CHAMBER}" ${args}`, { cwd: shell.folder, env, typed }),
    };
  };

  it('login asks for e-mail, password and code, and once more for what was wrong', async () => {
    const { account, client } = await newPerson();
    const code = await withSecondFactor(client);
    const { shell, type } = await open({ apiUrl: server.url });
    const { code: exit, text } = await type('login', [
      ['email address', `${account.username}\r`],
      ['Please enter your password', 'not this one\r'],
      ['Try again', ''],
      ['Please enter your password', `${account.password}\r`],
      ['login code', `${code(1)}\r`],
    ]);
    expect(text).toContain('Successfully completed login!');
    expect(text).not.toContain(account.password);
    expect(exit).toBe(0);
    expect(await shell.profile()).toMatchObject({ username: account.username });
  });

  it('login asks before it replaces the log-in of another cloud', async () => {
    const theirs = { apiUrl: 'https://other.example', access_token: 'theirs' };
    const { shell, type } = await open(theirs);
    const { code, text } = await type(`login --api-url ${server.url}`, [['Replace it?', '\r']]);
    expect(text).toContain('Nothing was changed');
    expect(code).toBe(1);
    expect(await shell.profile()).toEqual(theirs);
  });

  it('token create asks for the password of the account that is logged in', async () => {
    const { account } = await newPerson();
    const { body } = await clientOf(server).login(account);
    const { type } = await open({ apiUrl: server.url, access_token: body.access_token, username: account.username });
    const { code, text } = await type('token create', [['Please enter your password', `${account.password}\r`]]);
    expect(text).toContain(`? Using account ${account.username}`);
    expect(TOKEN.exec(text)).not.toBeNull();
    expect(code).toBe(0);
  });
});

describe('settings that are broken', () => {
  it('are told with the name of the file', async () => {
    const shell = await shells.open({ apiUrl: server.url });
    const file = join(shell.home, '.particle', 'local.config.json');
    await writeFile(file, 'no JSON');
    const outcome = await shell.chamber(['whoami']);
    expect(outcome).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(file) });
    expect(await readFile(file, 'utf8')).toBe('no JSON');
  });

  it.skipIf(process.platform !== 'linux')('leave no token behind when they cannot be saved', async () => {
    const { account } = await newPerson();
    const before = await countTokens(account);
    const outcome = await (await shells.open()).chamber(
      ['login', '--username', account.username, '--password-stdin', '--api-url', server.url],
      { stdin: account.password, env: { HOME: '/proc' } },
    );
    expect(outcome).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('cannot be saved in /proc/.particle/'),
    });
    expect(await countTokens(account)).toBe(before);
  });
});
