import { days } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { beforeAll, describe, expect, it } from 'vitest';
import { issueToken } from '../../domain/accounts/index.ts';
import { FakeDeviceCommands } from '../../domain/devices/fake-device-commands.ts';
import type { Store } from '../../store/store.ts';
import { DENIED, productServer, TOKEN, WRONG_CLIENT } from './test-products.ts';

const CLIENTS = '/v1/products/1042/clients';
const UNKNOWN = { error: 'client_not_found', error_description: 'There is no such client' };
const TOKENS = {
  access_token: expect.stringMatching(TOKEN),
  token_type: 'bearer',
  expires_in: 7_776_000,
  refresh_token: expect.stringMatching(TOKEN),
};

describeStores('clients of products', (open) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });

  async function setUp() {
    const server = await productServer(store, new VirtualClock(), new FakeDeviceCommands());
    const as = async (token: string, method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) => {
      const headers = { authorization: `Bearer ${token}` };
      const reply = await server.call({ method, url, headers, ...(payload !== undefined && { payload }) });
      return [reply.statusCode, reply.body === '' ? '' : reply.json()] as const;
    };
    const credentials = async (fields: Record<string, string>) => {
      const reply = await server.grant({ grant_type: 'client_credentials', ...fields });
      return [reply.statusCode, reply.json()] as const;
    };
    return { ...server, as, credentials };
  }

  it('are made, listed, changed and deleted by the team', async () => {
    const { ann, as } = await setUp();
    const input = { name: 'My App', type: 'installed', scope: 'customers:create' };
    const [made, { ok, client }] = await as(ann.token, 'POST', CLIENTS, input);
    expect([made, ok, client]).toEqual([
      200,
      true,
      { ...input, id: expect.stringMatching(/^my-app-\d{4}$/), secret: expect.stringMatching(TOKEN) },
    ]);
    const { secret: _secret, ...shown } = client;
    expect(await as(ann.token, 'GET', '/v1/products/greenhouse/clients')).toEqual([
      200,
      { ok: true, clients: [shown] },
    ]);
    const url = `${CLIENTS}/${client.id}`;
    const { scope: _scope, ...changed } = { ...shown, name: 'Server' };
    expect(await as(ann.token, 'PUT', url, { name: 'Server', scope: 'none' })).toEqual([
      200,
      { ok: true, ...changed, client: changed },
    ]);
    expect(await as(ann.token, 'PUT', url, {})).toEqual([200, { ok: true, ...changed, client: changed }]);
    expect(await as(ann.token, 'DELETE', url)).toEqual([204, '']);
    expect(await as(ann.token, 'DELETE', url)).toEqual([404, UNKNOWN]);
    expect(await as(ann.token, 'PUT', url, { name: 'x' })).toEqual([404, UNKNOWN]);
    expect(await as(ann.token, 'PUT', url, {})).toEqual([404, UNKNOWN]);
  });

  it('are apart from those of accounts and of other products', async () => {
    const { ann, eve, as, addClient } = await setUp();
    const own = await addClient('');
    const client = await addClient('products/1042/');
    const foreign = await addClient('products/1043/', {}, eve);
    for (const { client_id } of [own, foreign, { client_id: 'nobody-1234' }]) {
      expect(await as(ann.token, 'PUT', `${CLIENTS}/${client_id}`, { name: 'x' })).toEqual([404, UNKNOWN]);
      expect(await as(ann.token, 'DELETE', `${CLIENTS}/${client_id}`)).toEqual([404, UNKNOWN]);
    }
    expect(await as(ann.token, 'DELETE', `/v1/clients/${client.client_id}`)).toEqual([404, UNKNOWN]);
    expect((await as(ann.token, 'GET', '/v1/clients'))[1].clients).toHaveLength(1);
    expect((await as(ann.token, 'GET', CLIENTS))[1].clients).toHaveLength(1);
    expect(await as(eve.token, 'GET', CLIENTS)).toEqual([403, DENIED]);
    expect(await as(eve.token, 'POST', CLIENTS, { name: 'x', type: 'installed' })).toEqual([403, DENIED]);
  });

  it.each([
    [{ name: '', type: 'installed' }],
    [{ name: 'x'.repeat(101), type: 'installed' }],
    [{ name: 'x', type: 'other' }],
    [{ name: 'x', type: 'installed', scope: 'devices:list' }],
    [{ name: 'x', type: 'installed', scope: '*:* customers:remove' }],
    [{ name: 'x', type: 'web' }],
    [{ name: 'x', type: 'web', redirect_uri: 'http://shop.example.net/' }],
    [{ name: 'x', type: 'web', redirect_uri: 'https://shop.example.net/#' }],
    [{ name: 'x', type: 'web', redirect_uri: 'https://shop.example.net/#x' }],
    [{ name: 'x', type: 'web', redirect_uri: 'https://ann@shop.example.net/' }],
    [{ name: 'x', type: 'web', redirect_uri: 'https://shop.example.net/a\nb' }],
    [{ name: 'x', type: 'web', redirect_uri: ' https://shop.example.net/' }],
    [{ name: 'x', type: 'web', redirect_uri: 'javascript:alert(1)' }],
    [{ name: 'x', type: 'web', redirect_uri: 'shop' }],
    [{ type: 'installed' }],
  ])('refuses %.70j', async (input) => {
    const { ann, as } = await setUp();
    expect((await as(ann.token, 'POST', CLIENTS, input))[0]).toBe(400);
    expect((await as(ann.token, 'GET', CLIENTS))[1].clients).toEqual([]);
  });

  it('give an API user no more than it has', async () => {
    const { ambient, as, ann, addClient } = await setUp();
    const id = 'b'.repeat(24);
    await store.db
      .insertInto('api_users')
      .values({
        id,
        username: 'robot',
        friendly_name: 'Robot',
        scopes: '["clients:create","clients:update"]',
        team_kind: 'product',
        team_id: '1042',
        created_at: 1,
      })
      .execute();
    const { accessToken } = await issueToken(ambient, store.db, {
      subject: { kind: 'api_user', id },
      clientId: 'particle',
      lifetimeSeconds: 0,
      withRefresh: false,
    });
    const input = { name: 'x', type: 'installed' };
    for (const scope of [undefined, 'none', '*:*', 'customers:create *:*']) {
      expect(await as(accessToken, 'POST', CLIENTS, { ...input, scope })).toEqual([403, DENIED]);
    }
    expect((await as(accessToken, 'POST', CLIENTS, { ...input, scope: 'customers:create' }))[0]).toBe(200);
    const { client_id } = await addClient('products/1042/', { scope: 'customers:create' });
    expect(await as(accessToken, 'PUT', `${CLIENTS}/${client_id}`, { scope: 'none' })).toEqual([403, DENIED]);
    expect((await as(accessToken, 'PUT', `${CLIENTS}/${client_id}`, { name: 'y' }))[0]).toBe(200);
    expect((await as(ann.token, 'PUT', `${CLIENTS}/${client_id}`, { scope: 'none' }))[0]).toBe(200);
  });

  it('act with the role of whoever gave them their scope', async () => {
    const { as, services, addUser, addClient, credentials } = await setUp();
    const developer = await addUser('developer@example.net');
    const member = { team_kind: 'product' as const, team_id: '1042', user_id: developer.id, role: 'Developer' };
    const times = { state: 'accepted' as const, invited_by: null, created_at: 1, accepted_at: 1 };
    await store.db
      .insertInto('team_members')
      .values({ ...member, ...times })
      .execute();
    const actorOf = async (client: Record<string, string>) => {
      const [, { access_token: token }] = await credentials(client);
      return (await services.tokens.find(token))?.actor;
    };
    const own = await addClient('products/1042/');
    expect(await actorOf(own)).toMatchObject({ kind: 'product', role: 'Administrator' });
    expect(await actorOf(await addClient('products/1042/', {}, developer))).toMatchObject({ role: 'Developer' });
    expect((await as(developer.token, 'PUT', `${CLIENTS}/${own.client_id}`, { name: 'y' }))[0]).toBe(200);
    expect(await actorOf(own)).toMatchObject({ role: 'Administrator' });
    expect((await as(developer.token, 'PUT', `${CLIENTS}/${own.client_id}`, { scope: '*:*' }))[0]).toBe(200);
    expect(await actorOf(own)).toMatchObject({ role: 'Developer' });
  });

  describe('client_credentials', () => {
    it('gives a token of the product, which opens that product alone', async () => {
      const { addClient, credentials, as, call, works } = await setUp();
      const client = await addClient('products/1042/');
      const [status, tokens] = await credentials(client);
      expect([status, tokens]).toEqual([200, TOKENS]);
      const { access_token: token } = tokens;
      expect((await as(token, 'GET', CLIENTS))[0]).toBe(200);
      expect((await call(`${CLIENTS}?access_token=${token}`)).statusCode).toBe(200);
      const payload = { access_token: token, name: 'x', type: 'installed' };
      expect((await call({ method: 'POST', url: CLIENTS, payload })).statusCode).toBe(200);
      expect((await call({ method: 'POST', url: `${CLIENTS}?access_token=${token}` })).statusCode).toBe(400);
      expect(await as(token, 'GET', '/v1/products/1043/clients')).toEqual([403, DENIED]);
      expect(await as(token, 'GET', '/v1/clients')).toEqual([403, DENIED]);
      expect(await works(token)).toBe(200);
    });

    it('lives as long as was asked for', async () => {
      const { addClient, credentials, works, clock } = await setUp();
      const client = await addClient('products/1042/');
      const [, never] = await credentials({ ...client, expires_in: '0' });
      const [, short] = await credentials({ ...client, expires_in: '60' });
      expect([never.expires_in, short.expires_in]).toEqual([0, 60]);
      clock.advance(days(3650));
      expect([await works(never.access_token), await works(short.access_token)]).toEqual([200, 401]);
      expect((await credentials({ ...client, expires_in: '-1' }))[0]).toBe(400);
    });

    it('is renewed within 14 days, once', async () => {
      const { addClient, credentials, grant, works, clock, as } = await setUp();
      const client = await addClient('products/1042/');
      const [, first] = await credentials(client);
      const renew = (refresh_token: string) => grant({ grant_type: 'refresh_token', refresh_token, ...client });
      const second = (await renew(first.refresh_token)).json();
      expect(second).toEqual(TOKENS);
      expect((await as(second.access_token, 'GET', CLIENTS))[0]).toBe(200);
      expect((await renew(first.refresh_token)).statusCode).toBe(400);
      expect(await works(second.access_token)).toBe(401);
      const [, third] = await credentials(client);
      clock.advance(days(14));
      expect((await renew(third.refresh_token)).statusCode).toBe(400);
    });

    it('carries a narrower scope through a renewal', async () => {
      const { addClient, credentials, grant, as } = await setUp();
      const client = await addClient('products/1042/');
      const [, first] = await credentials({ ...client, scope: 'customers:create' });
      const { refresh_token } = first;
      const second = (await grant({ grant_type: 'refresh_token', refresh_token, ...client })).json();
      expect(await as(second.access_token, 'GET', CLIENTS)).toEqual([403, DENIED]);
    });

    it('ends with its client', async () => {
      const { addClient, credentials, works, as, ann } = await setUp();
      const client = await addClient('products/1042/');
      const [, { access_token: token }] = await credentials(client);
      expect(await works(token)).toBe(200);
      expect((await as(ann.token, 'DELETE', `${CLIENTS}/${client.client_id}`))[0]).toBe(204);
      expect(await works(token)).toBe(401);
      expect(await credentials(client)).toEqual([400, WRONG_CLIENT]);
      expect(await store.db.selectFrom('refresh_tokens').select('id').execute()).toEqual([]);
    });

    it.each(['devices:list', '*:* devices:list', 'customer', 'constructor'])('refuses the scope %s', async (scope) => {
      const { addClient, credentials } = await setUp();
      expect(await credentials({ ...(await addClient('products/1042/')), scope })).toEqual([
        400,
        { error: 'invalid_scope', error_description: 'That scope is not available to this client' },
      ]);
    });

    it('gives no token of the product to a client that may only make customers', async () => {
      const { addClient, credentials } = await setUp();
      const client = await addClient('products/1042/', { scope: 'customers:create' });
      for (const scope of ['', 'customers:create']) {
        expect(await credentials({ ...client, scope })).toEqual([
          400,
          {
            error: 'unauthorized_client',
            error_description: 'The scope of this client does not let it act for its owner',
          },
        ]);
      }
      expect((await credentials({ ...client, scope: '*:*' }))[1].error).toBe('invalid_scope');
    });
  });

  describe('scope=customer=…', () => {
    const create = (fields: Record<string, string>) => ({ email: 'cy@example.net', ...fields });

    it('gives a token of an existing customer', async () => {
      const { addClient, credentials, form, as, clock, works } = await setUp();
      const client = await addClient('products/1042/');
      await form('/v1/products/1042/customers', create({ no_password: 'true', ...client }));
      const [status, tokens] = await credentials({ ...client, scope: 'customer=CY@example.net', expires_in: '0' });
      expect([status, tokens]).toEqual([200, { ...TOKENS, expires_in: 0 }]);
      expect(await as(tokens.access_token, 'GET', CLIENTS)).toEqual([403, DENIED]);
      clock.advance(days(3650));
      expect(await works(tokens.access_token)).toBe(200);
    });

    it('makes none, and finds none of another product', async () => {
      const { addClient, credentials, form, eve } = await setUp();
      const other = await addClient('products/1043/', {}, eve);
      await form('/v1/products/1043/customers', create({ no_password: 'true', ...other }));
      const client = await addClient('products/1042/');
      for (const name of ['cy@example.net', '', 'x'.repeat(1000), 'cy@example.net *:*']) {
        expect(await credentials({ ...client, scope: `customer=${name}` })).toEqual([
          400,
          { error: 'invalid_grant', error_description: 'There is no such customer of this product: create it first' },
        ]);
      }
      expect((await credentials({ ...(await addClient('')), scope: 'customer=cy@example.net' }))[1].error).toBe(
        'invalid_scope',
      );
    });

    it('lets a client that may only make customers speak for shadow customers only', async () => {
      const { addClient, credentials, form } = await setUp();
      const client = await addClient('products/1042/', { scope: 'customers:create' });
      const customers = '/v1/products/1042/customers';
      await form(customers, create({ no_password: 'true', ...client }));
      await form(customers, create({ email: 'dee@example.net', password: 'long enough', ...client }));
      expect((await credentials({ ...client, scope: 'customer=cy@example.net' }))[0]).toBe(200);
      expect((await credentials({ ...client, scope: 'customer=dee@example.net' }))[1].error).toBe(
        'unauthorized_client',
      );
      const full = await addClient('products/1042/');
      expect((await credentials({ ...full, scope: 'customer=dee@example.net' }))[0]).toBe(200);
    });
  });
});
