import { hours } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { beforeAll, describe, expect, it } from 'vitest';
import { tokensTopic } from '../../domain/accounts/index.ts';
import { FakeDeviceCommands } from '../../domain/devices/fake-device-commands.ts';
import { deviceChanges } from '../../domain/devices/index.ts';
import type { Store } from '../../store/store.ts';
import { addDevice, basic, DENIED, productServer, TOKEN, WRONG_CLIENT, WRONG_LOGIN } from './test-products.ts';

const DEVICE = 'e00fce68a1b2c3d4e5f60718';
const CUSTOMERS = '/v1/products/1042/customers';
const TOKENS = {
  token_type: 'bearer',
  access_token: expect.stringMatching(TOKEN),
  refresh_token: expect.stringMatching(TOKEN),
  expires_in: 7_776_000,
};
const EXISTS = {
  error: 'customer_exists',
  error_description: 'This product has a customer with that email already',
};
const UNKNOWN = { error: 'customer_not_found', error_description: 'Customer not found for this product' };
const EITHER = {
  error: 'invalid_request',
  error_description: 'Send either password, or no_password=true for a shadow customer',
};
const CY = { email: 'cy@example.net', password: 'long enough' };

describeStores('customers', (open) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });

  async function setUp() {
    const commands = new FakeDeviceCommands();
    const server = await productServer(store, new VirtualClock(), commands);
    const client = await server.addClient('products/1042/');
    const create = (fields: Record<string, string>, headers?: Record<string, string>) =>
      server.form(CUSTOMERS, fields, headers);
    const createCy = async () => (await create({ ...CY, ...client })).json();
    const login = (fields: Record<string, string> = {}) =>
      server.grant({ grant_type: 'password', username: CY.email, password: CY.password, ...client, ...fields });
    const as = async (token: string, method: 'GET' | 'PUT' | 'DELETE', url: string, payload?: object) => {
      const headers = { authorization: `Bearer ${token}` };
      const reply = await server.call({ method, url, headers, ...(payload !== undefined && { payload }) });
      return [reply.statusCode, reply.json()] as const;
    };
    return { ...server, commands, client, create, createCy, login, as };
  }

  describe('POST …/customers', () => {
    it('takes a client in the form, in the header, and a token of the team', async () => {
      const { create, client, ann, works } = await setUp();
      const replies = [
        await create({ ...CY, ...client, grant_type: 'client_credentials' }),
        await create({ ...CY, email: 'dee@example.net' }, basic(client.client_id, client.client_secret)),
        await create({ ...CY, email: 'fay@example.net' }, ann.headers),
      ];
      for (const reply of replies) {
        expect([reply.statusCode, reply.json()]).toEqual([201, TOKENS]);
        expect(reply.headers['cache-control']).toBe('no-store');
        expect(await works(reply.json().access_token)).toBe(200);
      }
    });

    it('takes a token of the product, and the slug of the product', async () => {
      const { form, grant, client } = await setUp();
      const { access_token: token } = (await grant({ grant_type: 'client_credentials', ...client })).json();
      const headers = { authorization: `Bearer ${token}` };
      expect((await form('/v1/products/greenhouse/customers', CY, headers)).statusCode).toBe(201);
    });

    it('makes a shadow customer, by e-mail or by any other text', async () => {
      const { create, client, ann, as, login } = await setUp();
      for (const email of ['Cy@Example.NET', '0B6A4D0E-4c52-4a53-9b4f-7d2d6a3a5c11', 'x'.repeat(254)]) {
        expect((await create({ email, no_password: 'true', ...client })).statusCode).toBe(201);
      }
      const [, { customers }] = await as(ann.token, 'GET', CUSTOMERS);
      expect(customers.map((customer: { username: string }) => customer.username)).toEqual([
        '0B6A4D0E-4c52-4a53-9b4f-7d2d6a3a5c11',
        'cy@example.net',
        'x'.repeat(254),
      ]);
      expect((await login({ password: '' })).statusCode).toBe(400);
      const reply = await login({ password: 'anything goes' });
      expect([reply.statusCode, reply.json()]).toEqual([400, WRONG_LOGIN]);
    });

    it('takes each of the scopes that a client may have', async () => {
      const { addClient, create } = await setUp();
      for (const scope of ['customers:create', '*:*', 'customers:create *:*']) {
        const client = await addClient('products/1042/', { scope });
        expect((await create({ email: scope, no_password: '1', ...client })).statusCode).toBe(201);
      }
    });

    it('refuses one that is there already, in any case, with another product beside', async () => {
      const { create, createCy, client, addClient, form, eve } = await setUp();
      await createCy();
      for (const email of ['cy@example.net', ' CY@example.net ']) {
        const reply = await create({ email, no_password: 'true', ...client });
        expect([reply.statusCode, reply.json()]).toEqual([400, EXISTS]);
      }
      const other = await addClient('products/1043/', {}, eve);
      expect((await form('/v1/products/1043/customers', { ...CY, ...other })).statusCode).toBe(201);
    });

    it('makes one of two that come at once', async () => {
      const { create, client } = await setUp();
      const replies = await Promise.all([1, 2, 3].map(() => create({ ...CY, ...client })));
      expect(replies.map((reply) => reply.statusCode).toSorted()).toEqual([201, 400, 400]);
      expect(await store.db.selectFrom('customers').select('id').execute()).toHaveLength(1);
    });

    it.each([
      [{ email: 'cy@example.net' }, EITHER],
      [{ email: 'cy@example.net', password: '' }, EITHER],
      [{ ...CY, no_password: 'true' }, EITHER],
      [{ email: 'cy@example.net', no_password: 'false' }, EITHER],
      [{ ...CY, password: 'short' }, { error: 'invalid_request' }],
      [{ ...CY, password: 'x'.repeat(1025) }, { error: 'invalid_request' }],
      [{ ...CY, email: '' }, { error: 'invalid_request' }],
      [{ ...CY, email: '   ' }, { error: 'invalid_request' }],
      [{ ...CY, email: 'x'.repeat(255) }, { error: 'invalid_request' }],
      [{ ...CY, email: 'a\nb' }, { error: 'invalid_request' }],
      [{ password: 'long enough' }, { error: 'invalid_request' }],
      [{ ...CY, no_password: 'perhaps' }, { error: 'invalid_request' }],
    ])('refuses %.80j', async (fields, body) => {
      const { create, client } = await setUp();
      const reply = await create({ ...(fields as Record<string, string>), ...client });
      expect(reply.statusCode).toBe(400);
      expect(reply.json()).toMatchObject(body);
      expect(await store.db.selectFrom('customers').select('id').execute()).toEqual([]);
    });

    it('refuses every client that is not one of this product, alike', async () => {
      const { create, form, client, addClient, eve } = await setUp();
      const account = await addClient('');
      const foreign = await addClient('products/1043/', {}, eve);
      const wrong = [
        { ...client, client_secret: 'wrong' },
        { client_id: client.client_id },
        { client_id: client.client_id, response_type: 'token' },
        { client_id: 'particle', client_secret: 'particle' },
        { client_id: 'nobody-1234', client_secret: 'x' },
        account,
        foreign,
      ];
      for (const fields of wrong) {
        const reply = await create({ ...CY, ...(fields as Record<string, string>) });
        expect([reply.statusCode, reply.json()]).toEqual([400, WRONG_CLIENT]);
      }
      const nowhere = await form('/v1/products/1999/customers', { ...CY, ...client });
      expect([nowhere.statusCode, nowhere.json()]).toEqual([400, WRONG_CLIENT]);
      const header = await create(CY, basic(client.client_id, 'wrong'));
      expect([header.statusCode, header.json()]).toEqual([401, WRONG_CLIENT]);
      expect(header.headers['www-authenticate']).toBe('Basic realm="oauth"');
    });

    it('refuses nobody, tokens of others and customers', async () => {
      const { create, createCy, eve } = await setUp();
      const nobody = await create(CY);
      expect([nobody.statusCode, nobody.json()]).toEqual([
        400,
        { error: 'invalid_request', error_description: 'The access token was not found' },
      ]);
      const { access_token: cy } = await createCy();
      for (const headers of [eve.headers, { authorization: `Bearer ${cy}` }]) {
        const reply = await create({ ...CY, email: 'dee@example.net' }, headers);
        expect([reply.statusCode, reply.json()]).toEqual([403, DENIED]);
      }
      expect((await create(CY, { authorization: `Bearer ${'0'.repeat(40)}` })).statusCode).toBe(401);
    });

    describe('from a browser', () => {
      const web = { name: 'Shop', type: 'web', redirect_uri: 'https://shop.example.net/callback?a=1' };

      it('sends the token in the fragment, without a refresh token', async () => {
        const { create, addClient, works } = await setUp();
        const { client_id } = await addClient('products/1042/', web);
        const reply = await create({ ...CY, client_id, response_type: 'token', state: 'a&b' });
        expect(reply.statusCode).toBe(302);
        const [address, fragment] = String(reply.headers.location).split('#');
        expect(address).toBe(web.redirect_uri);
        const fields = Object.fromEntries(new URLSearchParams(fragment));
        expect(fields).toEqual({
          access_token: expect.stringMatching(TOKEN),
          token_type: 'bearer',
          expires_in: '7776000',
          state: 'a&b',
        });
        expect(await works(fields.access_token ?? '')).toBe(200);
        expect(await store.db.selectFrom('refresh_tokens').select('id').execute()).toEqual([]);
      });

      it('sends it nowhere else, makes no shadow customers, and no customer twice', async () => {
        const { create, addClient } = await setUp();
        const { client_id } = await addClient('products/1042/', web);
        const ask = { ...CY, client_id, response_type: 'token' };
        const elsewhere = await create({ ...ask, redirect_uri: 'https://shop.example.net/callback' });
        expect([elsewhere.statusCode, elsewhere.json()]).toEqual([400, WRONG_CLIENT]);
        const shadow = await create({ email: CY.email, no_password: 'true', client_id, response_type: 'token' });
        expect([shadow.statusCode, shadow.json()]).toEqual([400, EITHER]);
        expect((await create({ ...ask, redirect_uri: web.redirect_uri })).statusCode).toBe(302);
        const again = await create(ask);
        expect([again.statusCode, again.json()]).toEqual([400, EXISTS]);
      });
    });
  });

  describe('logging in', () => {
    it('gives a token of the customer for its own password', async () => {
      const { createCy, login, works } = await setUp();
      await createCy();
      const reply = await login({ username: ' CY@example.net', expires_in: '60' });
      expect([reply.statusCode, reply.json()]).toEqual([200, { ...TOKENS, expires_in: 60 }]);
      expect(await works(reply.json().access_token)).toBe(200);
    });

    it('keeps customers, products and accounts apart', async () => {
      const { createCy, login, addClient, eve } = await setUp();
      await createCy();
      const other = await addClient('products/1043/', {}, eve);
      const wrong = [
        { password: 'long enougH' },
        { username: 'dee@example.net' },
        { username: 'ann@example.net', password: 'correct horse' },
        { ...other },
        { client_id: 'particle', client_secret: 'particle' },
        { password: 'x'.repeat(2000) },
        { username: 'x'.repeat(300) },
      ];
      for (const fields of wrong) {
        const reply = await login(fields as Record<string, string>);
        expect([reply.statusCode, reply.json()]).toEqual([400, WRONG_LOGIN]);
      }
    });

    it('blocks a customer after ten wrong passwords, and no other', async () => {
      const { createCy, create, client, login } = await setUp();
      await createCy();
      await create({ ...CY, email: 'dee@example.net', ...client });
      for (let n = 0; n < 10; n++) await login({ password: 'wrong' });
      expect((await login()).statusCode).toBe(429);
      expect((await login({ username: 'dee@example.net' })).statusCode).toBe(200);
    });
  });

  describe('a token of a customer', () => {
    it('is taken in header, body and query of GET, and opens no route of a product', async () => {
      const { createCy, call, as } = await setUp();
      const { access_token: token } = await createCy();
      expect((await call(`/v1/access_tokens/current?access_token=${token}`)).statusCode).toBe(200);
      const url = '/v1/access_tokens/current';
      expect((await call({ method: 'DELETE', url: `${url}?access_token=${token}` })).statusCode).toBe(400);
      for (const [method, path, body] of [
        ['GET', CUSTOMERS],
        ['GET', '/v1/products/1999/customers'],
        ['PUT', `${CUSTOMERS}/cy@example.net`, { password: 'long enough' }],
        ['DELETE', `${CUSTOMERS}/cy@example.net`],
        ['GET', '/v1/products/1042/clients'],
        ['GET', '/v1/clients'],
      ] as const) {
        expect(await as(token, method, path, body)).toEqual([403, DENIED]);
      }
      expect((await call({ method: 'DELETE', url, payload: { access_token: token } })).statusCode).toBe(200);
    });

    it('is renewed once, and a second use ends the family', async () => {
      const { createCy, grant, client, works } = await setUp();
      const first = await createCy();
      const renew = (refresh_token: string) => grant({ grant_type: 'refresh_token', refresh_token, ...client });
      const second = (await renew(first.refresh_token)).json();
      expect(second).toEqual(TOKENS);
      expect([await works(first.access_token), await works(second.access_token)]).toEqual([401, 200]);
      expect((await renew(first.refresh_token)).statusCode).toBe(400);
      expect(await works(second.access_token)).toBe(401);
      expect((await renew(second.refresh_token)).statusCode).toBe(400);
    });
  });

  describe('GET …/customers', () => {
    it('lists them by pages, with their devices', async () => {
      const { create, createCy, client, ann, as, commands } = await setUp();
      await createCy();
      const { id } = await store.db.selectFrom('customers').select('id').executeTakeFirstOrThrow();
      await addDevice(store, DEVICE, id);
      commands.online.add(DEVICE as never);
      for (const name of ['a', 'b', 'd']) await create({ email: name, no_password: 'true', ...client });
      const [status, all] = await as(ann.token, 'GET', CUSTOMERS);
      expect([status, all.customers.length, all.meta]).toEqual([200, 4, { total_pages: 1 }]);
      expect(await as(ann.token, 'GET', `${CUSTOMERS}?page=2&perPage=2`)).toEqual([
        200,
        {
          customers: [
            { id, full_name: null, username: 'cy@example.net', devices: [DEVICE] },
            { id: expect.any(String), full_name: null, username: 'd', devices: [] },
          ],
          devices: [
            { id: DEVICE, product_id: 1042, last_ip_address: '198.51.100.17', firmware_version: 7, online: true },
          ],
          meta: { total_pages: 2 },
        },
      ]);
      const [, page] = await as(ann.token, 'GET', `${CUSTOMERS}?page=3&per_page=2`);
      expect(page).toEqual({ customers: [], devices: [], meta: { total_pages: 2 } });
    });

    it.each(['page=0', 'page=x', 'perPage=101', 'per_page=0', 'page=99999999'])('refuses %s', async (query) => {
      const { ann, as } = await setUp();
      expect((await as(ann.token, 'GET', `${CUSTOMERS}?${query}`))[0]).toBe(400);
    });

    it('is for the team only', async () => {
      const { eve, as } = await setUp();
      expect(await as(eve.token, 'GET', CUSTOMERS)).toEqual([403, DENIED]);
    });
  });

  describe('PUT …/customers/:email', () => {
    it('sets the password and ends what the old one opened', async () => {
      const { createCy, ann, as, login, works } = await setUp();
      const { access_token: token } = await createCy();
      const change = { password: 'another secret' };
      expect(await as(ann.token, 'PUT', `${CUSTOMERS}/CY@example.net`, change)).toEqual([200, { ok: true }]);
      expect(await works(token)).toBe(401);
      expect((await login()).statusCode).toBe(400);
      expect((await login(change)).statusCode).toBe(200);
    });

    it('refuses what is not there or not good', async () => {
      const { createCy, ann, eve, as } = await setUp();
      await createCy();
      const good = { password: 'another secret' };
      const own = `${CUSTOMERS}/cy@example.net`;
      expect(await as(ann.token, 'PUT', `${CUSTOMERS}/dee@example.net`, good)).toEqual([404, UNKNOWN]);
      expect(await as(eve.token, 'PUT', '/v1/products/1043/customers/cy@example.net', good)).toEqual([404, UNKNOWN]);
      expect(await as(eve.token, 'PUT', own, good)).toEqual([403, DENIED]);
      expect((await as(ann.token, 'PUT', own, { password: 'short' }))[0]).toBe(400);
      expect((await as(ann.token, 'PUT', own, {}))[0]).toBe(400);
    });
  });

  describe('a forgotten password', () => {
    const RESET = `${CUSTOMERS}/reset_password`;

    async function withMail() {
      const server = await setUp();
      const { access_token: token } = await server.createCy();
      const ask = async (email: string, fields: Record<string, string> = server.client) => {
        const reply = await server.form(RESET, { email, ...fields });
        await server.services.aside.settled();
        return [reply.statusCode, reply.json()] as const;
      };
      const links = () =>
        server.mailer.sent
          .map(({ text }) => /token=([0-9a-f]{40})/.exec(text)?.[1])
          .filter((link) => link !== undefined);
      const set = (token: string, password: string) => server.form('/reset-customer-password', { token, password });
      return { ...server, token, ask, links, set };
    }

    it('is replaced by the link in a mail, once', async () => {
      const { ask, links, set, token, works, login, call, mailer } = await withMail();
      expect(await ask(' CY@example.net')).toEqual([200, { ok: true }]);
      expect(mailer.sent.map((mail) => mail.to)).toEqual(['cy@example.net']);
      expect(mailer.sent[0]?.text).toContain('Greenhouse');
      const [link = ''] = links();
      expect((await call(`/reset-customer-password?token=${link}`)).statusCode).toBe(200);
      expect((await set(link, 'short')).statusCode).toBe(400);
      expect(await works(token)).toBe(200);
      expect((await set(link, 'another secret')).statusCode).toBe(200);
      expect(await works(token)).toBe(401);
      expect((await login({ password: 'another secret' })).statusCode).toBe(200);
      expect((await set(link, 'a third secret')).statusCode).toBe(400);
      expect((await call(`/reset-customer-password?token=${link}`)).statusCode).toBe(400);
    });

    it('works for one of two at once, and not after an hour', async () => {
      const { ask, links, set, clock } = await withMail();
      await ask('cy@example.net');
      await ask('cy@example.net');
      const [first = '', second = ''] = links();
      const replies = await Promise.all([set(first, 'another secret'), set(first, 'a third secret')]);
      expect(replies.map((reply) => reply.statusCode).toSorted()).toEqual([200, 400]);
      clock.advance(hours(1));
      expect((await set(second, 'a fourth secret')).statusCode).toBe(400);
    });

    it('tells nobody who is a customer, and fills no inbox', async () => {
      const { ask, create, client, mailer } = await withMail();
      await create({ email: 'shadow@example.net', no_password: 'true', ...client });
      await create({ email: 'no mail', password: 'long enough', ...client });
      for (const email of ['shadow@example.net', 'no mail', 'nobody@example.net', 'ann@example.net', 'x'.repeat(999)]) {
        expect(await ask(email)).toEqual([200, { ok: true }]);
      }
      expect(mailer.sent).toEqual([]);
      for (let n = 0; n < 8; n++) expect(await ask('cy@example.net')).toEqual([200, { ok: true }]);
      expect(mailer.sent).toHaveLength(5);
    });

    it('is asked for by clients of the product only', async () => {
      const { ask, addClient, client, eve, mailer } = await withMail();
      const foreign = await addClient('products/1043/', {}, eve);
      for (const fields of [{}, foreign, { ...client, client_secret: 'wrong' }, { client_id: client.client_id }]) {
        expect(await ask('cy@example.net', fields as Record<string, string>)).toEqual([400, WRONG_CLIENT]);
      }
      expect(mailer.sent).toEqual([]);
    });

    it('takes no token that is for something else', async () => {
      const { set, ann, call } = await withMail();
      for (const token of ['', 'x', '0'.repeat(40), ann.token]) {
        expect((await set(token, 'another secret')).statusCode).toBe(400);
        expect((await call(`/reset-customer-password?token=${token}`)).statusCode).toBe(400);
      }
    });
  });

  describe('DELETE …/customers/:email', () => {
    it('ends tokens and claim codes and releases devices', async () => {
      const { createCy, ann, as, works, bus, login } = await setUp();
      const { access_token: token } = await createCy();
      const { id } = await store.db.selectFrom('customers').select('id').executeTakeFirstOrThrow();
      await addDevice(store, DEVICE, id);
      await store.db
        .insertInto('claim_codes')
        .values({
          code_hash: 'x',
          owner_kind: 'customer',
          owner_id: id,
          product_id: 1042,
          created_at: 1,
          expires_at: 9,
        })
        .execute();
      const told: unknown[] = [];
      bus.subscribe(deviceChanges, (change) => told.push(change));
      bus.subscribe(tokensTopic, (change) => told.push(change));
      expect(await works(token)).toBe(200);
      expect(await as(ann.token, 'DELETE', `${CUSTOMERS}/cy@example.net`)).toEqual([200, { ok: true }]);
      expect(await works(token)).toBe(401);
      expect(told).toEqual([
        { subjectId: id, tokenIds: [expect.any(String)] },
        { deviceId: DEVICE, ownerId: null },
      ]);
      const device = await store.db.selectFrom('devices').select(['owner_id', 'product_id']).executeTakeFirst();
      expect(device).toEqual({ owner_id: null, product_id: 1042 });
      expect(await store.db.selectFrom('claim_codes').select('owner_id').execute()).toEqual([]);
      expect((await login()).statusCode).toBe(400);
      expect(await as(ann.token, 'DELETE', `${CUSTOMERS}/cy@example.net`)).toEqual([404, UNKNOWN]);
    });

    it('knows no customers of other products', async () => {
      const { createCy, eve, as } = await setUp();
      await createCy();
      expect(await as(eve.token, 'DELETE', '/v1/products/1043/customers/cy@example.net')).toEqual([404, UNKNOWN]);
      expect(await as(eve.token, 'DELETE', `${CUSTOMERS}/cy@example.net`)).toEqual([403, DENIED]);
      expect(await as(eve.token, 'GET', '/v1/products/1043/customers')).toMatchObject([200, { customers: [] }]);
      expect(await as(eve.token, 'GET', CUSTOMERS)).toEqual([403, DENIED]);
    });
  });
});
