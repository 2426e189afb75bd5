import { minutes } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import type { LightMyRequestResponse } from 'fastify';
import { beforeAll, expect, it } from 'vitest';
import { FakeDeviceCommands } from '../../domain/devices/fake-device-commands.ts';
import type { Store } from '../../store/store.ts';
import { productServer, TOKEN } from './test-products.ts';

const REDIRECT = 'https://shop.example.net/callback';
const OWN = 'http://127.0.0.1:8080';

describeStores('the consent page of a browser that is logged in to the console', (open) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });

  async function setUp(place = '') {
    const server = await productServer(store, new VirtualClock(), new FakeDeviceCommands());
    const { call, form } = server;
    const client = await server.addClient(place, { name: 'Shop', type: 'web', redirect_uri: REDIRECT });
    const ask = { response_type: 'code', client_id: client.client_id, state: 'a b&c' };
    const payload = { username: 'ann@example.net', password: 'correct horse' };
    const login = async () => {
      const reply = await call({ method: 'POST', url: '/v1/console/session', payload });
      return String(reply.headers['set-cookie']).split(';')[0] ?? '';
    };
    const cookie = await login();
    const show = (fields: Record<string, string> = {}, headers: Record<string, string> = { cookie }) =>
      call({ url: `/oauth/authorize?${new URLSearchParams({ ...ask, ...fields })}`, headers });
    /** The field of the page that proves that the page asked. */
    const shownCsrf = async (of = cookie) =>
      /name="csrf" value="([0-9a-f]{64})"/.exec((await show({}, { cookie: of })).body)?.[1] ?? 'none';
    const answer = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
      form('/oauth/authorize', { ...ask, decision: 'allow', ...fields }, { cookie, origin: OWN, ...headers });
    const codes = () => store.db.selectFrom('authorization_codes').selectAll().execute();
    return { ...server, client, cookie, login, show, shownCsrf, answer, codes };
  }

  const sentTo = (reply: LightMyRequestResponse) => {
    expect(reply.statusCode).toBe(303);
    const url = new URL(String(reply.headers.location));
    expect(`${url.origin}${url.pathname}`).toBe(REDIRECT);
    return Object.fromEntries(url.searchParams);
  };

  it('names the account and asks for no password', async () => {
    const { show } = await setUp();
    const reply = await show();
    expect(reply.statusCode).toBe(200);
    expect(reply.body).toContain('You are logged in as <strong>ann@example.net</strong>');
    expect(reply.body).not.toContain('type="password"');
    expect(reply.headers).toMatchObject({ 'cache-control': 'no-store', 'x-frame-options': 'DENY' });
    expect(reply.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(reply.headers['referrer-policy']).toBe('same-origin');
  });

  it('lets somebody else log in instead', async () => {
    const { show, call, cookie } = await setUp();
    const [, address = ''] = /<a href="([^"]+)">Use another account/.exec((await show()).body) ?? [];
    const reply = await call({ url: address.replaceAll('&amp;', '&'), headers: { cookie } });
    expect(reply.statusCode).toBe(200);
    expect(reply.body).toContain('type="password"');
    expect(reply.body).toContain('name="state" value="a b&amp;c"');
    expect(reply.body).not.toContain('name="csrf"');
  });

  it.each(['', 'products/1042/'])('brings a code for a token of the account (%s)', async (place) => {
    const { answer, shownCsrf, grant, client, works } = await setUp(place);
    const fields = sentTo(await answer({ csrf: await shownCsrf() }));
    expect(fields).toEqual({ code: expect.stringMatching(TOKEN), state: 'a b&c' });
    const issued = await grant({ grant_type: 'authorization_code', code: fields.code ?? '', ...client });
    expect(await works(issued.json().access_token)).toBe(200);
  });

  it('takes no for an answer', async () => {
    const { answer, shownCsrf, codes } = await setUp();
    expect(sentTo(await answer({ csrf: await shownCsrf(), decision: 'deny' })).error).toBe('access_denied');
    expect(await codes()).toEqual([]);
  });

  it('allows nothing that the page has not asked', async () => {
    const { answer, shownCsrf, login, codes } = await setUp();
    const other = await shownCsrf(await login());
    const csrf = await shownCsrf();
    for (const reply of [
      await answer({ csrf: '' }),
      await answer({ csrf: 'x' }),
      await answer({ csrf: other }),
      await answer({ csrf }, { origin: 'https://evil.example' }),
      await answer({ csrf }, { origin: 'null' }),
      await answer({ csrf }, { 'sec-fetch-site': 'cross-site' }),
      await answer({ csrf }, { cookie: '' }),
    ]) {
      expect([reply.statusCode, reply.headers.location]).toEqual([403, undefined]);
      expect(reply.body).toContain('You are not logged in any more.');
      expect(reply.body).toContain('type="password"');
    }
    const without = await answer({});
    expect([without.statusCode, without.headers.location]).toEqual([400, undefined]);
    expect(await codes()).toEqual([]);
  });

  it('is the usual one when the session is over', async () => {
    const { show, answer, shownCsrf, call, cookie, ann, codes } = await setUp();
    const csrf = await shownCsrf();
    await call({ method: 'DELETE', url: '/v1/access_tokens', headers: ann.headers });
    expect((await show({}, { cookie })).body).toContain('type="password"');
    expect((await answer({ csrf })).statusCode).toBe(403);
    expect(await codes()).toEqual([]);
  });

  it('lets in nobody whose address is not confirmed', async () => {
    const { answer, shownCsrf, codes } = await setUp();
    const csrf = await shownCsrf();
    await store.db.updateTable('users').set({ email_verified_at: null }).execute();
    const reply = await answer({ csrf });
    expect([reply.statusCode, reply.headers.location]).toEqual([403, undefined]);
    expect(reply.body).toContain('Confirm the e-mail address of your account first');
    expect(await codes()).toEqual([]);
  });

  it('gives a code of ten minutes', async () => {
    const { answer, shownCsrf, grant, client, clock } = await setUp();
    const { code = '' } = sentTo(await answer({ csrf: await shownCsrf() }));
    clock.advance(minutes(10));
    expect((await grant({ grant_type: 'authorization_code', code, ...client })).statusCode).toBe(400);
  });
});
