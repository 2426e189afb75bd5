import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { days, minutes } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { issueToken, revokePresentedToken, type TokenSubject } from '../../domain/accounts/index.ts';
import { addCustomer, addProduct, deviceId, newEvent } from '../../domain/history/test-history.ts';
import type { NewEvent, Store } from '../../store/index.ts';
import { type TestServer, type TestUser, testServer } from '../test-server.ts';
import { historyRouteModule } from './history.ts';

const PRODUCT = 1042;
const OTHER_PRODUCT = 1043;
const ORGANIZATION = 'a'.repeat(24);
const CUSTOMER = 'c'.repeat(24);
/** Of ann, in no product. */
const OWN = deviceId(1);
/** Of the customer, in the product. */
const CLAIMED = deviceId(2);
/** Of eve, in her product. */
const FOREIGN = deviceId(3);
const DENIED = { error: 'permission_denied', error_description: 'Permission denied' };

describeStores('history of events', (open) => {
  let store: Store;
  let clock: VirtualClock;
  let test: TestServer;
  let agent: http.Agent;
  /** Owns the organization that owns the product. */
  let ann: TestUser;
  /** Is in the product's team, to view only. */
  let bob: TestUser;
  /** Has a product of her own. */
  let eve: TestUser;

  beforeEach(async () => {
    clock = new VirtualClock();
    // The store keeps the real clock: commits of many events are spaced by it.
    store = await open();
    test = await testServer(store, {
      clock,
      routes: () => [historyRouteModule({ publicUrl: 'http://cloud.test', eventDays: 30 })],
    });
    agent = new http.Agent();
    const addUser = (name: string) => test.addUser(`${name}@example.net`);
    [ann, bob, eve] = [await addUser('ann'), await addUser('bob'), await addUser('eve')];
    const at = { created_at: 0, updated_at: 0 };
    const organization = { id: ORGANIZATION, slug: 'acme', name: 'Acme', owner_id: ann.id, ...at };
    await store.db.insertInto('organizations').values(organization).execute();
    await addProduct(store, PRODUCT, { kind: 'organization', id: ORGANIZATION });
    await addProduct(store, OTHER_PRODUCT, { kind: 'user', id: eve.id });
    await addCustomer(store, CUSTOMER, PRODUCT);
    const team = { team_kind: 'product' as const, team_id: String(PRODUCT), user_id: bob.id, role: 'View-only' };
    await store.db
      .insertInto('team_members')
      .values({ ...team, state: 'accepted', invited_by: null, created_at: 0, accepted_at: 0 })
      .execute();
    const devices = [
      { id: OWN, name: 'own', owner_id: ann.id, product_id: null },
      { id: CLAIMED, name: 'claimed', owner_id: CUSTOMER, product_id: PRODUCT },
      { id: FOREIGN, name: 'foreign', owner_id: eve.id, product_id: OTHER_PRODUCT },
    ];
    for (const device of devices) {
      const flags = { safe_mode: 0, updates_forced: 0, development: 0, platform_id: 13 };
      await store.db
        .insertInto('devices')
        .values({ ...device, ...flags, ...at })
        .execute();
    }
  });
  afterEach(async () => {
    agent.destroy();
    await test.fastify.close();
  });

  const happen = (fields: Partial<NewEvent>) =>
    store.events.append(newEvent({ publishedAt: clock.now(), ...fields, publisher: fields.deviceId ?? 'api' }));
  const text = (data: string) => new Uint8Array(Buffer.from(data));
  /** One event of each device, and one of ann's own. */
  const everythingHappens = async () => {
    await happen({ name: 'own', deviceId: OWN, ownerId: ann.id, data: text('21.5') });
    await happen({ name: 'claimed', deviceId: CLAIMED, ownerId: CUSTOMER, productId: PRODUCT });
    await happen({ name: 'foreign', deviceId: FOREIGN, ownerId: eve.id, productId: OTHER_PRODUCT });
    await happen({ name: 'said', ownerId: ann.id });
  };
  const get = async (url: string, headers: Record<string, string> = ann.headers) => {
    const reply = await test.fastify.inject({ url, headers });
    return { status: reply.statusCode, body: reply.json(), headers: reply.headers };
  };
  const names = async (url: string, headers: Record<string, string> = ann.headers) => {
    const { status, body } = await get(url, headers);
    return status === 200 ? body.events.map((event: { name: string }) => event.name) : [status, body];
  };
  const tokenOf = async (subject: TokenSubject, lifetimeSeconds = 0): Promise<Record<string, string>> => {
    const request = { subject, clientId: 'c', lifetimeSeconds, withRefresh: false };
    const { accessToken } = await issueToken(test.ambient, store.db, request);
    return { authorization: `Bearer ${accessToken}` };
  };
  const listen = async () => {
    await test.fastify.listen({ host: '127.0.0.1', port: 0 });
    return (test.fastify.server.address() as AddressInfo).port;
  };
  const exported = (port: number, path: string, headers: Record<string, string> = ann.headers) =>
    new Promise<http.IncomingMessage>((resolve, reject) => {
      http.get({ host: '127.0.0.1', port, path, headers, agent }, resolve).on('error', reject);
    });
  const whole = async (reply: http.IncomingMessage) => {
    let body = '';
    for await (const chunk of reply.setEncoding('utf8')) body += chunk;
    return body;
  };
  /** Enough that no socket takes them all unread. */
  const fillUp = async (count = 3000) => {
    const data = new Uint8Array(16_000).fill(120);
    await Promise.all(Array.from({ length: count }, (_, at) => happen({ name: `e${at}`, ownerId: ann.id, data })));
  };

  it('shows each place what its stream would have shown', async () => {
    await everythingHappens();
    const customer = await tokenOf({ kind: 'customer', id: CUSTOMER });
    expect(await names('/v1/user/history')).toEqual(['said', 'own']);
    expect(await names('/v1/user/history?order=asc')).toEqual(['own', 'said']);
    expect(await names('/v1/user/history', bob.headers)).toEqual([]);
    expect(await names('/v1/user/history', customer)).toEqual(['claimed']);
    expect(await names(`/v1/products/${PRODUCT}/history`, bob.headers)).toEqual(['claimed']);
    expect(await names('/v1/products/product-1042/history')).toEqual(['claimed']);
    expect(await names('/v1/orgs/acme/history')).toEqual(['claimed']);
    expect(await names('/v1/user/history?device=own')).toEqual(['own']);
    expect(await names(`/v1/user/history?device=${CLAIMED}`, bob.headers)).toEqual(['claimed']);
    expect(await names(`/v1/products/${PRODUCT}/history?device=${CLAIMED.toUpperCase()}`)).toEqual(['claimed']);
    expect(await names(`/v1/orgs/acme/history?device=${CLAIMED}`)).toEqual(['claimed']);
    expect(await names(`/v1/user/history?device=${CLAIMED}`, customer)).toEqual(['claimed']);
  });

  it('answers for what is foreign as for what there is not', async () => {
    await everythingHappens();
    const noDevice = deviceId(9);
    for (const place of ['/v1/user', `/v1/products/${PRODUCT}`, '/v1/orgs/acme']) {
      const foreign = await get(`${place}/history?device=${FOREIGN}`);
      expect(foreign.status).toBe(place === '/v1/user' ? 403 : 404);
      const none = await get(`${place}/history?device=${noDevice}`);
      expect([none.status, none.body]).toEqual([foreign.status, foreign.body]);
    }
    for (const url of [
      `/v1/products/${OTHER_PRODUCT}/history`,
      '/v1/products/64999/history',
      '/v1/orgs/none/history',
    ]) {
      expect(await names(url)).toEqual([403, DENIED]);
    }
    expect(await names('/v1/orgs/acme/history', eve.headers)).toEqual([403, DENIED]);
    expect(await names(`/v1/products/${PRODUCT}/history`, await tokenOf({ kind: 'customer', id: CUSTOMER }))).toEqual([
      403,
      DENIED,
    ]);
  });

  it('shows all of an event, and says when its data are bytes', async () => {
    await happen({
      name: 'text',
      deviceId: CLAIMED,
      ownerId: ann.id,
      productId: PRODUCT,
      data: text('data:x,☀'),
      ttlSeconds: 5,
    });
    await happen({ name: 'bytes', ownerId: ann.id, data: Uint8Array.of(0xff, 0), contentFormat: 0 });
    await happen({ name: 'picture', ownerId: ann.id, data: Uint8Array.of(1), contentFormat: 23 });
    await happen({ name: 'cbor', ownerId: ann.id, data: Uint8Array.of(0x81, 0x01), contentFormat: 65_001 });
    const { body } = await get('/v1/user/history?order=asc');
    expect(body.events[0]).toEqual({
      id: expect.stringMatching(/^\d+$/),
      name: 'text',
      data: 'data:x,☀',
      coreid: CLAIMED,
      device_id: CLAIMED,
      product_id: PRODUCT,
      ttl: 5,
      published_at: new Date(clock.now()).toISOString(),
    });
    expect(body.events.slice(1)).toMatchObject([
      { data: 'data:application/octet-stream;base64,/wA=', data_encoding: 'data-url', coreid: 'api', device_id: null },
      { data: 'data:image/png;base64,AQ==', data_encoding: 'data-url' },
      { data: '[1]' },
    ]);
    expect(body.events[3]).not.toHaveProperty('data_encoding');
    expect(body.meta).toEqual({ next: null });
  });

  it('filters and goes on page by page', async () => {
    const start = clock.now();
    for (let at = 0; at < 25; at++) {
      await happen({ name: at % 2 === 0 ? 'temp/oulu' : 'lamp', ownerId: ann.id, data: text(`value ${at}%`) });
      clock.advance(minutes(30));
    }
    const time = (ms: number) => encodeURIComponent(new Date(start + ms).toISOString());
    const count = async (query: string) => (await names(`/v1/user/history?${query}`)).length;
    expect(await count(`from=${time(minutes(60))}&to=${time(minutes(120))}`)).toBe(3);
    expect(await count('prefix=temp')).toBe(13);
    expect(await count('prefix=Temp')).toBe(0);
    expect(await count('text=VALUE%201')).toBe(11);
    expect(await count('text=%25')).toBe(25);
    expect(await count('text=_')).toBe(0);
    expect(await count('prefix=lamp&text=3%25')).toBe(3);
    const pages: string[][] = [];
    for (let next: string | null = ''; next !== null; ) {
      const { body } = await get(`/v1/user/history?limit=9&prefix=temp${next && `&before=${next}`}`);
      pages.push(body.events.map((event: { data: string }) => event.data));
      next = body.meta.next;
    }
    const expected = Array.from({ length: 13 }, (_, at) => `value ${24 - 2 * at}%`);
    expect(pages).toEqual([expected.slice(0, 9), expected.slice(9)]);
  });

  it.each([
    'from=yesterday',
    'to=2026-13-01',
    'from=2026-02-02&to=2026-02-01',
    'limit=0',
    'limit=1001',
    'limit=abc',
    'limit=1.5',
    'before=garbage',
    'before=-1',
    'after=1e3',
    'before=1&before=2',
    'before=99999999999999999999',
    'order=up',
    'format=xml',
    `text=${'x'.repeat(10_000)}`,
    'text=a%00b',
    'prefix=a%00b',
    `prefix=${'x'.repeat(65)}`,
    'from[a]=1',
  ])('refuses %s', async (query) => {
    for (const format of ['', '&format=csv']) {
      const { status, body } = await get(`/v1/user/history?${query}${format}`);
      expect([status, body.error]).toEqual([400, 'invalid_request']);
    }
  });

  it('takes the id of a foreign event as a position and no more', async () => {
    await everythingHappens();
    const { body } = await get('/v1/user/history', eve.headers);
    expect(await names(`/v1/user/history?after=${body.events[0].id}`)).toEqual(['said']);
    expect(await names('/v1/user/history?after=999999999')).toEqual([]);
    expect(await names("/v1/user/history?text='%20or%201%3D1--")).toEqual([]);
  });

  it('exports NDJSON and CSV, by name or by the header', async () => {
    await happen({ name: '=1+1', ownerId: ann.id, data: text('a,"b"\nc') });
    await happen({ name: 'cold', ownerId: ann.id, deviceId: OWN, data: text('-5') });
    await happen({ name: '@home', ownerId: ann.id });
    const read = async (url: string, accept?: string) => {
      const reply = await test.fastify.inject({ url, headers: { ...ann.headers, ...(accept && { accept }) } });
      return [reply.statusCode, reply.headers['content-type'], reply.body] as const;
    };
    const { body } = await get('/v1/user/history?order=asc');
    const ndjson = await read('/v1/user/history?order=asc&format=ndjson');
    expect(ndjson.slice(0, 2)).toEqual([200, 'application/x-ndjson; charset=utf-8']);
    expect(
      ndjson[2]
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    ).toEqual(body.events);
    expect(await read('/v1/user/history?order=asc', 'application/x-ndjson')).toEqual(ndjson);
    const at = new Date(clock.now()).toISOString();
    const [one, two, three] = body.events.map((event: { id: string }) => event.id);
    const csv = await read('/v1/user/history?order=asc&format=csv');
    expect(csv).toEqual([
      200,
      'text/csv; charset=utf-8; header=present',
      [
        'id,published_at,name,data,data_encoding,coreid,device_id,product_id,ttl',
        `${one},${at},'=1+1,"a,""b""\nc",,api,,,60`,
        `${two},${at},cold,'-5,,${OWN},${OWN},,60`,
        `${three},${at},'@home,,,api,,,60`,
        '',
      ].join('\r\n'),
    ]);
    expect(await read('/v1/user/history?order=asc', 'text/csv, */*;q=0.1')).toEqual(csv);
    const [, type] = await read('/v1/user/history?format=json', 'text/csv');
    expect(type).toBe('application/json; charset=utf-8');
    const limited = await read('/v1/user/history?format=ndjson&limit=2');
    expect(limited[2].split('\n').slice(0, -1)).toHaveLength(2);
    expect((await read(`/v1/user/history?format=csv&after=${three}`))[2].split('\r\n')).toHaveLength(2);
  });

  it('exports everything that was there when it began, each event once', async () => {
    await fillUp(1700);
    const port = await listen();
    for (const order of ['asc', 'desc']) {
      const reply = await exported(port, `/v1/user/history?format=ndjson&order=${order}`);
      await happen({ name: 'late', ownerId: ann.id });
      const lines = (await whole(reply)).split('\n').slice(0, -1);
      const shown = lines.map((line) => JSON.parse(line).name).filter((name) => name !== 'late');
      const all = Array.from({ length: 1700 }, (_, at) => `e${at}`);
      expect(shown).toEqual(order === 'asc' ? all : all.toReversed());
    }
  });

  it('ends an export whose reader has gone, and lets no more than two of a caller run', async () => {
    await fillUp();
    const port = await listen();
    const path = '/v1/user/history?format=ndjson';
    const open = [await exported(port, path), await exported(port, path)];
    const third = await exported(port, path);
    expect([third.statusCode, third.headers['retry-after'], JSON.parse(await whole(third)).error]).toEqual([
      429,
      '1',
      'too_many_requests',
    ]);
    const others = await exported(port, path, eve.headers);
    expect([others.statusCode, await whole(others)]).toEqual([200, '']);
    for (const reply of open) reply.destroy();
    await expect
      .poll(async () => {
        const reply = await exported(port, `${path}&limit=1`);
        await whole(reply);
        return reply.statusCode;
      })
      .toBe(200);
  });

  it('cuts an export off that nobody reads, or that may not be read any more', async () => {
    await fillUp();
    const port = await listen();
    const path = '/v1/user/history?format=ndjson';
    const unread = await exported(port, path);
    const second = await tokenOf({ kind: 'user', id: ann.id });
    const revoked = await exported(port, path, second);
    const third = await tokenOf({ kind: 'user', id: ann.id }, 3600);
    const expired = await exported(port, path, third);
    expect([unread, revoked, expired].map((reply) => reply.statusCode)).toEqual([200, 200, 429]);
    const cut = async (reply: http.IncomingMessage) =>
      whole(reply).then(
        () => 'whole',
        (error) => error.code,
      );
    await revokePresentedToken({ ...test.ambient }, test.services, second.authorization!.slice(7));
    expect(await cut(revoked)).toBe('ECONNRESET');
    const late = await exported(port, path, third);
    expect(late.statusCode).toBe(200);
    clock.advance(minutes(61));
    expect(await cut(late)).toBe('ECONNRESET');
    expect(await cut(unread)).toBe('ECONNRESET');
  });

  it('shows and changes for how long events are kept', async () => {
    const put = async (url: string, payload: object, headers: Record<string, string> = ann.headers) => {
      const reply = await test.fastify.inject({ method: 'PUT', url, headers, payload });
      return [reply.statusCode, reply.json()];
    };
    for (const url of ['/v1/user/history/retention', `/v1/products/${PRODUCT}/history/retention`]) {
      const usual = { days: 30, chosen_days: null, most_days: 30 };
      expect(await get(url)).toMatchObject({ status: 200, body: usual });
      const chosen = { days: 7, chosen_days: 7, most_days: 30 };
      expect(await put(url, { days: 7 })).toEqual([200, chosen]);
      expect(await get(url)).toMatchObject({ body: chosen });
      for (const bad of [0, 31, 366, -1, 1.5, 'x', '', true]) {
        expect(await put(url, { days: bad })).toEqual([400, expect.objectContaining({ error: 'invalid_request' })]);
      }
      expect(await put(url, {})).toEqual([400, expect.objectContaining({ error: 'invalid_request' })]);
      expect(await get(url)).toMatchObject({ body: chosen });
      expect(await put(url, { days: null })).toEqual([200, usual]);
    }
    expect(await put(`/v1/products/${PRODUCT}/history/retention`, { days: 1 }, bob.headers)).toMatchObject([403, {}]);
    expect(await put(`/v1/products/${PRODUCT}/history/retention`, { days: 1 }, eve.headers)).toEqual([403, DENIED]);
  });

  it('hides at once what a place no longer keeps', async () => {
    await happen({ name: 'old', ownerId: ann.id, publishedAt: clock.now() - days(3) });
    await happen({ name: 'new', ownerId: ann.id });
    expect(await names('/v1/user/history')).toEqual(['new', 'old']);
    const headers = ann.headers;
    await test.fastify.inject({ method: 'PUT', url: '/v1/user/history/retention', headers, payload: { days: 2 } });
    expect(await names('/v1/user/history')).toEqual(['new']);
  });
});
