import { days, minutes, seconds } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { beforeAll, expect, it } from 'vitest';
import { codeAt } from '../../../test/http/account-server.ts';
import { FirstRun } from '../../domain/accounts/index.ts';
import type { Store } from '../../store/store.ts';
import { type TestServerOptions, testServer } from '../test-server.ts';
import { accountRouteModule } from './accounts.ts';
import { consoleRouteModule } from './console.ts';

const ANN = { username: 'ann@example.net', password: 'correct horse' };
const CODE = 'c0de'.repeat(10);
const WRONG_LOGIN = { error: 'invalid_grant', error_description: 'User credentials are invalid' };
const NO_TOKEN = { error: 'invalid_request', error_description: 'The access token was not found' };
const BAD_TOKEN = { error: 'invalid_token', error_description: 'The access token provided is invalid.' };
const CSRF_NEEDED = {
  error: 'csrf_failed',
  error_description: 'A request by the cookie of the console needs the header X-Chamber-CSRF of its session',
};
const OTHER_SITE = {
  error: 'csrf_failed',
  error_description: 'A page of another site may not use the log-in of the console',
};
const OWN = 'http://127.0.0.1:8080';
const CSRF = 'x-chamber-csrf';

describeStores('the session of the console', (open) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });

  async function setUp(options: Omit<TestServerOptions, 'routes'> = {}) {
    for (const table of ['users', 'access_tokens', 'audit_entries'] as const)
      await store.db.deleteFrom(table).execute();
    const clock = new VirtualClock();
    const forgotten: string[] = [];
    const firstRun = new FirstRun(CODE, async () => void forgotten.push('code'));
    const server = await testServer(store, {
      clock,
      ...options,
      routes: (_ambient, accounts) => [
        accountRouteModule(accounts),
        consoleRouteModule({
          accounts,
          firstRun,
          publicUrl: accounts.publicUrl,
          deviceHost: 'devices.example.net',
          udpPort: 5684,
          tcpPort: null,
        }),
      ],
    });
    const ann = await server.addUser(ANN.username);
    const call = (request: InjectOptions | string) => server.fastify.inject(request);
    const login = (fields: object = {}, headers: Record<string, string> = {}) =>
      call({ method: 'POST', url: '/v1/console/session', headers, payload: { ...ANN, ...fields } });
    const show = (cookie?: string) => call({ url: '/v1/console/session', headers: cookie ? { cookie } : {} });
    /** A browser that is logged in: its cookie, and what its page sends with changes. */
    const browser = async () => {
      const reply = await login();
      const cookie = cookieOf(reply);
      const csrf = String(reply.json().csrf);
      return { cookie, csrf, headers: { cookie, [CSRF]: csrf, origin: OWN } };
    };
    const setUpCloud = (fields: object = {}, headers: Record<string, string> = {}) => {
      const payload = { code: CODE, username: 'op@example.net', password: 'long enough', ...fields };
      return call({ method: 'POST', url: '/v1/console/setup', headers, payload });
    };
    return { ...server, clock, ann, call, login, show, browser, setUpCloud, forgotten };
  }

  const answer = (reply: LightMyRequestResponse) => [reply.statusCode, reply.json()];
  const cookieOf = (reply: LightMyRequestResponse) => String(reply.headers['set-cookie']).split(';')[0] ?? '';
  const change = { method: 'PUT', url: '/v1/user', payload: { account_info: { first_name: 'Ann' } } } as const;

  it('begins with e-mail and password, in a cookie that no script and no other site can use', async () => {
    const { login, ann } = await setUp();
    const reply = await login({ username: ' Ann@Example.net ' });
    expect(answer(reply)).toEqual([
      200,
      {
        user: { id: ann.id, username: ANN.username, name: '', operator: false, emailVerified: false, mfa: false },
        csrf: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
    expect(reply.headers['cache-control']).toBe('no-store');
    expect(reply.headers['set-cookie']).toMatch(
      /^chamber_session=[0-9a-f]{40}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=1209600$/,
    );
    expect(reply.body).not.toContain(cookieOf(reply).slice(-40));
    const rows = JSON.stringify(await store.db.selectFrom('access_tokens').selectAll().execute());
    expect(rows).not.toContain(cookieOf(reply).slice(-40));
  });

  it('goes over TLS only where the public address has it', async () => {
    const { login } = await setUp({ publicUrl: 'https://cloud.example.net' });
    expect((await login()).headers['set-cookie']).toMatch(/; Secure$/);
  });

  it('tells who is logged in, and anybody of the server', async () => {
    const { show, browser } = await setUp();
    const cloud = {
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      publicUrl: OWN,
      deviceHost: 'devices.example.net',
      udpPort: 5684,
      tcpPort: null,
      signup: 'open',
      organizations: 'operator',
      mail: 'smtp',
      firstRun: true,
    };
    const nobody = await show();
    expect(answer(nobody)).toEqual([200, { user: null, csrf: null, cloud }]);
    expect(nobody.headers['cache-control']).toBe('no-store');
    expect(nobody.headers['set-cookie']).toBeUndefined();
    const { cookie, csrf } = await browser();
    const reply = await show(`theme=dark; ${cookie}; other=1`);
    expect(reply.json()).toMatchObject({ user: { username: ANN.username }, csrf, cloud });
    expect(reply.headers['set-cookie']).toBeUndefined();
  });

  it('is refused for a wrong password, and after ten', async () => {
    const { login, clock } = await setUp();
    for (let n = 0; n < 10; n++) {
      const reply = await login({ password: 'wrong' });
      expect([answer(reply), reply.headers['set-cookie']]).toEqual([[400, WRONG_LOGIN], undefined]);
    }
    const blocked = await login();
    expect([blocked.statusCode, blocked.headers['retry-after']]).toEqual([429, '1800']);
    clock.advance(minutes(30));
    expect((await login({ username: 'nobody@example.net' })).json()).toEqual(WRONG_LOGIN);
    expect((await login()).statusCode).toBe(200);
  });

  it('asks an account with a second factor for a code', async () => {
    const { login, call, ann, clock } = await setUp();
    const url = '/v1/user/mfa-enable';
    const { mfa_token, secret } = (await call({ url, headers: ann.headers })).json();
    const payload = { mfa_token, otp: codeAt(secret, clock.now()) };
    await call({ method: 'POST', url, headers: ann.headers, payload });
    clock.advance(seconds(90));
    const asked = await login();
    expect([asked.statusCode, asked.json().error, asked.headers['set-cookie']]).toEqual([
      403,
      'mfa_required',
      undefined,
    ]);
    expect((await login({ otp: '000000' })).json().error).toBe('invalid_grant');
    expect((await login({ password: 'wrong', otp: codeAt(secret, clock.now()) })).json()).toEqual(WRONG_LOGIN);
    const done = await login({ otp: codeAt(secret, clock.now()) });
    expect([done.statusCode, done.json().user.mfa]).toEqual([200, true]);
  });

  it('stands for a token on every route, and a token goes before it', async () => {
    const { call, browser, addUser } = await setUp();
    const { cookie } = await browser();
    const bob = await addUser('bob@example.net');
    const who = async (headers: Record<string, string>, url = '/v1/user/identify') => {
      const reply = await call({ url, headers });
      return reply.json().email ?? reply.json();
    };
    expect(await who({ cookie })).toBe(ANN.username);
    expect(await who({ cookie, ...bob.headers })).toBe('bob@example.net');
    expect(await who({ cookie }, `/v1/user/identify?access_token=${bob.token}`)).toBe('bob@example.net');
    expect(await who({ cookie, authorization: 'Bearer x' })).toEqual(BAD_TOKEN);
    expect(await who({ cookie: cookie.replace('chamber_session', 'chamber') })).toEqual(NO_TOKEN);
    expect(await who({ cookie: 'chamber_session=' })).toEqual(NO_TOKEN);
    expect(await who({ cookie: `chamber_session=${'0'.repeat(40)}` })).toEqual(BAD_TOKEN);
  });

  it('stands among the tokens of the account', async () => {
    const { call, browser } = await setUp();
    const { cookie, headers } = await browser();
    const reply = await call({ url: '/v1/access_tokens', headers: { cookie } });
    const session = {
      token: expect.any(String),
      created_at: '2026-01-01T00:00:00.000Z',
      expires_at: '2026-01-15T00:00:00.000Z',
      client: 'console',
    };
    expect(reply.json()).toContainEqual(session);
    const { token } = reply.json().find(({ client }: { client: string }) => client === 'console');
    const url = `/v1/access_tokens/${token}`;
    expect(answer(await call({ method: 'DELETE', url, headers: { cookie } }))).toEqual([403, CSRF_NEEDED]);
    expect((await call({ method: 'DELETE', url, headers })).statusCode).toBe(200);
    expect(answer(await call({ url: '/v1/user', headers: { cookie } }))).toEqual([401, BAD_TOKEN]);
  });

  it('changes nothing without the value that only its page knows', async () => {
    const { call, browser } = await setUp();
    const { cookie, csrf } = await browser();
    const { csrf: other } = await browser();
    const wrong = [undefined, '', 'x', other, csrf.toUpperCase(), `${csrf}0`, csrf.replace(/^./, 'é')];
    for (const value of wrong) {
      const headers = { cookie, ...(value !== undefined && { [CSRF]: value }) };
      expect([value, ...answer(await call({ ...change, headers }))]).toEqual([value, 403, CSRF_NEEDED]);
    }
    expect((await call({ ...change, headers: { cookie, [CSRF]: csrf } })).statusCode).toBe(200);
  });

  it.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:8081' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ] as Record<string, string>[])('is of no use to other sites, whatever they know: %j', async (site) => {
    const { call, browser, login, show } = await setUp();
    const { headers } = await browser();
    expect(answer(await call({ ...change, headers: { ...headers, ...site } }))).toEqual([403, OTHER_SITE]);
    expect(answer(await call({ url: '/v1/user', headers: { ...headers, ...site } }))).toEqual([403, OTHER_SITE]);
    const logout = { method: 'DELETE', url: '/v1/console/session', headers: { ...headers, ...site } } as const;
    expect(answer(await call(logout))).toEqual([403, OTHER_SITE]);
    const forced = await login({}, site);
    expect([answer(forced), forced.headers['set-cookie']]).toEqual([[403, OTHER_SITE], undefined]);
    expect((await show(headers.cookie)).json().user).not.toBeNull();
  });

  it('cannot be asked for by a preflight, and replies to it are no other site’s to read', async () => {
    const { call } = await setUp();
    const preflight = await call({
      method: 'OPTIONS',
      url: '/v1/user',
      headers: {
        origin: 'https://evil.example',
        'access-control-request-method': 'PUT',
        'access-control-request-headers': CSRF,
      },
    });
    expect(preflight.headers['access-control-allow-headers']).not.toMatch(/csrf/i);
    expect(preflight.headers['access-control-allow-origin']).toBe('*');
    expect(preflight.headers['access-control-allow-credentials']).toBeUndefined();
  });

  it('ends when its browser logs out, and its cookie is taken back', async () => {
    const { call, browser, show } = await setUp();
    const { cookie, headers } = await browser();
    const logout = { method: 'DELETE', url: '/v1/console/session' } as const;
    expect(answer(await call({ ...logout, headers: { cookie } }))).toEqual([403, CSRF_NEEDED]);
    const reply = await call({ ...logout, headers });
    expect(answer(reply)).toEqual([200, { ok: true }]);
    expect(reply.headers['set-cookie']).toBe('chamber_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0');
    const after = await show(cookie);
    expect([after.json().user, after.json().csrf]).toEqual([null, null]);
    expect(after.headers['set-cookie']).toMatch(/^chamber_session=;.*Max-Age=0/);
    expect((await call({ ...logout, headers })).statusCode).toBe(401);
  });

  it('ends with a new password, and with everything that ends tokens', async () => {
    const { call, browser, show } = await setUp();
    const [one, two] = [await browser(), await browser()];
    const payload = { password: 'battery staple', current_password: ANN.password, invalidate_tokens: true };
    expect((await call({ method: 'PUT', url: '/v1/user', headers: one.headers, payload })).statusCode).toBe(200);
    expect((await show(two.cookie)).json().user).toBeNull();
    expect((await show(one.cookie)).json().user).not.toBeNull();
    expect((await call({ method: 'DELETE', url: '/v1/access_tokens', headers: one.headers })).statusCode).toBe(200);
    expect((await show(one.cookie)).json().user).toBeNull();
  });

  it('replaces the one that the browser had', async () => {
    const { browser, login, show } = await setUp();
    const { cookie } = await browser();
    const second = cookieOf(await login({}, { cookie }));
    expect((await show(cookie)).json().user).toBeNull();
    expect((await show(second)).json().user).not.toBeNull();
  });

  it('lasts 14 days after its last use', async () => {
    const { browser, show, call, clock } = await setUp();
    const { cookie } = await browser();
    clock.advance(days(1) - 1);
    expect((await show(cookie)).headers['set-cookie']).toBeUndefined();
    clock.advance(days(9));
    const renewed = await show(cookie);
    expect(cookieOf(renewed)).toBe(cookie);
    expect(renewed.headers['set-cookie']).toMatch(/Max-Age=1209600$/);
    clock.advance(days(14) - 1);
    expect((await call({ url: '/v1/user', headers: { cookie } })).statusCode).toBe(200);
    clock.advance(1);
    expect((await call({ url: '/v1/user', headers: { cookie } })).statusCode).toBe(401);
    const over = await show(cookie);
    expect([over.json().user, over.headers['set-cookie']]).toEqual([null, expect.stringMatching(/Max-Age=0$/)]);
  });

  it('is no session when the token is of another kind', async () => {
    const { show, ann } = await setUp();
    expect((await show(`chamber_session=${ann.token}`)).json().user).toBeNull();
  });

  it('is written into the audit log, with the wrong passwords', async () => {
    const { login, ann, services } = await setUp();
    await login({ password: 'wrong' });
    await expect.poll(() => entries()).toEqual(['createConsoleSession.refused']);
    await login();
    await services.aside.settled();
    expect(await entries()).toEqual(['createConsoleSession', 'createConsoleSession.refused']);
    const made = await store.db
      .selectFrom('audit_entries')
      .selectAll()
      .where('operation', '=', 'createConsoleSession')
      .executeTakeFirstOrThrow();
    expect(made.actor_id).toBe(ann.id);
  });
  const entries = async () =>
    (await store.db.selectFrom('audit_entries').select('operation').execute()).map((row) => row.operation).toSorted();

  it('sets a fresh cloud up, once', async () => {
    const { setUpCloud, show, call, forgotten } = await setUp();
    const reply = await setUpCloud();
    expect(answer(reply)).toEqual([
      200,
      {
        user: {
          id: expect.any(String),
          username: 'op@example.net',
          name: '',
          operator: true,
          emailVerified: true,
          mfa: false,
        },
        csrf: expect.any(String),
      },
    ]);
    expect(forgotten).toEqual(['code']);
    const cookie = cookieOf(reply);
    expect((await show(cookie)).json()).toMatchObject({ user: { operator: true }, cloud: { firstRun: false } });
    expect((await call({ url: '/v1/operator/users', headers: { cookie } })).statusCode).toBe(200);
    const again = await setUpCloud({ username: 'second@example.net' });
    expect([again.statusCode, again.json().error]).toEqual([409, 'already_set_up']);
    expect((await setUpCloud({ code: 'x' })).statusCode).toBe(409);
  });

  it('sets nothing up for who does not know the code, or for another site', async () => {
    const { setUpCloud, show } = await setUp();
    for (const code of ['', 'x', CODE.toUpperCase(), '0'.repeat(40)]) {
      const reply = await setUpCloud({ code });
      expect([code, reply.statusCode, reply.json().error]).toEqual([code, 403, 'setup_code_wrong']);
    }
    expect(answer(await setUpCloud({}, { origin: 'https://evil.example' }))).toEqual([403, OTHER_SITE]);
    expect((await setUpCloud({ username: 'nobody' })).statusCode).toBe(400);
    expect((await setUpCloud({ password: 'short' })).statusCode).toBe(400);
    const taken = await setUpCloud({ username: ANN.username });
    expect([taken.statusCode, taken.json().error]).toEqual([409, 'username_taken']);
    expect((await show()).json().cloud.firstRun).toBe(true);
    expect((await setUpCloud()).statusCode).toBe(200);
  });

  it('makes one operator of two who come at once', async () => {
    const { setUpCloud } = await setUp();
    const replies = await Promise.all([setUpCloud(), setUpCloud({ username: 'second@example.net' })]);
    expect(replies.map((reply) => reply.statusCode).toSorted()).toEqual([200, 409]);
    const operators = await store.db.selectFrom('users').select('username').where('operator', '=', 1).execute();
    expect(operators).toHaveLength(1);
  });

  it('holds guesses to the limits of an address', async () => {
    const { setUpCloud, login, clock } = await setUp({ rateLimits: true });
    for (let n = 0; n < 100; n++) await setUpCloud({ code: 'x' });
    expect((await setUpCloud()).statusCode).toBe(429);
    for (let n = 0; n < 100; n++) await login({ username: `n${n}@example.net` });
    expect((await login()).statusCode).toBe(429);
    clock.advance(minutes(5));
    expect((await setUpCloud()).statusCode).toBe(200);
    expect((await login()).statusCode).toBe(200);
  });
});
