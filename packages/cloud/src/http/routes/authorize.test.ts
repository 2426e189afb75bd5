import { createHash } from 'node:crypto';
import { minutes } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import type { LightMyRequestResponse } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { FakeDeviceCommands } from '../../domain/devices/fake-device-commands.ts';
import type { Store } from '../../store/store.ts';
import { basic, DENIED, productServer, TOKEN, WRONG_CLIENT } from './test-products.ts';

const REDIRECT = 'https://shop.example.net/callback?from=cloud';
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const WRONG_CODE = {
  error: 'invalid_grant',
  error_description: 'The code is invalid, used or expired: ask for a new one',
};

describeStores('the consent page', (open) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });

  async function setUp(place = '') {
    const server = await productServer(store, new VirtualClock(), new FakeDeviceCommands());
    const client = await server.addClient(place, { name: 'Shop <b>', type: 'web', redirect_uri: REDIRECT });
    const { client_id } = client;
    const ask = { response_type: 'code', client_id, state: 'a b&c' };
    const show = (fields: Record<string, string>) => server.call(`/oauth/authorize?${new URLSearchParams(fields)}`);
    const answer = (fields: Record<string, string> = {}) =>
      server.form('/oauth/authorize', {
        ...ask,
        username: 'ann@example.net',
        password: 'correct horse',
        decision: 'allow',
        ...fields,
      });
    const exchange = (code: string, fields: Record<string, string> = {}, headers?: Record<string, string>) =>
      server.grant({ grant_type: 'authorization_code', code, ...client, ...fields }, headers);
    const codeOf = (reply: LightMyRequestResponse) => sentTo(reply).code ?? '';
    return { ...server, client, ask, show, answer, exchange, codeOf };
  }

  /** Checks that the browser is sent to the client, and gives what it brings there. */
  function sentTo(reply: LightMyRequestResponse): Record<string, string> {
    expect(reply.statusCode).toBe(303);
    expect(reply.headers['cache-control']).toBe('no-store');
    const url = new URL(String(reply.headers.location));
    expect(`${url.origin}${url.pathname}`).toBe('https://shop.example.net/callback');
    const { from, ...fields } = Object.fromEntries(url.searchParams);
    expect(from).toBe('cloud');
    return fields;
  }

  describe('GET /oauth/authorize', () => {
    it('says who asks for what, and runs nothing of others', async () => {
      const { show, ask } = await setUp();
      const reply = await show(ask);
      expect(reply.statusCode).toBe(200);
      expect(reply.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
      });
      const policy = String(reply.headers['content-security-policy']);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("form-action 'self' https://shop.example.net;");
      expect(policy).toContain("default-src 'none'");
      expect(reply.body).toContain('Shop &lt;b&gt;');
      expect(reply.body).not.toContain('<b>');
      expect(reply.body).toContain('full access to your account');
      expect(reply.body).toContain('value="a b&amp;c"');
    });

    it('names the product of a client', async () => {
      const { show, ask } = await setUp('products/1042/');
      expect((await show(ask)).body).toContain('<strong>Greenhouse</strong>');
    });

    it.each([
      'https://shop.example.net/callback',
      'https://shop.example.net/callback/?from=cloud',
      'https://shop.example.net/Callback?from=cloud',
      'https://SHOP.example.net/callback?from=cloud',
      'https://shop.example.net:443/callback?from=cloud',
      'https://shop.example.net:8443/callback?from=cloud',
      'https://shop.example.net/callback?from=cloud&more=1',
      'https://shop.example.net/callback?from=cloud#',
      'https://shop.example.net/callback?from=cloud#x',
      'https://shop.example.net/callback/more?from=cloud',
      'https://shop.example.net/./callback?from=cloud',
      'https://shop.example.net/%2e/callback?from=cloud',
      'https://shop.example.net/%63allback?from=cloud',
      'https://ann@shop.example.net/callback?from=cloud',
      'https://shop.example.net@evil.example/callback?from=cloud',
      'https://shop.example.net.evil.example/callback?from=cloud',
      'http://shop.example.net/callback?from=cloud',
      'https://shop.example.net/callback?from=cloud ',
      ' https://shop.example.net/callback?from=cloud',
      'https://shop.example.net/callback?from=cloud\n',
      '//shop.example.net/callback?from=cloud',
      'javascript:alert(1)',
      'https://evil.example/',
    ])('sends nobody to %j', async (redirect_uri) => {
      const { show, ask, answer } = await setUp();
      for (const reply of [await show({ ...ask, redirect_uri }), await answer({ redirect_uri })]) {
        expect(reply.statusCode).toBe(400);
        expect(reply.headers.location).toBeUndefined();
        expect(reply.headers['content-type']).toBe('text/html; charset=utf-8');
        expect(reply.body).toContain('an address that it has not registered');
      }
      expect((await answer({ redirect_uri, decision: 'deny' })).statusCode).toBe(400);
      expect(await store.db.selectFrom('authorization_codes').select('code_hash').execute()).toEqual([]);
    });

    it('sends nobody anywhere for a client that is unknown or has no address', async () => {
      const { show, ask, addClient } = await setUp();
      const { client_id: installed } = await addClient('');
      for (const client_id of ['nobody-1234', '', 'particle', installed]) {
        const reply = await show({ ...ask, client_id, redirect_uri: REDIRECT });
        expect([reply.statusCode, reply.headers.location]).toEqual([400, undefined]);
      }
      expect((await show({})).statusCode).toBe(400);
      expect((await show({ ...ask, state: 'x'.repeat(2001) })).statusCode).toBe(400);
    });

    it.each([
      [{ response_type: 'token' }, 'unsupported_response_type'],
      [{ response_type: '' }, 'unsupported_response_type'],
      [{ scope: 'everything' }, 'invalid_scope'],
      [{ scope: 'customers:create' }, 'invalid_scope'],
      [{ scope: '*:* devices:list' }, 'invalid_scope'],
      [{ code_challenge: CHALLENGE }, 'invalid_request'],
      [{ code_challenge: CHALLENGE, code_challenge_method: 'plain' }, 'invalid_request'],
      [{ code_challenge: 'short', code_challenge_method: 'S256' }, 'invalid_request'],
      [{ code_challenge_method: 'S256' }, 'invalid_request'],
    ])('tells the client of %j', async (fields, error) => {
      const { show, ask, answer } = await setUp();
      for (const reply of [await show({ ...ask, ...fields }), await answer(fields as Record<string, string>)]) {
        expect(sentTo(reply)).toEqual({ error, error_description: expect.any(String), state: 'a b&c' });
      }
    });

    it('gives no account to a client that may only make customers', async () => {
      const { show, ask, addClient } = await setUp();
      const fields = { type: 'web', redirect_uri: REDIRECT, scope: 'customers:create' };
      const { client_id } = await addClient('', fields);
      expect(sentTo(await show({ ...ask, client_id })).error).toBe('unauthorized_client');
    });
  });

  describe('POST /oauth/authorize', () => {
    it('brings a code that is exchanged for a token of the account', async () => {
      const { answer, exchange, codeOf, works, call, ann } = await setUp();
      const reply = await answer();
      expect(sentTo(reply)).toEqual({ code: expect.stringMatching(TOKEN), state: 'a b&c' });
      const issued = await exchange(codeOf(reply), { expires_in: '60' });
      expect([issued.statusCode, issued.json()]).toEqual([
        200,
        {
          access_token: expect.stringMatching(TOKEN),
          token_type: 'bearer',
          expires_in: 60,
          refresh_token: expect.stringMatching(TOKEN),
        },
      ]);
      const { access_token: token } = issued.json();
      expect(await works(token)).toBe(200);
      const who = await call({ url: '/v1/user/identify', headers: { authorization: `Bearer ${token}` } });
      expect(who.json().id).toBe(ann.id);
    });

    it('takes no for an answer, without a password', async () => {
      const { answer } = await setUp();
      for (const decision of ['deny', '', 'ALLOW']) {
        expect(sentTo(await answer({ decision, username: '', password: '' }))).toEqual({
          error: 'access_denied',
          error_description: 'The account did not allow this',
          state: 'a b&c',
        });
      }
    });

    it('shows the page again for a wrong password, and blocks after ten', async () => {
      const { answer, clock } = await setUp();
      const reply = await answer({ password: 'wrong horse', username: 'ann@example.net' });
      expect(reply.statusCode).toBe(400);
      expect(reply.body).toContain('E-mail, password or code are wrong.');
      expect(reply.body).toContain('value="ann@example.net"');
      expect(reply.body).not.toContain('wrong horse');
      for (let n = 0; n < 9; n++) await answer({ password: 'wrong' });
      const blocked = await answer();
      expect([blocked.statusCode, blocked.headers['retry-after']]).toEqual([429, '1800']);
      clock.advance(minutes(30));
      expect(sentTo(await answer()).code).toBeDefined();
    });

    it('asks an account with a second factor for a code', async () => {
      const { answer, ann } = await setUp();
      await store.db
        .updateTable('users')
        .set({ mfa_enabled_at: 1, mfa_secret: Buffer.from('sealed') })
        .where('id', '=', ann.id)
        .execute();
      const reply = await answer();
      expect(reply.statusCode).toBe(403);
      expect(reply.body).toContain('asks for a code');
      expect(await store.db.selectFrom('authorization_codes').select('code_hash').execute()).toEqual([]);
    });
  });

  it.each(['', 'products/1042/'])('lets in nobody whose address is not confirmed (%s)', async (place) => {
    const { answer } = await setUp(place);
    await store.db.updateTable('users').set({ email_verified_at: null }).execute();
    const reply = await answer();
    expect([reply.statusCode, reply.headers.location]).toEqual([403, undefined]);
    expect(reply.body).toContain('Confirm the e-mail address of your account first');
    const wrong = await answer({ password: 'wrong horse' });
    expect(wrong.body).not.toContain('Confirm the e-mail');
    for (const table of ['authorization_codes', 'customers'] as const) {
      expect(await store.db.selectFrom(table).selectAll().execute()).toEqual([]);
    }
  });

  describe('the code', () => {
    it('is good once; a second use ends what the first brought', async () => {
      const { answer, exchange, codeOf, works, grant, client } = await setUp();
      const code = codeOf(await answer());
      const { access_token: token, refresh_token } = (await exchange(code)).json();
      expect(await works(token)).toBe(200);
      const again = await exchange(code);
      expect([again.statusCode, again.json()]).toEqual([400, WRONG_CODE]);
      expect(await works(token)).toBe(401);
      expect((await grant({ grant_type: 'refresh_token', refresh_token, ...client })).statusCode).toBe(400);
    });

    it('gives one token to two that come at once, and then none', async () => {
      const { answer, exchange, codeOf, works } = await setUp();
      const code = codeOf(await answer());
      const replies = await Promise.all([exchange(code), exchange(code)]);
      expect(replies.map((reply) => reply.statusCode).toSorted()).toEqual([200, 400]);
      const { access_token: token } = replies.find((reply) => reply.statusCode === 200)?.json() ?? {};
      expect(await works(token)).toBe(401);
    });

    it('ends after ten minutes', async () => {
      const { answer, exchange, codeOf, clock } = await setUp();
      const [code, late] = [codeOf(await answer()), codeOf(await answer())];
      clock.advance(minutes(10) - 1);
      expect((await exchange(code)).statusCode).toBe(200);
      clock.advance(1);
      expect((await exchange(late)).json()).toEqual(WRONG_CODE);
    });

    it('is for its client and its redirect address', async () => {
      const { answer, exchange, codeOf, addClient } = await setUp();
      const other = await addClient('', { type: 'web', redirect_uri: REDIRECT });
      const code = codeOf(await answer({ redirect_uri: REDIRECT }));
      for (const fields of [
        {},
        { redirect_uri: 'https://shop.example.net/callback' },
        { redirect_uri: REDIRECT, ...other },
        { redirect_uri: REDIRECT, client_id: 'particle', client_secret: 'particle' },
        { redirect_uri: REDIRECT, code_verifier: VERIFIER },
      ]) {
        expect((await exchange(code, fields as Record<string, string>)).json()).toEqual(WRONG_CODE);
      }
      expect((await exchange(code, { redirect_uri: REDIRECT, client_secret: 'wrong' })).json()).toEqual(WRONG_CLIENT);
      expect((await exchange('0'.repeat(40), { redirect_uri: REDIRECT })).json()).toEqual(WRONG_CODE);
      expect((await exchange('', { redirect_uri: REDIRECT })).json().error).toBe('invalid_request');
      expect((await exchange(code, { redirect_uri: REDIRECT })).statusCode).toBe(200);
    });

    it('takes the client in the header', async () => {
      const { answer, grant, codeOf, client } = await setUp();
      const fields = { grant_type: 'authorization_code', code: codeOf(await answer()) };
      expect((await grant(fields, basic(client.client_id, client.client_secret))).statusCode).toBe(200);
    });

    it('needs its verifier, with and without a secret', async () => {
      const { answer, exchange, codeOf, client } = await setUp();
      expect(createHash('sha256').update(VERIFIER).digest('base64url')).toBe(CHALLENGE);
      const challenge = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
      const code = codeOf(await answer(challenge));
      for (const fields of [
        {},
        { code_verifier: `${VERIFIER}x` },
        { code_verifier: CHALLENGE },
        { code_verifier: '' },
        { code_verifier: VERIFIER.toLowerCase(), client_secret: '' },
        { client_secret: '' },
      ]) {
        expect((await exchange(code, fields as Record<string, string>)).json()).toEqual(WRONG_CODE);
      }
      expect((await exchange(code, { code_verifier: VERIFIER, client_secret: 'wrong' })).json()).toEqual(WRONG_CLIENT);
      const open = await exchange(code, { code_verifier: VERIFIER, client_secret: '' });
      expect([open.statusCode, open.json()]).toEqual([
        200,
        { access_token: expect.stringMatching(TOKEN), token_type: 'bearer', expires_in: 7_776_000 },
      ]);
      const secret = codeOf(await answer(challenge));
      const closed = await exchange(secret, { code_verifier: VERIFIER, ...client });
      expect(closed.json().refresh_token).toMatch(TOKEN);
    });

    it('is not for a client without a secret when there was no challenge', async () => {
      const { answer, exchange, codeOf } = await setUp();
      const code = codeOf(await answer());
      expect((await exchange(code, { client_secret: '' })).json()).toEqual(WRONG_CODE);
      expect((await exchange(code)).statusCode).toBe(200);
    });

    it('ends with its client', async () => {
      const { answer, codeOf, call, ann, client } = await setUp();
      codeOf(await answer());
      const url = `/v1/clients/${client.client_id}`;
      expect((await call({ method: 'DELETE', url, headers: ann.headers })).statusCode).toBe(204);
      expect(await store.db.selectFrom('authorization_codes').select('code_hash').execute()).toEqual([]);
    });
  });

  describe('for a product', () => {
    const eve = { username: 'eve@example.net' };

    it('makes the account a customer of the product, once', async () => {
      const { answer, exchange, codeOf, call } = await setUp('products/1042/');
      const tokens = [];
      for (let n = 0; n < 2; n++) tokens.push((await exchange(codeOf(await answer(eve)))).json().access_token);
      const customers = await store.db.selectFrom('customers').selectAll().execute();
      expect(customers).toMatchObject([{ product_id: 1042, username: 'eve@example.net', password_hash: null }]);
      for (const token of tokens) {
        const reply = await call({
          url: '/v1/products/1043/clients',
          headers: { authorization: `Bearer ${token}` },
        });
        expect([reply.statusCode, reply.json()]).toEqual([403, DENIED]);
      }
    });

    it('makes one customer for two consents at once', async () => {
      const { answer, codeOf, exchange } = await setUp('products/1042/');
      const replies = await Promise.all([answer(eve), answer(eve)]);
      for (const reply of replies) expect((await exchange(codeOf(reply))).statusCode).toBe(200);
      expect(await store.db.selectFrom('customers').select('id').execute()).toHaveLength(1);
    });

    it('takes over no customer that was there before', async () => {
      const { answer, form, client } = await setUp('products/1042/');
      await form('/v1/products/1042/customers', { email: 'eve@example.net', password: 'long enough', ...client });
      expect(sentTo(await answer(eve))).toMatchObject({ error: 'access_denied', state: 'a b&c' });
      expect(await store.db.selectFrom('authorization_codes').select('code_hash').execute()).toEqual([]);
    });

    it('gives nothing for a customer that was deleted meanwhile', async () => {
      const { answer, codeOf, exchange, call, ann } = await setUp('products/1042/');
      const code = codeOf(await answer(eve));
      const url = '/v1/products/1042/customers/eve@example.net';
      expect((await call({ method: 'DELETE', url, headers: ann.headers })).statusCode).toBe(200);
      expect((await exchange(code)).json()).toEqual(WRONG_CODE);
    });
  });
});
