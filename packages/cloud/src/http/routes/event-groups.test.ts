import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLogger } from '@cloudchamber/kernel';
import { describeStores } from '@cloudchamber/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StreamReader } from '../../../test/http/stream-reader.ts';
import { InProcessBus } from '../../bus/index.ts';
import { LiveHub } from '../../domain/events/index.ts';
import { ProductDirectory } from '../../domain/products/index.ts';
import type { Store } from '../../store/index.ts';
import { type TestServer, type TestUser, testServer } from '../test-server.ts';
import { eventRouteModule } from './events.ts';

const ACME = 'aaaaaaaaaaaaaaaaaaaaaaaa';

describeStores('streams that go on, and consumer groups', (open) => {
  let store: Store;
  let test: TestServer;
  let ann: TestUser;
  let bob: TestUser;
  let agent: http.Agent;
  const readers: StreamReader[] = [];

  beforeEach(async () => {
    store = await open();
    const bus = new InProcessBus(silentLogger);
    const hub = new LiveHub(bus, new ProductDirectory(store, bus));
    test = await testServer(store, {
      bus,
      routes: () => [eventRouteModule({ bus, hub, publicUrl: 'http://cloud.test' })],
    });
    await test.fastify.listen({ port: 0, host: '127.0.0.1' });
    ann = await test.addUser('ann@example.net');
    bob = await test.addUser('bob@example.net');
    agent = new http.Agent();
    const place = (name: string) => ({ name, slug: name.toLowerCase(), created_at: 1, updated_at: 1 });
    await store.db
      .insertInto('organizations')
      .values({ ...place('Acme'), id: ACME, owner_id: ann.id })
      .execute();
    const product = { description: '', platform_id: 32, settings: '{}' };
    await store.db
      .insertInto('products')
      .values({ ...place('Barn'), ...product, name_key: 'b', id: 1043, owner_kind: 'organization', owner_id: ACME })
      .execute();
  });
  afterEach(async () => {
    for (const { response } of readers.splice(0)) response.destroy();
    agent.destroy();
    await test.fastify.close();
  });

  const stream = async (path: string, headers: Record<string, string> = {}, user = ann) => {
    const { port } = test.fastify.server.address() as AddressInfo;
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      http.get({ port, path, headers: { ...user.headers, ...headers }, agent }, resolve).on('error', reject);
    });
    const reader = new StreamReader(response);
    readers.push(reader);
    if (response.statusCode === 200) await reader.until((text) => text.startsWith(':ok\n\n'));
    return reader;
  };
  const names = (text: string) => [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name);
  const idsOf = (text: string) => [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id ?? '');
  const heard = async (reader: StreamReader, ...due: string[]) => {
    await reader.until((text) => names(text).length >= due.length);
    expect(names(reader.text)).toEqual(due);
    return idsOf(reader.text);
  };
  const call = async (method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, payload?: object, user = ann) => {
    const reply = await test.fastify.inject({ method, url, headers: user.headers, ...(payload && { payload }) });
    return { status: reply.statusCode, body: (reply.body === '' ? undefined : reply.json()) as unknown };
  };
  const publish = async (name: string, user = ann, url = '/v1/devices/events') => {
    expect(await call('POST', url, { name, data: 'x' }, user)).toMatchObject({ status: 200 });
  };

  it('go on behind the last id, by header or query, also where no event was seen yet', async () => {
    await publish('before');
    const first = await stream('/v1/devices/events');
    await first.until((text) => idsOf(text).length === 1);
    const [begin = ''] = idsOf(first.text);
    expect(first.text).toBe(`:ok\n\nid: ${begin}\n\n`);
    first.response.destroy();
    await publish('one');
    await publish('bobs', bob);
    const second = await stream('/v1/devices/events', { 'last-event-id': begin });
    const [one = ''] = await heard(second, 'one');
    expect(Number(one)).toBeGreaterThan(Number(begin));
    await publish('two');
    const third = await stream(`/v1/devices/events?last_event_id=${one}`);
    await heard(second, 'one', 'two');
    await heard(third, 'two');
    // The header is what a browser sends when it comes back; the query is what it began with.
    const fourth = await stream('/v1/devices/events?last_event_id=0', { 'last-event-id': one });
    await heard(fourth, 'two');
    const all = await stream('/v1/devices/events?last_event_id=0', { 'last-event-id': '' });
    await heard(all, 'before', 'one', 'two');
    const prefixed = await stream('/v1/events/tw?last_event_id=0');
    await heard(prefixed, 'two');
  });

  it('say what is missing in a comment', async () => {
    await publish('old');
    await publish('new');
    const [old, later] = await store.events.read({ limit: 2 });
    await store.db.deleteFrom('events').where('name', '=', 'old').execute();
    const reader = await stream(`/v1/devices/events?last_event_id=${old?.sequence}`);
    await heard(reader, 'new');
    expect(reader.text).toContain(
      `:missed: event ${old?.sequence} is not kept any more, so later ones may be missing; the oldest event that is kept is ${later?.sequence}\n\nevent: new\n`,
    );
  });

  it.each(['-1', 'x', '1.5', '1e3', '9'.repeat(16), '999999'])('refuse the id %s in JSON', async (id) => {
    const refused = {
      status: 400,
      body: { error: expect.any(String), error_description: expect.stringMatching(/id/i) },
    };
    expect(await call('GET', `/v1/devices/events?last_event_id=${id}`)).toMatchObject(refused);
    const reader = await stream('/v1/devices/events', { 'last-event-id': id });
    expect(reader.response.statusCode).toBe(400);
    expect(JSON.parse(await reader.ended())).toMatchObject(refused.body);
    expect(await call('GET', `/v1/devices/events?group=g&last_event_id=${id}`)).toMatchObject({ status: 400 });
  });

  it.each(['', 'a b', 'ä', 'a/b', 'x'.repeat(65)])('refuse the group name "%s"', async (name) => {
    const refused = { status: 400, body: { error: 'invalid_request' } };
    expect(await call('GET', `/v1/devices/events?group=${encodeURIComponent(name)}`)).toMatchObject(refused);
    expect(await call('GET', '/v1/devices/events?ack=explicit')).toMatchObject(refused);
    expect(await call('GET', '/v1/devices/events?group=g&ack=never')).toMatchObject(refused);
  });

  it('share the events of an account between the readers of a group', async () => {
    const path = '/v1/devices/events/me?group=billing&ack=explicit';
    const readersOfGroup = [await stream(path), await stream(path)];
    const alone = await stream('/v1/devices/events');
    for (const name of ['meter', 'other', 'me/2', 'me/3', 'me/4']) await publish(name);
    await heard(alone, 'meter', 'other', 'me/2', 'me/3', 'me/4');
    const [one, two] = readersOfGroup as [StreamReader, StreamReader];
    await one.until((text) => names(text).length === 2);
    await two.until((text) => names(text).length === 2);
    expect([...names(one.text), ...names(two.text)].toSorted()).toEqual(['me/2', 'me/3', 'me/4', 'meter']);
    const [first = '', second = ''] = idsOf(one.text);
    const group = {
      name: 'billing',
      prefix: 'me',
      device_id: null,
      cursor: expect.stringMatching(/^\d+$/),
      lag: 4,
      unacknowledged: 4,
      readers: 2,
      created_at: expect.stringMatching(/Z$/),
    };
    expect(await call('GET', '/v1/event-groups')).toEqual({ status: 200, body: { groups: [group] } });
    const ack = '/v1/event-groups/billing/ack';
    expect(await call('POST', ack, { id: first })).toEqual({ status: 200, body: { ok: true, acknowledged: 1 } });
    expect(await call('POST', ack, { ids: [first, Number(second)] })).toMatchObject({ body: { acknowledged: 1 } });
    one.response.destroy();
    const all = idsOf(two.text);
    expect(await call('POST', ack, { ids: all })).toMatchObject({ body: { acknowledged: 2 } });
    expect(await call('GET', '/v1/event-groups/billing')).toMatchObject({
      body: { group: { ...group, lag: 0, unacknowledged: 0, readers: expect.any(Number) } },
    });
    expect(await call('PUT', '/v1/event-groups/billing', { cursor: '0' })).toMatchObject({
      status: 200,
      body: { group: { name: 'billing' } },
    });
    await two.until((text) => names(text).length === 6);
    expect(await call('DELETE', '/v1/event-groups/billing')).toEqual({ status: 204, body: undefined });
    expect(await two.ended()).toMatch(/\n\n:closed: the consumer group was deleted\n\n$/);
    expect(await call('GET', '/v1/event-groups')).toEqual({ status: 200, body: { groups: [] } });
  });

  it('refuse acknowledgements and cursors that are none', async () => {
    await stream('/v1/devices/events?group=g');
    const ack = '/v1/event-groups/g/ack';
    for (const body of [{}, { id: 'x' }, { ids: [] }, { ids: ['1', 'x'] }, { id: -1 }, { id: '1', ids: ['1'] }]) {
      expect(await call('POST', ack, body)).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    }
    const tooMany = Array.from({ length: 1001 }, (_, id) => id);
    expect(await call('POST', ack, { ids: tooMany })).toMatchObject({ status: 400 });
    expect(await call('POST', ack, { ids: [0, 12_345] })).toMatchObject({ status: 200, body: { acknowledged: 0 } });
    for (const cursor of ['x', -1, 12_345, undefined]) {
      expect(await call('PUT', '/v1/event-groups/g', { cursor })).toMatchObject({ status: 400 });
    }
    expect(await call('GET', '/v1/devices/events/p?group=g')).toMatchObject({ status: 409 });
  });

  it('are of their place: a foreign group answers as one that does not exist', async () => {
    const own = await stream('/v1/devices/events?group=g');
    const ofProduct = await stream('/v1/products/1043/events?group=g');
    const ofOrganization = await stream(`/v1/orgs/${ACME}/events?group=g`);
    await publish('mine');
    await publish('products', ann, '/v1/products/1043/events');
    await heard(own, 'mine');
    await heard(ofProduct, 'products');
    await heard(ofOrganization, 'products');
    for (const base of ['/v1/event-groups', '/v1/products/1043/event-groups', `/v1/orgs/${ACME}/event-groups`]) {
      expect(await call('GET', base)).toMatchObject({ status: 200, body: { groups: [{ name: 'g', lag: 1 }] } });
      const requests = [
        ['GET', '', undefined],
        ['PUT', '', { cursor: '0' }],
        ['POST', '/ack', { id: '1' }],
        ['DELETE', '', undefined],
      ] as const;
      for (const [method, end, body] of requests) {
        const foreign = await call(method, `${base}/g${end}`, body, bob);
        expect(foreign).toEqual(await call(method, `${base}/unknown${end}`, body, bob));
        expect(foreign.status).toBe(base === '/v1/event-groups' ? 404 : 403);
      }
      expect(await call('GET', `${base}/g`)).toMatchObject({ status: 200, body: { group: { lag: 1, readers: 1 } } });
      expect(await call('DELETE', `${base}/g`)).toMatchObject({ status: 204 });
    }
  });

  it('keep what was acknowledged when the server stops', async () => {
    const reader = await stream('/v1/devices/events?group=g&ack=explicit');
    await publish('one');
    await publish('two');
    const [one] = await heard(reader, 'one', 'two');
    await call('POST', '/v1/event-groups/g/ack', { id: one });
    const closing = test.fastify.close();
    await reader.ended();
    agent.destroy();
    await closing;
    const row = await store.db.selectFrom('consumer_groups').selectAll().executeTakeFirstOrThrow();
    expect(Number.parseInt(row.unacknowledged, 36)).toBe(Number(one) + 1);
    expect(row.through).toBe(Number(one) + 1);
  });
});
