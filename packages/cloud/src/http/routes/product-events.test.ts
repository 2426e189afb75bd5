import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DeviceId } from '@cloudchamber/kernel';
import { silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StreamReader } from '../../../test/http/stream-reader.ts';
import { InProcessBus } from '../../bus/index.ts';
import { issueToken, type TokenSubject } from '../../domain/accounts/index.ts';
import { changeDevice, insertDevice } from '../../domain/devices/device-store.ts';
import { LiveHub, liveEvents } from '../../domain/events/index.ts';
import { ProductDirectory, productChanges } from '../../domain/products/index.ts';
import { teamChanges } from '../../domain/teams/index.ts';
import type { NewEvent, Store } from '../../store/index.ts';
import { DEFAULT_SSE_LIMITS } from '../sse-streams.ts';
import { type TestServer, type TestUser, testServer } from '../test-server.ts';
import { eventRouteModule } from './events.ts';

const PRODUCT = 1042;
const CLAIMED = 'e00fce680000000000000001' as DeviceId;
const UNCLAIMED = 'e00fce680000000000000002' as DeviceId;
const OUTSIDE = 'e00fce680000000000000003' as DeviceId;
const CUSTOMER = 'c'.repeat(24);
const ORGANIZATION = 'a'.repeat(24);
const DENIED = { error: 'permission_denied', error_description: 'Permission denied' };
const GONE = ':closed: these events may not be read any more\n\n';

describeStores('streams of products and organizations', (open) => {
  let store: Store;
  let bus: InProcessBus;
  let test: TestServer;
  /** Owns the organization that owns the product. */
  let ann: TestUser;
  /** Is in the product's team. */
  let bob: TestUser;
  /** Has no part in it. */
  let eve: TestUser;
  let agent: http.Agent;
  const readers: StreamReader[] = [];

  beforeEach(async () => {
    const clock = new VirtualClock();
    store = await open({ clock });
    bus = new InProcessBus(silentLogger);
    const hub = new LiveHub(bus, new ProductDirectory(store, bus));
    const sseLimits = { ...DEFAULT_SSE_LIMITS, mostPerAddress: 4 };
    const routes = () => [eventRouteModule({ bus, hub, publicUrl: 'http://cloud.test', sseLimits })];
    test = await testServer(store, { clock, bus, routes });
    await test.fastify.listen({ port: 0, host: '127.0.0.1' });
    agent = new http.Agent();
    [ann, bob, eve] = [await addUser('ann'), await addUser('bob'), await addUser('eve')];
    const { db } = store;
    const at = { created_at: 0, updated_at: 0 };
    await db
      .insertInto('organizations')
      .values({ id: ORGANIZATION, slug: 'acme', name: 'Acme', owner_id: ann.id, ...at })
      .execute();
    const owner = { owner_kind: 'organization' as const, owner_id: ORGANIZATION };
    const names = { name: 'Greenhouse', name_key: 'greenhouse', slug: 'greenhouse-v1', description: '' };
    await db
      .insertInto('products')
      .values({ id: PRODUCT, ...names, platform_id: 12, ...owner, settings: '{}', ...at })
      .execute();
    const carl = { id: CUSTOMER, product_id: PRODUCT, username: 'carl', full_name: null, password_hash: null };
    await db
      .insertInto('customers')
      .values({ ...carl, user_id: null, created_at: 0 })
      .execute();
    await setRole('View-only');
    for (const id of [CLAIMED, UNCLAIMED, OUTSIDE]) {
      const ownerId = id === CLAIMED ? CUSTOMER : null;
      await insertDevice(db, { id, name: 'n', platformId: 12, publicKey: null, ownerId, at: 0 });
      if (id !== OUTSIDE) await changeDevice(db, id, { product_id: PRODUCT });
    }
  });
  afterEach(async () => {
    for (const { response } of readers.splice(0)) response.destroy();
    agent.destroy();
    await test.fastify.close();
  });

  const addUser = (name: string) => test.addUser(`${name}@example.net`);
  const member = () => ({ team_kind: 'product', team_id: String(PRODUCT), user_id: bob.id }) as const;
  const setRole = (role: string) =>
    store.db
      .insertInto('team_members')
      .values({ ...member(), role, state: 'accepted', invited_by: null, created_at: 0, accepted_at: 0 })
      .onConflict((conflict) => conflict.columns(['team_kind', 'team_id', 'user_id']).doUpdateSet({ role }))
      .execute();
  const tokenOf = async (subject: TokenSubject): Promise<Record<string, string>> => {
    const request = { subject, clientId: 'c', lifetimeSeconds: 0, withRefresh: false };
    const { accessToken } = await issueToken(test.ambient, store.db, request);
    return { authorization: `Bearer ${accessToken}` };
  };
  const get = (path: string, headers: Record<string, string>) =>
    new Promise<http.IncomingMessage>((resolve, reject) => {
      const { port } = test.fastify.server.address() as AddressInfo;
      http.get({ port, path, headers, agent }, resolve).on('error', reject);
    });
  const stream = async (path: string, headers: Record<string, string> = bob.headers) => {
    const reader = new StreamReader(await get(path, headers));
    readers.push(reader);
    expect(reader.response.statusCode).toBe(200);
    await reader.until((text) => text.startsWith(':ok\n\n'));
    return reader;
  };
  const happen = (name: string, deviceId: DeviceId, place: Pick<NewEvent, 'ownerId' | 'productId'>) => {
    const event = { ...place, deviceId, publisher: deviceId, name, data: null, contentFormat: 0 };
    bus.publish(liveEvents, { ...event, ttlSeconds: 60, publishedAt: 0, sequence: 1 });
  };
  /** One event of each device. */
  const everythingHappens = () => {
    happen('claimed', CLAIMED, { ownerId: CUSTOMER, productId: PRODUCT });
    happen('unclaimed', UNCLAIMED, { ownerId: null, productId: PRODUCT });
    happen('outside', OUTSIDE, { ownerId: null, productId: null });
    happen('claimed end', CLAIMED, { ownerId: CUSTOMER, productId: PRODUCT });
    happen('unclaimed end', UNCLAIMED, { ownerId: null, productId: PRODUCT });
  };
  const heard = async (reader: StreamReader, last: string) => {
    const text = await reader.until((said) => said.includes(`event: ${last}\n`));
    return [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name);
  };
  const refusal = async (url: string, headers: Record<string, string>) => {
    const reply = await test.fastify.inject({ url, headers });
    return [reply.statusCode, reply.json()];
  };
  const publish = async (url: string, headers: Record<string, string>, payload: object = { name: 'lamp/on' }) => {
    const reply = await test.fastify.inject({ method: 'POST', url, headers, payload });
    return [reply.statusCode, reply.json()];
  };

  it('show what all devices of the product publish, each event once', async () => {
    const all = await stream(`/v1/products/${PRODUCT}/events`);
    const some = await stream('/v1/products/greenhouse-v1/events/unclaimed%20e');
    const customers = await stream('/v1/devices/events', await tokenOf({ kind: 'customer', id: CUSTOMER }));
    const own = await stream('/v1/devices/events');
    everythingHappens();
    expect(await heard(all, 'unclaimed end')).toEqual(['claimed', 'unclaimed', 'claimed end', 'unclaimed end']);
    expect(await heard(some, 'unclaimed end')).toEqual(['unclaimed end']);
    expect(await heard(customers, 'claimed end')).toEqual(['claimed', 'claimed end']);
    expect(own.text).toBe(':ok\n\n');
  });

  it('show one device, on the routes of the product and of the account', async () => {
    const paths = [
      `/v1/products/${PRODUCT}/devices/${CLAIMED.toUpperCase()}/events`,
      `/v1/devices/${CLAIMED}/events/claimed`,
      `/v1/products/${PRODUCT}/devices/${CLAIMED}/events/c`,
    ];
    const streams = await Promise.all(paths.map((path) => stream(path)));
    everythingHappens();
    for (const one of streams) expect(await heard(one, 'claimed end')).toEqual(['claimed', 'claimed end']);
  });

  it('show all products of an organization to its members', async () => {
    const all = await stream('/v1/orgs/acme/events', ann.headers);
    const one = await stream(`/v1/orgs/${ORGANIZATION}/devices/${UNCLAIMED}/events`, ann.headers);
    const some = await stream('/v1/orgs/acme/events/claimed', ann.headers);
    everythingHappens();
    expect(await heard(all, 'unclaimed end')).toEqual(['claimed', 'unclaimed', 'claimed end', 'unclaimed end']);
    expect(await heard(one, 'unclaimed end')).toEqual(['unclaimed', 'unclaimed end']);
    expect(await heard(some, 'claimed end')).toEqual(['claimed', 'claimed end']);
  });

  it('are refused alike to who has no part in them and for what does not exist', async () => {
    const customer = await tokenOf({ kind: 'customer', id: CUSTOMER });
    for (const headers of [eve.headers, customer]) {
      for (const path of [`/v1/products/${PRODUCT}/events`, '/v1/products/4711/events', '/v1/orgs/acme/events']) {
        expect(await refusal(path, headers)).toEqual([403, DENIED]);
      }
    }
    expect(await refusal('/v1/orgs/acme/events', bob.headers)).toEqual([403, DENIED]);
    for (const id of [OUTSIDE, 'f'.repeat(24), 'wat']) {
      const unknown = await refusal(`/v1/products/${PRODUCT}/devices/${id}/events`, bob.headers);
      expect(unknown).toMatchObject([404, { error: 'Device not found for this product' }]);
      const foreign = await refusal(`/v1/orgs/acme/devices/${id}/events`, ann.headers);
      expect(foreign).toMatchObject([404, { ok: false, error: 'Device not found for this organization' }]);
    }
    expect((await refusal(`/v1/devices/${CLAIMED}/events`, eve.headers))[0]).toBe(403);
    expect((await refusal(`/v1/devices/${OUTSIDE}/events`, bob.headers))[0]).toBe(403);
  });

  it('end with the role that they were opened by, and with that alone', async () => {
    const product = await stream(`/v1/products/${PRODUCT}/events`);
    const device = await stream(`/v1/devices/${CLAIMED}/events`);
    const own = await stream('/v1/devices/events');
    const owner = await stream(`/v1/products/${PRODUCT}/events`, ann.headers);
    const changed = { kind: 'product', id: String(PRODUCT), memberId: bob.id } as const;
    await setRole('Developer');
    bus.publish(teamChanges, changed);
    everythingHappens();
    await heard(product, 'unclaimed end');
    expect(product.over).toBe(false);
    await store.db.deleteFrom('team_members').execute();
    bus.publish(teamChanges, changed);
    expect(await product.ended()).toMatch(GONE);
    expect(await device.ended()).toMatch(GONE);
    expect([own.over, owner.over]).toEqual([false, false]);
  });

  it('end when the product goes to somebody else, and when it is deleted', async () => {
    const annsStream = await stream(`/v1/products/${PRODUCT}/events`, ann.headers);
    await store.db.updateTable('products').set({ owner_kind: 'user', owner_id: eve.id }).execute();
    bus.publish(productChanges, { productId: PRODUCT });
    expect(await annsStream.ended()).toMatch(GONE);
    const bobsStream = await stream(`/v1/products/${PRODUCT}/events`);
    await store.db.deleteFrom('products').execute();
    bus.publish(productChanges, { productId: PRODUCT });
    expect(await bobsStream.ended()).toMatch(GONE);
  });

  it('are limited by address, whatever the token', async () => {
    const all = [
      await stream('/v1/devices/events'),
      await stream('/v1/devices/events', ann.headers),
      await stream('/v1/devices/events', eve.headers),
      await stream('/v1/devices/events', eve.headers),
    ];
    const refused = await get('/v1/devices/events', bob.headers);
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '10']);
    refused.resume();
    all[0]?.response.destroy();
    await expect
      .poll(async () => {
        const response = await get('/v1/devices/events', bob.headers);
        response.destroy();
        return response.statusCode;
      })
      .toBe(200);
  });

  it('show what is published to the product, by who may send', async () => {
    const reader = await stream(`/v1/products/${PRODUCT}/events`);
    const url = `/v1/products/${PRODUCT}/events`;
    const weak = 'Permission denied: View-only does not include events:send';
    expect(await publish(url, bob.headers)).toEqual([403, { error: 'permission_denied', error_description: weak }]);
    expect(await publish(url, eve.headers)).toEqual([403, DENIED]);
    expect(await publish(url, ann.headers)).toEqual([200, { ok: true }]);
    expect(await publish(url, ann.headers, { name: 'spark/status' })).toMatchObject([400, { ok: false }]);
    const token = await tokenOf({ kind: 'product', id: String(PRODUCT) });
    expect(await publish(url, token, { name: 'end', data: 7 })).toEqual([200, { ok: true }]);
    expect(await heard(reader, 'end')).toEqual(['lamp/on', 'end']);
    const kept = await store.events.read({ limit: 10 });
    expect(kept.map(({ ownerId, productId, deviceId }) => [ownerId, productId, deviceId])).toEqual([
      [null, PRODUCT, null],
      [null, PRODUCT, null],
    ]);
  });

  it('show what a customer publishes, but not what an account does', async () => {
    const reader = await stream(`/v1/products/${PRODUCT}/events`);
    const customer = await tokenOf({ kind: 'customer', id: CUSTOMER });
    const own = await stream('/v1/devices/events', customer);
    await publish('/v1/devices/events', ann.headers, { name: 'of ann' });
    expect(await publish('/v1/devices/events', customer, { name: 'of carl' })).toEqual([200, { ok: true }]);
    expect(await heard(reader, 'of carl')).toEqual(['of carl']);
    expect(await heard(own, 'of carl')).toEqual(['of carl']);
    const token = await tokenOf({ kind: 'product', id: String(PRODUCT) });
    expect((await publish('/v1/devices/events', token))[0]).toBe(403);
  });
});
