import { days, hours, minutes, seconds } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureOperator, type SignupPolicy } from '../../domain/accounts/index.ts';
import type { Store } from '../../store/store.ts';
import { testServer } from '../test-server.ts';
import { accountRouteModule } from './accounts.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const NOT_FOUND = { error: 'invalid_request', error_description: 'The access token was not found' };
const INVALID = { error: 'invalid_token', error_description: 'The access token provided is invalid.' };
const EXPIRED = { error: 'invalid_token', error_description: 'The access token provided has expired.' };
const WRONG_LOGIN = { error: 'invalid_grant', error_description: 'User credentials are invalid' };
const WRONG_CLIENT = { error: 'invalid_client', error_description: 'Client credentials are invalid' };
const OK = { ok: true };

const basic = (name: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
});
const answer = (reply: LightMyRequestResponse) => [reply.statusCode, reply.json()];

describeStores('account routes', (open) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });

  /** A server of its own over the one store, whose accounts of earlier tests are gone with all that hung on them. */
  async function setUp(signup: SignupPolicy = 'open') {
    for (const table of ['users', 'access_tokens', 'refresh_tokens'] as const)
      await store.db.deleteFrom(table).execute();
    const clock = new VirtualClock();
    const server = await testServer(store, {
      clock,
      signup,
      routes: (_ambient, services) => [
        accountRouteModule(services, { countDevices: async () => ({ wifi: 2, cellular: 1 }) }),
      ],
    });
    const call = (request: InjectOptions | string) => server.fastify.inject(request);
    const ann = await server.addUser('ann@example.net');
    const form = (fields: Record<string, string>, extra: InjectOptions = {}) =>
      call({
        method: 'POST',
        url: '/oauth/token',
        ...extra,
        headers: { ...FORM, ...extra.headers },
        payload: new URLSearchParams(fields).toString(),
      });
    const client = { client_id: 'particle', client_secret: 'particle' };
    const login = (fields: Record<string, string> = {}, extra: InjectOptions = {}) =>
      form(
        { grant_type: 'password', username: 'ann@example.net', password: 'correct horse', ...client, ...fields },
        extra,
      );
    const whoAmI = async (token: string) =>
      (await call({ url: '/v1/user', headers: { authorization: `Bearer ${token}` } })).statusCode;
    return { ...server, clock, call, ann, form, client, login, whoAmI };
  }

  describe('POST /oauth/token, password', () => {
    it('gives a pair of tokens for 90 days and forbids caching', async () => {
      const { login, whoAmI } = await setUp();
      const reply = await login();
      expect(reply.statusCode).toBe(200);
      expect(reply.headers['cache-control']).toBe('no-store');
      expect(reply.json()).toEqual({
        access_token: expect.stringMatching(/^[0-9a-f]{40}$/),
        token_type: 'bearer',
        expires_in: 7_776_000,
        refresh_token: expect.stringMatching(/^[0-9a-f]{40}$/),
      });
      expect(await whoAmI(reply.json().access_token)).toBe(200);
    });

    it('keeps only digests of what it gave', async () => {
      const { ambient, login } = await setUp();
      const { access_token: access, refresh_token: refresh } = (await login()).json();
      const rows = JSON.stringify([
        await ambient.store.db.selectFrom('access_tokens').selectAll().execute(),
        await ambient.store.db.selectFrom('refresh_tokens').selectAll().execute(),
        await ambient.store.db.selectFrom('users').selectAll().execute(),
      ]);
      for (const secret of [access, refresh, 'correct horse']) expect(rows).not.toContain(secret);
    });

    it.each([
      ['particle', 'particle'],
      ['particle-api', 'particle-api'],
      ['particle-cli', 'particle-cli'],
      ['CLI2', 'whatever'],
    ])('takes the built-in client %s, by fields and by Basic', async (id, secret) => {
      const { form, login } = await setUp();
      expect((await login({ client_id: id, client_secret: secret })).statusCode).toBe(200);
      const fields = { grant_type: 'password', username: 'ann@example.net', password: 'correct horse' };
      expect((await form(fields, { headers: basic(id, secret) })).statusCode).toBe(200);
    });

    it('takes JSON as well, and the e-mail address in any case', async () => {
      const { call, client } = await setUp();
      const payload = { grant_type: 'password', username: ' Ann@Example.NET ', password: 'correct horse', ...client };
      expect((await call({ method: 'POST', url: '/oauth/token', payload })).statusCode).toBe(200);
    });

    it.each([
      [{ expires_in: '0' }, 0],
      [{ expires_in: '60' }, 60],
      [{ expires_at: 'null' }, 0],
      [{ expires_at: '2026-01-02' }, 86_400],
    ])('honours %j', async (fields, expected) => {
      const { login } = await setUp();
      expect((await login(fields)).json().expires_in).toBe(expected);
    });

    it.each([
      [{ password: 'wrong horse' }, 400, WRONG_LOGIN],
      [{ username: 'nobody@example.net' }, 400, WRONG_LOGIN],
      [{ username: 'x'.repeat(300) }, 400, WRONG_LOGIN],
      [{ password: 'x'.repeat(2000) }, 400, WRONG_LOGIN],
      [{ client_secret: 'wrong' }, 400, WRONG_CLIENT],
      [{ client_id: 'nobody' }, 400, WRONG_CLIENT],
      [{ client_id: 'constructor' }, 400, WRONG_CLIENT],
      [{ client_id: '' }, 400, WRONG_CLIENT],
      [{ grant_type: 'telepathy' }, 400, { error: 'unsupported_grant_type' }],
      [{ grant_type: 'toString' }, 400, { error: 'unsupported_grant_type' }],
      [{ grant_type: '' }, 400, { error: 'invalid_request', error_description: 'grant_type is missing' }],
      [{ password: '' }, 400, { error: 'invalid_request', error_description: 'password is missing' }],
      [{ expires_in: 'soon' }, 400, { error: 'invalid_request' }],
      [{ expires_at: 'soon' }, 400, { error: 'invalid_request' }],
    ])('refuses %.60j', async (fields, status, body) => {
      const { login } = await setUp();
      const reply = await login(fields as Record<string, string>);
      expect(reply.statusCode).toBe(status);
      expect(reply.json()).toMatchObject(body);
    });

    it('answers a wrong client in the Basic header with 401', async () => {
      const { login } = await setUp();
      const reply = await login({}, { headers: basic('particle', 'wrong') });
      expect(answer(reply)).toEqual([401, WRONG_CLIENT]);
      expect(reply.headers['www-authenticate']).toBe('Basic realm="oauth"');
    });

    it('blocks an account and address for 30 minutes after ten wrong passwords', async () => {
      const { clock, login } = await setUp();
      for (let n = 0; n < 10; n++) expect((await login({ password: 'wrong' })).statusCode).toBe(400);
      const blocked = await login();
      expect([blocked.statusCode, blocked.json().error]).toEqual([429, 'too_many_requests']);
      expect(blocked.headers['retry-after']).toBe('1800');
      expect((await login({}, { remoteAddress: '192.0.2.9' })).statusCode).toBe(200);
      clock.advance(minutes(30));
      expect((await login()).statusCode).toBe(200);
    });

    it('twelve guesses at once get ten tries', async () => {
      const { login } = await setUp();
      const replies = await Promise.all(Array.from({ length: 12 }, () => login({ password: 'wrong' })));
      expect(replies.map((reply) => reply.statusCode).sort()).toEqual([...Array(10).fill(400), 429, 429]);
    });

    it('many right log-ins at once all succeed', async () => {
      const { login } = await setUp();
      const replies = await Promise.all(Array.from({ length: 30 }, () => login()));
      expect(new Set(replies.map((reply) => reply.statusCode))).toEqual(new Set([200]));
      expect(new Set(replies.map((reply) => reply.json().access_token)).size).toBe(30);
    });
  });

  describe('POST /oauth/token, refresh_token', () => {
    it('gives a new pair of the same lifetime and ends the old one', async () => {
      const { login, form, client, whoAmI } = await setUp();
      const first = (await login({ expires_in: '600' })).json();
      const reply = await form({ grant_type: 'refresh_token', refresh_token: first.refresh_token, ...client });
      expect(reply.statusCode).toBe(200);
      const second = reply.json();
      expect(second.expires_in).toBe(600);
      expect(second.refresh_token).not.toBe(first.refresh_token);
      expect(await whoAmI(second.access_token)).toBe(200);
      expect(await whoAmI(first.access_token)).toBe(401);
    });

    it('a second use revokes everything that came of the log-in', async () => {
      const { login, form, client, whoAmI, ann } = await setUp();
      const first = (await login()).json();
      const refresh = (token: string) => form({ grant_type: 'refresh_token', refresh_token: token, ...client });
      const second = (await refresh(first.refresh_token)).json();
      expect((await refresh(first.refresh_token)).json().error).toBe('invalid_grant');
      expect(await whoAmI(second.access_token)).toBe(401);
      expect((await refresh(second.refresh_token)).json().error).toBe('invalid_grant');
      expect(await whoAmI(ann.token)).toBe(200);
    });

    it('two uses at once give at most one pair', async () => {
      const { login, form, client } = await setUp();
      const { refresh_token: token } = (await login()).json();
      const refresh = () => form({ grant_type: 'refresh_token', refresh_token: token, ...client });
      const statuses = (await Promise.all([refresh(), refresh(), refresh()])).map((reply) => reply.statusCode);
      expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(1);
      expect(statuses.every((status) => status === 200 || status === 400)).toBe(true);
    });

    it('refuses one that is unknown, expired or of another client', async () => {
      const { clock, login, form, client } = await setUp();
      const { refresh_token: token } = (await login()).json();
      const refresh = async (fields: Record<string, string>) =>
        (await form({ grant_type: 'refresh_token', refresh_token: token, ...client, ...fields })).json().error;
      expect(await refresh({ refresh_token: 'f'.repeat(40) })).toBe('invalid_grant');
      expect(await refresh({ refresh_token: '' })).toBe('invalid_request');
      expect(await refresh({ client_id: 'particle-api', client_secret: 'particle-api' })).toBe('invalid_grant');
      clock.advance(days(14));
      expect(await refresh({})).toBe('invalid_grant');
    });
  });

  describe('POST /oauth/token, client_credentials', () => {
    async function withClient(scope?: string) {
      const setting = await setUp();
      const payload = { name: 'My Server', type: 'installed', ...(scope !== undefined && { scope }) };
      const made = await setting.call({
        method: 'POST',
        url: '/v1/clients',
        headers: setting.ann.headers,
        payload,
      });
      const { id, secret } = made.json().client;
      const grant = (fields: Record<string, string> = {}) =>
        setting.form({ grant_type: 'client_credentials', client_id: id, client_secret: secret, ...fields });
      return { ...setting, id, secret, grant };
    }

    it('gives a token of the owner of the client, without refresh token', async () => {
      const { call, grant } = await withClient();
      const reply = await grant({ expires_in: '0' });
      expect(reply.json()).toEqual({
        access_token: expect.stringMatching(/^[0-9a-f]{40}$/),
        token_type: 'bearer',
        expires_in: 0,
      });
      const user = await call({ url: '/v1/user', headers: { authorization: `Bearer ${reply.json().access_token}` } });
      expect(user.json().username).toBe('ann@example.net');
    });

    it('refuses wrong secrets, scopes it does not have, and built-in clients', async () => {
      const { grant, form, client } = await withClient();
      expect(answer(await grant({ client_secret: 'wrong' }))).toEqual([400, WRONG_CLIENT]);
      expect((await grant({ scope: 'customer=bob@example.net' })).json().error).toBe('invalid_scope');
      const builtIn = await form({ grant_type: 'client_credentials', ...client });
      expect([builtIn.statusCode, builtIn.json().error]).toEqual([400, 'unauthorized_client']);
    });

    it('a client for customers only does not act for its owner', async () => {
      const { grant } = await withClient('customers:create');
      expect((await grant()).json().error).toBe('unauthorized_client');
    });

    it('the tokens of a deleted client stop working', async () => {
      const { call, ann, id, grant, whoAmI } = await withClient();
      const { access_token: token } = (await grant()).json();
      expect(await whoAmI(token)).toBe(200);
      await call({ method: 'DELETE', url: `/v1/clients/${id}`, headers: ann.headers });
      expect(await whoAmI(token)).toBe(401);
      expect(answer(await grant())).toEqual([400, WRONG_CLIENT]);
    });
  });

  describe('presenting a token', () => {
    it.each([
      ['GET', '/v1/user', 'header', 200],
      ['GET', '/v1/user', 'query', 200],
      ['DELETE', '/v1/access_tokens/current', 'header', 200],
      ['DELETE', '/v1/access_tokens/current', 'form', 200],
      ['DELETE', '/v1/access_tokens/current', 'JSON', 200],
      ['DELETE', '/v1/access_tokens/current', 'query', 400],
      ['POST', '/v1/clients', 'header', 200],
      ['POST', '/v1/clients', 'form', 200],
      ['POST', '/v1/clients', 'JSON', 200],
      ['POST', '/v1/clients', 'query', 400],
      ['PUT', '/v1/clients/nobody-1', 'form', 404],
      ['PUT', '/v1/clients/nobody-1', 'query', 400],
    ] as const)('%s %s with the token in the %s: %i', async (method, url, place, status) => {
      const { call, ann } = await setUp();
      const fields = { name: 'x', type: 'installed', ...(place !== 'header' && { access_token: ann.token }) };
      const requests: Record<string, InjectOptions> = {
        header: { headers: ann.headers },
        query: { url: `${url}?access_token=${ann.token}` },
        form: { headers: FORM, payload: new URLSearchParams(fields).toString() },
        JSON: { payload: fields },
      };
      const body = method === 'POST' && place === 'header' ? { payload: fields } : {};
      const reply = await call({ method, url, ...body, ...requests[place] });
      expect(reply.statusCode).toBe(status);
      if (status === 400) expect(reply.json()).toEqual(NOT_FOUND);
    });

    it('the header wins', async () => {
      const { call, ann } = await setUp();
      expect((await call({ url: '/v1/user?access_token=nonsense', headers: ann.headers })).statusCode).toBe(200);
      const wrong = { authorization: 'Bearer nonsense' };
      expect(answer(await call({ url: `/v1/user?access_token=${ann.token}`, headers: wrong }))).toEqual([401, INVALID]);
    });

    it.each([
      [{}, 400, NOT_FOUND],
      [{ authorization: 'Bearer' }, 400, NOT_FOUND],
      [{ authorization: 'Bearer undefined' }, 401, INVALID],
      [{ authorization: 'Bearer two words' }, 401, INVALID],
      [{ authorization: `Bearer ${'0'.repeat(40)}` }, 401, INVALID],
      [basic('ann@example.net', 'correct horse'), 400, NOT_FOUND],
    ])('%j', async (headers, status, body) => {
      const { call } = await setUp();
      expect(answer(await call({ url: '/v1/user', headers }))).toEqual([status, body]);
    });

    it('the scheme is read without case', async () => {
      const { call, ann } = await setUp();
      const headers = { authorization: `bearer ${ann.token}` };
      expect((await call({ url: '/v1/user', headers })).statusCode).toBe(200);
    });

    it('two tokens in the query are none', async () => {
      const { call, ann } = await setUp();
      const reply = await call(`/v1/user?access_token=${ann.token}&access_token=${ann.token}`);
      expect(answer(reply)).toEqual([400, NOT_FOUND]);
    });

    it('an expired token says so, for 30 days, then it is unknown', async () => {
      const { clock, call, login, whoAmI } = await setUp();
      const { access_token: token } = (await login({ expires_in: '60' })).json();
      clock.advance(seconds(59));
      expect(await whoAmI(token)).toBe(200);
      clock.advance(seconds(1));
      const headers = { authorization: `Bearer ${token}` };
      const reply = await call({ url: '/v1/user', headers });
      expect(answer(reply)).toEqual([401, EXPIRED]);
      expect(reply.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
      clock.advance(days(30) + hours(1));
      await login();
      expect(answer(await call({ url: '/v1/user', headers }))).toEqual([401, INVALID]);
    });

    it('is asked for before the body is looked at', async () => {
      const { call } = await setUp();
      expect(answer(await call({ method: 'POST', url: '/v1/clients', payload: { name: 5 } }))).toEqual([
        400,
        NOT_FOUND,
      ]);
    });
  });

  describe('token management', () => {
    it('GET /v1/access_tokens/current', async () => {
      const { call, login } = await setUp();
      const { access_token: token } = (await login({ expires_in: '60' })).json();
      const reply = await call({ url: '/v1/access_tokens/current', headers: { authorization: `Bearer ${token}` } });
      const list = (await call({ url: '/v1/access_tokens', headers: { authorization: `Bearer ${token}` } })).json();
      const [own] = list.filter((one: { expires_at: string | null }) => one.expires_at !== null);
      expect(reply.json()).toEqual({
        token: own.token,
        expires_at: '2026-01-01T00:01:00.000Z',
        client: 'particle',
        client_id: 'particle',
        scopes: [],
        orgs: [],
      });
    });

    it('GET /v1/access_tokens by password or token shows ids, never tokens', async () => {
      const { call, ann, login, clock } = await setUp();
      const { access_token: token } = (await login({ expires_in: '60', client_id: 'CLI2' })).json();
      const headers = basic('ann@example.net', 'correct horse');
      const reply = await call({ url: '/v1/access_tokens', headers });
      expect(reply.statusCode).toBe(200);
      expect(reply.json()).toHaveLength(2);
      const first = {
        token: ann.tokenId,
        expires_at: null,
        client: 'particle',
        created_at: '2026-01-01T00:00:00.000Z',
      };
      expect(reply.json()).toContainEqual(first);
      expect(reply.body).not.toContain(token);
      clock.advance(seconds(60));
      const later = await call({ url: '/v1/access_tokens', headers: ann.headers });
      expect(later.json()).toEqual([first]);
    });

    it('GET /v1/access_tokens refuses a wrong password and nothing at all', async () => {
      const { call } = await setUp();
      const headers = basic('ann@example.net', 'wrong');
      expect(answer(await call({ url: '/v1/access_tokens', headers }))).toEqual([400, WRONG_LOGIN]);
      expect(answer(await call('/v1/access_tokens'))).toEqual([400, NOT_FOUND]);
    });

    it('DELETE /v1/access_tokens/:token needs nothing but the token', async () => {
      const { call, ann, whoAmI } = await setUp();
      expect(await whoAmI(ann.token)).toBe(200);
      const request = { method: 'DELETE', url: `/v1/access_tokens/${ann.token}` } as const;
      expect(answer(await call(request))).toEqual([200, OK]);
      expect(await whoAmI(ann.token)).toBe(401);
      const again = await call(request);
      expect([again.statusCode, again.json().error]).toEqual([404, 'token_not_found']);
    });

    it('DELETE by id needs the owner', async () => {
      const { call, ann, addUser, whoAmI } = await setUp();
      const bob = await addUser('bob@example.net');
      const request = { method: 'DELETE', url: `/v1/access_tokens/${ann.tokenId}` } as const;
      expect(answer(await call(request))).toEqual([400, NOT_FOUND]);
      expect((await call({ ...request, headers: bob.headers })).statusCode).toBe(404);
      expect(await whoAmI(ann.token)).toBe(200);
      const headers = basic('ann@example.net', 'correct horse');
      expect(answer(await call({ ...request, headers }))).toEqual([200, OK]);
      expect(await whoAmI(ann.token)).toBe(401);
    });

    it('revoking a token revokes its refresh token', async () => {
      const { call, login, form, client } = await setUp();
      const { access_token: access, refresh_token: refresh } = (await login()).json();
      await call({ method: 'DELETE', url: `/v1/access_tokens/${access}` });
      const reply = await form({ grant_type: 'refresh_token', refresh_token: refresh, ...client });
      expect(reply.json().error).toBe('invalid_grant');
    });

    it('DELETE /v1/access_tokens/current logs out this token only', async () => {
      const { call, ann, login, whoAmI } = await setUp();
      const { access_token: other } = (await login()).json();
      const reply = await call({ method: 'DELETE', url: '/v1/access_tokens/current', headers: ann.headers });
      expect(answer(reply)).toEqual([200, OK]);
      expect(await whoAmI(ann.token)).toBe(401);
      expect(await whoAmI(other)).toBe(200);
    });

    it('DELETE /v1/access_tokens logs out everywhere, and nobody else', async () => {
      const { call, ann, addUser, login, form, client, whoAmI } = await setUp();
      const bob = await addUser('bob@example.net');
      const { access_token: other, refresh_token: refresh } = (await login()).json();
      const reply = await call({ method: 'DELETE', url: '/v1/access_tokens', headers: ann.headers });
      expect(answer(reply)).toEqual([200, OK]);
      expect([await whoAmI(ann.token), await whoAmI(other), await whoAmI(bob.token)]).toEqual([401, 401, 200]);
      expect((await form({ grant_type: 'refresh_token', refresh_token: refresh, ...client })).statusCode).toBe(400);
    });
  });

  describe('accounts', () => {
    it('GET /v1/user and /v1/user/identify', async () => {
      const { call, ann } = await setUp();
      expect((await call({ url: '/v1/user', headers: ann.headers })).json()).toEqual({
        username: 'ann@example.net',
        subscription_ids: [],
        tos: 1,
        account_info: { first_name: '', last_name: '', company_name: '', business_account: false },
        mfa: { enabled: false },
        email_verified: false,
        memberships: [],
        scim_provisioned: false,
        no_password: false,
        wifi_device_count: 2,
        cellular_device_count: 1,
      });
      const identity = await call({ url: '/v1/user/identify?tracking=1', headers: ann.headers });
      expect(identity.json()).toEqual({ id: ann.id, email: 'ann@example.net' });
    });

    it('POST /v1/users makes an account that can log in', async () => {
      const { call, login } = await setUp();
      const payload = 'username=Bob%40Example.net&password=battery+staple&account_info[first_name]=Bob&utm[x]=1';
      const reply = await call({ method: 'POST', url: '/v1/users', headers: FORM, payload });
      expect(reply.statusCode).toBe(200);
      expect(reply.json()).toMatchObject({ ok: true, username: 'bob@example.net' });
      const fields = { username: 'bob@example.net', password: 'battery staple' };
      const { access_token: token } = (await login(fields)).json();
      const user = await call({ url: '/v1/user', headers: { authorization: `Bearer ${token}` } });
      expect(user.json().account_info).toEqual({
        first_name: 'Bob',
        last_name: '',
        company_name: '',
        business_account: false,
      });
    });

    it.each([
      [{ username: 'ann@example.net', password: 'battery staple' }, 409, 'username_taken'],
      [{ username: 'ANN@example.net', password: 'battery staple' }, 409, 'username_taken'],
      [{ username: 'bob', password: 'battery staple' }, 400, 'invalid_request'],
      [{ username: 'bob@example.net', password: 'short' }, 400, 'invalid_request'],
      [{ username: 'bob@example.net' }, 400, 'invalid_request'],
      [{ username: ['bob@example.net'], password: 'battery staple' }, 400, 'invalid_request'],
    ])('POST /v1/users refuses %j', async (payload, status, error) => {
      const { call } = await setUp();
      const reply = await call({ method: 'POST', url: '/v1/users', payload });
      expect([reply.statusCode, reply.json().error]).toEqual([status, error]);
    });

    it.each([
      ['invite', 'signup_by_invitation'],
      ['closed', 'signup_closed'],
    ] as const)('POST /v1/users is a 403 when sign-up is %s', async (signup, error) => {
      const { call } = await setUp(signup);
      const payload = { username: 'bob@example.net', password: 'battery staple' };
      const reply = await call({ method: 'POST', url: '/v1/users', payload });
      expect([reply.statusCode, reply.json().error]).toEqual([403, error]);
    });

    it('ensureOperator makes the operator once and promotes an account that exists', async () => {
      const { ambient, services, login } = await setUp();
      const input = { username: 'Op@example.net', password: 'battery staple' };
      const [made, second] = await Promise.all([
        ensureOperator(ambient, services, input),
        ensureOperator(ambient, services, input),
      ]);
      expect(second.id).toBe(made.id);
      expect(made).toMatchObject({ username: 'op@example.net', operator: true });
      expect((await ensureOperator(ambient, services, { ...input, password: 'other words' })).id).toBe(made.id);
      expect((await login(input)).statusCode).toBe(200);
      await ensureOperator(ambient, services, { username: 'ann@example.net', password: 'battery staple' });
      const { access_token: token } = (await login()).json();
      expect((await services.tokens.find(token))?.actor).toMatchObject({ operator: true });
    });
  });

  describe('OAuth clients', () => {
    it('are made with a secret that is shown once, listed, changed and deleted', async () => {
      const { call, ann } = await setUp();
      const make = await call({
        method: 'POST',
        url: '/v1/clients',
        headers: ann.headers,
        payload: {
          name: 'My App!',
          type: 'web',
          redirect_uri: 'https://app.example/cb',
          scope: '*:* customers:create',
        },
      });
      const { secret, ...client } = make.json().client;
      expect(secret).toMatch(/^[0-9a-f]{40}$/);
      expect(client).toEqual({
        name: 'My App!',
        type: 'web',
        id: expect.stringMatching(/^my-app-\d{4}$/),
        redirect_uri: 'https://app.example/cb',
        scope: '*:* customers:create',
      });
      const list = () => call({ url: '/v1/clients', headers: ann.headers });
      expect((await list()).json()).toEqual({ ok: true, clients: [client] });
      const url = `/v1/clients/${client.id}`;
      const change = { method: 'PUT', url, headers: ann.headers } as const;
      const changed = await call({ ...change, payload: { name: 'Other', scope: 'none' } });
      const { scope: _scope, ...rest } = client;
      const other = { ...rest, name: 'Other' };
      expect(changed.json()).toEqual({ ok: true, ...other, client: other });
      expect((await call({ ...change, payload: {} })).json()).toEqual(changed.json());
      const remove = { method: 'DELETE', url, headers: ann.headers } as const;
      expect((await call(remove)).statusCode).toBe(204);
      expect((await call(remove)).statusCode).toBe(404);
      expect((await list()).json().clients).toEqual([]);
    });

    it.each([
      [{ type: 'installed' }, 'invalid_request'],
      [{ name: ' ', type: 'installed' }, 'invalid_request'],
      [{ name: 'x', type: 'other' }, 'invalid_request'],
      [{ name: 'x', type: 'web' }, 'invalid_request'],
      [{ name: 'x', type: 'web', redirect_uri: 'http://app.example/cb' }, 'invalid_request'],
      [{ name: 'x', type: 'web', redirect_uri: 'javascript:alert(1)' }, 'invalid_request'],
      [{ name: 'x', type: 'installed', scope: 'devices:list' }, 'invalid_scope'],
    ])('refuses %j', async (payload, error) => {
      const { call, ann } = await setUp();
      const reply = await call({ method: 'POST', url: '/v1/clients', headers: ann.headers, payload });
      expect([reply.statusCode, reply.json().error]).toEqual([400, error]);
    });

    it('of somebody else answer as unknown ones do', async () => {
      const { call, ann, addUser } = await setUp();
      const bob = await addUser('bob@example.net');
      const payload = { name: 'x', type: 'installed' };
      const made = await call({ method: 'POST', url: '/v1/clients', headers: ann.headers, payload });
      const url = `/v1/clients/${made.json().client.id}`;
      for (const headers of [bob.headers]) {
        expect((await call({ method: 'PUT', url, headers, payload: { name: 'y' } })).statusCode).toBe(404);
        expect((await call({ method: 'PUT', url, headers, payload: {} })).statusCode).toBe(404);
        expect((await call({ method: 'DELETE', url, headers })).statusCode).toBe(404);
        expect((await call({ url: '/v1/clients', headers })).json().clients).toEqual([]);
      }
      expect((await call({ url: '/v1/clients', headers: ann.headers })).json().clients).toHaveLength(1);
    });
  });
});
