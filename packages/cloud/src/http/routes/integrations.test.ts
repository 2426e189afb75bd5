import { days, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { InProcessBus } from '../../bus/index.ts';
import { issueToken } from '../../domain/accounts/index.ts';
import type { DeliveryTarget } from '../../domain/deliveries/delivery-target.ts';
import { hookSentEvent, type OpenIntegration } from '../../domain/integrations/index.ts';
import type { Store } from '../../store/index.ts';
import { type TestServer, type TestUser, testServer } from '../test-server.ts';
import { integrationRouteModule } from './integrations.ts';

const MASK = '[[SENSITIVE]]';
const HOOK = { event: 'temp', url: 'https://example.net/in' };
const NOT_FOUND = {
  status: 404,
  body: { error: 'integration.not_found', error_description: 'There is no such integration' },
};
const DENIED = { status: 403, body: { error: 'permission_denied', error_description: 'Permission denied' } };
const TOPIC = { integration_type: 'GoogleCloudPubSub', event: 't', topic: 'projects/my-project/topics/readings' };

/** Data of an event whose request gets no answer until `answer` is called. */
const SILENCE = 'silence';
let answer = Promise.withResolvers<void>();

/** Answers every test with what it was asked to send; a disabled integration as if its host were away. */
const targets = {
  open: ({ id, owner, settings }: OpenIntegration): DeliveryTarget => ({
    id,
    owner,
    mode: settings.mode,
    disabled: settings.disabled,
    prepare: ({ name, data, publisher, deviceId, productId }) => ({
      host: 'example.net',
      send: async () => {
        if (data !== null && Buffer.from(data).toString() === SILENCE) await answer.promise;
        const body = JSON.stringify({
          name,
          data: data && Buffer.from(data).toString(),
          publisher,
          deviceId,
          productId,
        });
        const reply = { events: [], requestText: '', responseText: '', retryAfterMs: null, again: 'later' as const };
        return settings.disabled
          ? { ...reply, ok: false, error: 'ETIMEDOUT', status: null, body: null }
          : { ...reply, ok: true, error: null, status: 200, body };
      },
    }),
    sentEvent: () => null,
    errorEvent: hookSentEvent,
  }),
};

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

describeStores('integration routes', (open) => {
  let clock: VirtualClock;
  let store: Store;
  let test: TestServer;
  let ann: TestUser;
  let bob: TestUser;
  let product: number;

  beforeEach(async () => {
    clock = new VirtualClock();
    store = await open({ clock });
    const bus = new InProcessBus(silentLogger);
    test = await testServer(store, {
      clock,
      bus,
      routes: (_ambient, accounts) => [
        integrationRouteModule({ accounts, bus, targets, publicUrl: 'http://cloud.test' }),
      ],
    });
    ann = await test.addUser('ann@example.net');
    bob = await test.addUser('bob@example.net');
    product = await addProduct('greenhouse', 'user', ann.id);
  });
  afterEach(() => test.fastify.close());

  const addProduct = async (name: string, owner_kind: 'user' | 'organization', owner_id: string) => {
    const row = { name, name_key: name, slug: `${name}-v1`, description: '', platform_id: 13, settings: '{}' };
    const insert = store.db
      .insertInto('products')
      .values({ ...row, owner_kind, owner_id, created_at: 0, updated_at: 0 });
    return (await insert.returning('id').executeTakeFirstOrThrow()).id;
  };
  const addOrganization = async () => {
    const id = 'd'.repeat(24);
    const row = { id, slug: 'acme', name: 'Acme', owner_id: ann.id, created_at: 0, updated_at: 0 };
    await store.db.insertInto('organizations').values(row).execute();
    return id;
  };
  const call = async (method: Method, path: string, body?: unknown, user: Pick<TestUser, 'headers'> = ann) => {
    const payload = body as Record<string, unknown> | undefined;
    const url = `/v1/${path}`;
    const reply = await test.fastify.inject({ method, url, headers: user.headers, ...(payload && { payload }) });
    return { status: reply.statusCode, body: reply.body === '' ? undefined : reply.json() };
  };
  const create = async (body: object, path = 'integrations', user = ann): Promise<string> =>
    (await call('POST', path, body, user)).body.id;

  it('makes a webhook, and shows its signing secret once', async () => {
    const made = await call('POST', 'integrations', HOOK);
    const { id } = made.body;
    const shown = {
      ...HOOK,
      id,
      name: 'temp for example.net',
      created_at: '2026-01-01T00:00:00.000Z',
      updated_at: '2026-01-01T00:00:00.000Z',
      integration_type: 'Webhook',
      requestType: 'POST',
      disabled: false,
      signing_secret: MASK,
    };
    expect(made).toEqual({
      status: 201,
      body: {
        ...shown,
        ok: true,
        hookUrl: `http://cloud.test/v1/webhooks/${id}`,
        signing_secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{32}$/),
      },
    });
    expect(id).toMatch(/^[0-9a-f]{24}$/);
    expect(await call('GET', 'integrations')).toEqual({ status: 200, body: [shown] });
    const details = { ...shown, counters: [], logs: [] };
    expect(await call('GET', `integrations/${id}`)).toEqual({ status: 200, body: { integration: details } });
    expect(await call('GET', `webhooks/${id}`)).toEqual({
      status: 200,
      body: { integration: details, webhook: details },
    });
    expect((await create(HOOK)) === id).toBe(false);
    expect((await call('GET', 'webhooks')).body).toHaveLength(2);
    expect(await call('DELETE', `webhooks/${id}`)).toEqual({ status: 204, body: undefined });
    expect(await call('DELETE', `integrations/${id}`)).toEqual(NOT_FOUND);
    expect(await call('GET', `integrations/${id}`)).toEqual(NOT_FOUND);
    expect(await call('PUT', `integrations/${id}`, HOOK)).toEqual(NOT_FOUND);
  });

  it('takes what the clients send: forms, other spellings, no type', async () => {
    const form = 'eventName=temp&event=temp&url=http%3A%2F%2Fexample.net&deviceid=&headers%5BX-A%5D=1&noDefaults=true';
    const headers = { ...ann.headers, 'content-type': 'application/x-www-form-urlencoded' };
    const reply = await test.fastify.inject({ method: 'POST', url: '/v1/webhooks', headers, payload: form });
    expect(reply.statusCode).toBe(201);
    expect(reply.json()).toMatchObject({ ok: true, event: 'temp', headers: { 'X-A': '1' }, noDefaults: 'true' });
    expect(reply.json()).not.toHaveProperty('error');
    const device = 'e00fce68a1b2c3d4e5f60718';
    const made = await call('POST', 'webhooks', { ...HOOK, deviceId: device, rejectUnauthorized: false, auth: null });
    expect(made).toMatchObject({ status: 201, body: { deviceID: device } });
    const { body } = await call('POST', 'integrations', TOPIC);
    expect(body).toEqual({
      ...TOPIC,
      ok: true,
      id: body.id,
      name: 't for readings',
      disabled: false,
      created_at: expect.any(String),
      updated_at: expect.any(String),
      integrationUrl: `http://cloud.test/v1/integrations/${body.id}`,
    });
  });

  it('shows only webhooks at webhooks', async () => {
    const id = await create(TOPIC);
    expect(await call('GET', 'webhooks')).toEqual({ status: 200, body: [] });
    expect(await call('GET', `webhooks/${id}`)).toEqual(NOT_FOUND);
    expect(await call('PUT', `webhooks/${id}`, HOOK)).toEqual(NOT_FOUND);
    expect(await call('DELETE', `webhooks/${id}`)).toEqual(NOT_FOUND);
    expect(await call('POST', 'webhooks', TOPIC)).toMatchObject({ status: 400 });
    expect((await call('GET', 'integrations')).body).toHaveLength(1);
  });

  it('goes around without a change', async () => {
    const given = {
      ...HOOK,
      name: 'Kitchen',
      requestType: 'PUT',
      json: { a: ['{{{x}}}', 1, null, { b: true }] },
      auth: { username: 'ann', password: 'secret' },
      headers: { Authorization: 'Bearer abc', 'X-A': '{{a}}' },
      custom: { kept: [1, 'two'] },
      template: 'webhook',
      disabled: true,
    };
    const id = await create(given);
    const { integration } = (await call('GET', `integrations/${id}`)).body;
    expect(integration).toMatchObject({
      ...given,
      auth: { username: 'ann', password: MASK },
      headers: { Authorization: MASK, 'X-A': '{{a}}' },
    });
    clock.advance(1000);
    const put = await call('PUT', `integrations/${id}`, integration);
    const { counters: _, logs: __, ...before } = integration;
    expect(put).toEqual({
      status: 200,
      body: { integration: { ...before, updated_at: '2026-01-01T00:00:01.000Z' } },
    });
    const again = await call('POST', 'integrations', { ...integration, auth: undefined, headers: undefined });
    expect(again.status).toBe(201);
    expect(again.body.signing_secret).toMatch(/^whsec_/);
  });

  it('replaces everything, but keeps secrets whose mask comes back', async () => {
    const id = await create({ ...HOOK, auth: { bearer: 'abc' }, body: 'x', custom: 1 });
    const stored = () => store.db.selectFrom('integrations').select('secrets').executeTakeFirstOrThrow();
    const opened = async () =>
      JSON.parse(Buffer.from(test.services.secrets.open((await stored()).secrets, `integration:${id}`)).toString());
    const before = await opened();
    expect(before).toEqual({ auth: { bearer: 'abc' }, signing_secret: expect.any(String) });
    const moved = { ...HOOK, url: 'https://example.net/other', auth: { bearer: MASK } };
    const { status, body } = await call('PUT', `integrations/${id}`, moved);
    expect(status).toBe(200);
    expect(body.integration).toMatchObject({ url: 'https://example.net/other', auth: { bearer: MASK } });
    expect(body.integration).not.toHaveProperty('body');
    expect(body.integration).not.toHaveProperty('custom');
    expect(await opened()).toEqual(before);
    const stolen = await call('PUT', `integrations/${id}`, { ...moved, url: 'https://evil.example/' });
    expect(stolen).toMatchObject({ status: 400, body: { error: 'integration.invalid' } });
    expect(stolen.body.error_description).toMatch('auth.bearer: send the secret again');
    const secret = `whsec_${'A'.repeat(32)}`;
    await call('PUT', `integrations/${id}`, { ...HOOK, signing_secret: secret });
    expect(await opened()).toEqual({ signing_secret: secret });
    expect(await call('PUT', `integrations/${id}`, { ...HOOK, auth: { bearer: MASK } })).toMatchObject({ status: 400 });
    expect(await call('PUT', `integrations/${id}`, TOPIC)).toMatchObject({ status: 400 });
    expect(JSON.stringify((await call('GET', 'integrations')).body)).not.toContain('AAAA');
  });

  it('refuses what is no integration', async () => {
    for (const body of [
      {},
      { event: 'temp' },
      { url: HOOK.url },
      { ...HOOK, event: 5 },
      { ...HOOK, form: {}, json: {} },
      { ...HOOK, url: 'https://example.net/{{#a}}' },
      { ...HOOK, integration_type: 'AzureIotHub' },
      { ...HOOK, auth: { username: 'a', password: MASK } },
    ]) {
      const reply = await call('POST', 'integrations', body);
      expect(reply).toMatchObject({ status: 400, body: { error: expect.any(String) } });
    }
    const { body } = await call('POST', 'integrations', { ...HOOK, integration_type: 'GoogleMaps' });
    expect(body.error_description).toMatch('GoogleMaps are not available on this cloud');
    for (const id of ['x', '%00', 'A'.repeat(24), '0'.repeat(24)]) {
      expect(await call('GET', `integrations/${id}`)).toEqual(NOT_FOUND);
      expect(await call('DELETE', `integrations/${id}`)).toEqual(NOT_FOUND);
    }
    expect((await call('GET', 'integrations')).body).toEqual([]);
  });

  it('makes at most 100 for an owner', async () => {
    const id = await create(HOOK);
    const row = await store.db.selectFrom('integrations').selectAll().executeTakeFirstOrThrow();
    const more = Array.from({ length: 98 }, (_, n) => ({ ...row, id: String(n).padStart(24, '0') }));
    await store.db.insertInto('integrations').values(more).execute();
    const both = await Promise.all([call('POST', 'integrations', HOOK), call('POST', 'integrations', HOOK)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect(await call('POST', `products/${product}/integrations`, HOOK)).toMatchObject({ status: 201 });
    expect(await call('DELETE', `integrations/${id}`)).toMatchObject({ status: 204 });
    expect(await call('POST', 'integrations', HOOK)).toMatchObject({ status: 201 });
  });

  it('has them in products and organizations too, each for itself', async () => {
    const acme = await addOrganization();
    const places = [`products/${product}/integrations`, `products/${product}/webhooks`, `orgs/${acme}/integrations`];
    for (const path of places) {
      const id = await create(HOOK, path);
      expect(await call('GET', `${path}/${id}`)).toMatchObject({ status: 200, body: { integration: { id } } });
      expect(await call('PUT', `${path}/${id}`, { ...HOOK, disabled: true })).toMatchObject({
        status: 200,
        body: { integration: { disabled: true } },
      });
      expect(await call('GET', `integrations/${id}`)).toEqual(NOT_FOUND);
      expect(await call('DELETE', `integrations/${id}`)).toEqual(NOT_FOUND);
      expect(await call('PUT', `integrations/${id}`, HOOK)).toEqual(NOT_FOUND);
      expect(await call('GET', path)).toMatchObject({ status: 200, body: [{ id, ...HOOK }] });
      for (const method of ['GET', 'DELETE'] as const) {
        expect(await call(method, `${path}/${id}`, undefined, bob)).toEqual(DENIED);
      }
      expect(await call('DELETE', `${path}/${id}`)).toEqual({ status: 204, body: undefined });
    }
    const mine = await create(HOOK);
    expect(await call('GET', `integrations/${mine}`, undefined, bob)).toEqual(NOT_FOUND);
    expect(await call('PUT', `integrations/${mine}`, HOOK, bob)).toEqual(NOT_FOUND);
    expect(await call('DELETE', `integrations/${mine}`, undefined, bob)).toEqual(NOT_FOUND);
    expect(await call('GET', `integrations/${mine}`)).toMatchObject({ status: 200 });
  });

  it('tests one, as if an event had come', async () => {
    const id = await create(HOOK);
    const tested = async (path: string, body?: object, user = ann) => {
      const reply = await call('POST', `${path}/test`, body, user);
      return reply.status === 200 && reply.body.pass ? JSON.parse(reply.body.data) : reply;
    };
    const event = { name: 'temp', data: 'test-event', publisher: 'api', deviceId: null, productId: null };
    expect(await tested(`integrations/${id}`)).toEqual(event);
    const device = 'e00fce68a1b2c3d4e5f60718';
    expect(await tested(`webhooks/${id}`, { data: '', device_id: device })).toEqual({
      ...event,
      data: null,
      publisher: device,
      deviceId: device,
    });
    const ofProduct = await create(HOOK, `products/${product}/integrations`);
    expect(await tested(`products/${product}/webhooks/${ofProduct}`, { data: 'x' })).toEqual({
      ...event,
      data: 'x',
      productId: product,
    });
    await call('PUT', `integrations/${id}`, { ...HOOK, disabled: true });
    expect(await tested(`integrations/${id}`)).toEqual({ status: 200, body: { pass: false, error: 'ETIMEDOUT' } });
    expect(await tested(`integrations/${id}`, { device_id: 'a b' })).toMatchObject({ status: 400 });
    expect(await tested(`integrations/${id}`, { data: 'x'.repeat(20_000) })).toMatchObject({ status: 400 });
    expect(await tested(`integrations/${id}`, {}, bob)).toEqual(NOT_FOUND);
    expect(await tested(`products/${product}/integrations/${id}`)).toEqual(NOT_FOUND);
    expect(await tested(`products/${product}/integrations/${ofProduct}`, {}, bob)).toEqual(DENIED);
    expect(await tested(`webhooks/${await create(TOPIC)}`)).toEqual(NOT_FOUND);
    expect(await store.db.selectFrom('events').selectAll().execute()).toEqual([]);
  });

  it('has none for customers', async () => {
    const id = 'c'.repeat(24);
    const nothing = { full_name: null, password_hash: null, user_id: null };
    await store.db
      .insertInto('customers')
      .values({ id, product_id: product, username: 'cy', created_at: 0, ...nothing })
      .execute();
    const { accessToken } = await issueToken(test.ambient, store.db, {
      subject: { kind: 'customer', id },
      clientId: 'particle',
      lifetimeSeconds: 0,
      withRefresh: false,
    });
    const cy = { headers: { authorization: `Bearer ${accessToken}` } };
    for (const path of ['integrations', 'webhooks', `products/${product}/integrations`]) {
      expect(await call('GET', path, undefined, cy)).toMatchObject({ status: 403 });
      expect(await call('POST', path, HOOK, cy)).toMatchObject({ status: 403 });
    }
  });

  it('copies and moves an integration of the account into a product', async () => {
    const copy = `products/${product}/integrations/copy`;
    const id = await create({ ...HOOK, auth: { bearer: 'abc' }, custom: 1 });
    const copied = await call('POST', copy, { id });
    expect(copied).toMatchObject({ status: 201, body: { ok: true, ...HOOK, auth: { bearer: MASK }, custom: 1 } });
    expect(copied.body.id).not.toBe(id);
    const rows = await store.db.selectFrom('integrations').selectAll().execute();
    const [one, two] = rows.map((row) =>
      JSON.parse(Buffer.from(test.services.secrets.open(row.secrets, `integration:${row.id}`)).toString()),
    );
    expect([one.auth, two.auth]).toEqual([{ bearer: 'abc' }, { bearer: 'abc' }]);
    expect(one.signing_secret).not.toBe(two.signing_secret);
    expect(await call('GET', `integrations/${id}`)).toMatchObject({ status: 200 });
    expect(await call('POST', copy, { id, move: true })).toMatchObject({ status: 201 });
    expect(await call('GET', `integrations/${id}`)).toEqual(NOT_FOUND);
    expect((await call('GET', `products/${product}/integrations`)).body).toHaveLength(2);
    expect(await call('POST', copy, { id })).toEqual(NOT_FOUND);
    expect(await call('POST', copy, {})).toMatchObject({ status: 400 });
    const foreign = await create(HOOK, 'integrations', bob);
    expect(await call('POST', copy, { id: foreign, move: true })).toEqual(NOT_FOUND);
    expect(await call('POST', copy, { id: foreign }, bob)).toEqual(DENIED);
    expect(await call('GET', `integrations/${foreign}`, undefined, bob)).toMatchObject({ status: 200 });
    const single = await create({ ...HOOK, deviceID: 'e00fce68a1b2c3d4e5f60718' });
    expect(await call('POST', copy, { id: single, move: true })).toMatchObject({ status: 400 });
    expect(await call('GET', `integrations/${single}`)).toMatchObject({ status: 200 });
  });

  it('shows counters of 30 days, and the last ten requests and errors', async () => {
    const id = await create(HOOK);
    const today = clock.now();
    const counters = [0, 29, 30, 31].map((ago) => ({
      integration_id: id,
      day: today - days(ago),
      success: ago,
      error: 1,
      sleep: 2,
    }));
    await store.db.insertInto('integration_counters').values(counters).execute();
    const log = (at: number, n: number) => ({
      integration_id: id,
      kind: n % 2 === 0 ? ('success' as const) : ('error' as const),
      at,
      event: JSON.stringify({ name: 'temp', data: String(n) }),
      request: 'POST /in HTTP/1.1',
      response: 'HTTP/1.1 200 OK',
    });
    const logs = [...Array.from({ length: 30 }, (_, n) => log(today + n, n)), log(today - days(31), 100)];
    await store.db.insertInto('integration_logs').values(logs).execute();
    const { integration } = (await call('GET', `integrations/${id}`)).body;
    expect(integration.counters).toEqual([
      { date: '2026-01-01', success: 0, error: 1, sleep: 2 },
      { date: '2025-12-03', success: 29, error: 1, sleep: 2 },
    ]);
    expect(integration.logs).toHaveLength(20);
    expect(integration.logs[0]).toEqual({
      type: 'error',
      time: '2026-01-01T00:00:00.029Z',
      event: { name: 'temp', data: '29' },
      request: 'POST /in HTTP/1.1',
      response: 'HTTP/1.1 200 OK',
    });
    expect(integration.logs.map(({ event }: { event: { data: string } }) => Number(event.data))).toEqual(
      Array.from({ length: 20 }, (_, n) => 29 - n),
    );
    const quiet = await create(HOOK);
    await create(HOOK, 'integrations', bob);
    const list = (await call('GET', 'integrations?summary=true')).body as Record<string, unknown>[];
    const summaries = list.map((one) => [one.id, one.last_result, one.last_30_days]);
    expect(summaries.toSorted(([a]) => (a === id ? -1 : 1))).toEqual([
      [id, { type: 'error', time: '2026-01-01T00:00:00.029Z' }, { success: 29, error: 2, sleep: 4 }],
      [quiet, null, { success: 0, error: 0, sleep: 0 }],
    ]);
    expect((await call('GET', 'integrations')).body[0]).not.toHaveProperty('last_result');
    expect(await call('DELETE', `integrations/${id}`)).toMatchObject({ status: 204 });
    expect(await store.db.selectFrom('integration_logs').selectAll().execute()).toEqual([]);
    expect(await store.db.selectFrom('integration_counters').selectAll().execute()).toEqual([]);
  });

  it('makes no more than four tests of a caller at once, and 32 of all', async () => {
    answer = Promise.withResolvers<void>();
    const crowd = await Promise.all(Array.from({ length: 9 }, (_, at) => test.addUser(`user${at}@example.net`)));
    const asked = [];
    const texts = [];
    for (const user of crowd) {
      const id = await create(HOOK, 'integrations', user);
      const five = Array.from({ length: 5 }, () => call('POST', `integrations/${id}/test`, { data: SILENCE }, user));
      asked.push(...five);
      texts.push((await Promise.any(five.map(refusalOf))).body.error_description);
    }
    expect(texts).toEqual([
      ...Array.from({ length: 8 }, () => expect.stringContaining('You have 4 tests of integrations under way')),
      expect.stringContaining('The server has too many tests of integrations under way'),
    ]);
    // The last one's are all refused.
    await Promise.all(asked.slice(-5));
    answer.resolve();
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(32);
    const [first] = crowd;
    const id = await create(HOOK, 'integrations', first);
    expect((await call('POST', `integrations/${id}/test`, { data: SILENCE }, first)).status).toBe(200);
  });
});

async function refusalOf<T extends { readonly status: number }>(reply: Promise<T>): Promise<T> {
  const answered = await reply;
  if (answered.status !== 429) throw new Error(`answered ${answered.status}`);
  return answered;
}
