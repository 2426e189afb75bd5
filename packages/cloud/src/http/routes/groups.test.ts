import type { DeviceId } from '@cloudchamber/kernel';
import { silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { InProcessBus } from '../../bus/index.ts';
import { changeDevice, insertDevice } from '../../domain/devices/device-store.ts';
import type { Store } from '../../store/index.ts';
import { type TestServer, type TestUser, testServer } from '../test-server.ts';
import { groupRouteModule } from './groups.ts';

const A = 'e00fce680000000000000001' as DeviceId;
const NORTH = { name: 'north', description: '', color: '#34495e', fw_version: null, device_count: 0 };
const NOT_FOUND = {
  status: 404,
  body: { ok: false, error: 'Group not found', error_description: 'Group not found' },
};

describeStores('group routes', (open) => {
  let store: Store;
  let test: TestServer;
  let ann: TestUser;
  let bob: TestUser;
  let product: number;
  let url: string;

  beforeEach(async () => {
    const clock = new VirtualClock();
    store = await open({ clock });
    const bus = new InProcessBus(silentLogger);
    test = await testServer(store, {
      clock,
      bus,
      routes: () => [groupRouteModule({ bus, publicUrl: 'http://cloud.test' })],
    });
    ann = await test.addUser('ann@example.net');
    bob = await test.addUser('bob@example.net');
    product = await addProduct('greenhouse');
    url = `/v1/products/${product}/groups`;
  });
  afterEach(() => test.fastify.close());

  const addProduct = async (name: string) => {
    const row = { name, name_key: name, slug: `${name}-v1`, description: '', platform_id: 13, settings: '{}' };
    const owned = { owner_kind: 'user' as const, owner_id: ann.id, created_at: 0, updated_at: 0 };
    const insert = store.db.insertInto('products').values({ ...row, ...owned });
    return (await insert.returning('id').executeTakeFirstOrThrow()).id;
  };
  const call = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, user = ann) => {
    const payload = body as Record<string, unknown> | undefined;
    const reply = await test.fastify.inject({ method, url: path, headers: user.headers, ...(payload && { payload }) });
    return { status: reply.statusCode, body: reply.body === '' ? undefined : (reply.json() as unknown) };
  };
  const addMember = async (name: string) => {
    await insertDevice(store.db, { id: A, name: 'a', platformId: 13, publicKey: null, ownerId: null, at: 0 });
    await changeDevice(store.db, A, { product_id: product });
    const member = { product_id: product, name, device_id: A };
    await store.db.insertInto('device_group_members').values(member).execute();
  };

  it('makes, lists, shows, changes and deletes groups', async () => {
    expect(await call('GET', url)).toEqual({ status: 200, body: { groups: [] } });
    expect(await call('POST', url, { name: 'north' })).toEqual({ status: 201, body: { group: NORTH } });
    const south = { name: 'south_2', description: 'Warm', color: '#AABB00' };
    const expected = { ...NORTH, ...south, color: '#aabb00' };
    expect(await call('POST', url, south)).toEqual({ status: 201, body: { group: expected } });
    expect(await call('GET', url)).toEqual({ status: 200, body: { groups: [NORTH, expected] } });
    expect(await call('GET', `${url}?name=TH_`)).toEqual({ status: 200, body: { groups: [expected] } });
    expect(await call('GET', `${url}?name=%25`)).toEqual({ status: 200, body: { groups: [] } });
    expect(await call('GET', `${url}/north`)).toEqual({ status: 200, body: { group: NORTH } });
    expect(await call('PUT', `${url}/north`, { description: 'Cold', color: '#000000' })).toEqual({
      status: 200,
      body: { group: { ...NORTH, description: 'Cold', color: '#000000' } },
    });
    expect(await call('DELETE', `${url}/north`)).toEqual({ status: 204, body: undefined });
    for (const method of ['GET', 'DELETE'] as const) expect(await call(method, `${url}/north`)).toEqual(NOT_FOUND);
    expect(await call('PUT', `${url}/north`, { color: '#000000' })).toEqual(NOT_FOUND);
  });

  it('moves the devices of a group that is renamed, and frees those of one that is deleted', async () => {
    await call('POST', url, { name: 'north' });
    await call('POST', url, { name: 'taken' });
    await addMember('north');
    expect(await call('PUT', `${url}/north`, { name: 'northern' })).toEqual({
      status: 200,
      body: { group: { ...NORTH, name: 'northern', device_count: 1 } },
    });
    expect(await call('GET', `${url}/north`)).toEqual(NOT_FOUND);
    const taken = 'The product already has a group taken: choose another name';
    const conflict = { status: 409, body: { ok: false, error: taken, error_description: taken } };
    expect(await call('PUT', `${url}/northern`, { name: 'taken' })).toEqual(conflict);
    expect(await call('PUT', `${url}/northern`, { name: 'northern' })).toMatchObject({ status: 200 });
    expect(await call('POST', url, { name: 'taken' })).toEqual(conflict);
    expect(await call('DELETE', `${url}/northern`)).toMatchObject({ status: 204 });
    expect(await store.db.selectFrom('device_group_members').selectAll().execute()).toEqual([]);
  });

  it('refuses what is no group', async () => {
    for (const name of ['', 'North', 'a b', 'ä', 'a'.repeat(65), '%', '../x']) {
      expect(await call('POST', url, { name })).toMatchObject({ status: 400, body: { ok: false } });
    }
    for (const color of ['red', '#12345', '#1234567', '#gggggg', '']) {
      expect(await call('POST', url, { name: 'x', color })).toMatchObject({ status: 400 });
    }
    expect(await call('POST', url, { name: 'x', description: 'x'.repeat(1001) })).toMatchObject({ status: 400 });
    expect(await call('POST', url, { name: 5 })).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    await call('POST', url, { name: 'x' });
    expect(await call('PUT', `${url}/x`, {})).toMatchObject({ status: 400 });
    expect(await call('PUT', `${url}/x`, { name: 'X' })).toMatchObject({ status: 400 });
  });

  it('has at most 500 of them, and one of two with the same name', async () => {
    const groups = Array.from({ length: 499 }, (_, index) => ({
      product_id: product,
      name: `g${index}`,
      description: '',
      color: '#000000',
      created_at: 0,
    }));
    await store.db.insertInto('device_groups').values(groups).execute();
    const both = await Promise.all([call('POST', url, { name: 'x' }), call('POST', url, { name: 'x' })]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    const text = 'A product has at most 500 groups: delete one that is not used any more';
    expect(await call('POST', url, { name: 'y' })).toEqual({
      status: 409,
      body: { ok: false, error: text, error_description: text },
    });
    expect(await call('GET', `${url}/y`)).toEqual(NOT_FOUND);
  });

  it('keeps products apart, and strangers out', async () => {
    await call('POST', url, { name: 'north' });
    const other = await addProduct('other');
    expect(await call('GET', `/v1/products/${other}/groups`)).toEqual({ status: 200, body: { groups: [] } });
    expect(await call('GET', `/v1/products/${other}/groups/north`)).toEqual(NOT_FOUND);
    const denied = { status: 403, body: { error: 'permission_denied', error_description: 'Permission denied' } };
    expect(await call('GET', url, undefined, bob)).toEqual(denied);
    expect(await call('GET', `${url}/north`, undefined, bob)).toEqual(denied);
    expect(await call('POST', url, { name: 'x' }, bob)).toEqual(denied);
    expect(await call('PUT', `${url}/north`, { color: '#000000' }, bob)).toEqual(denied);
    expect(await call('DELETE', `${url}/north`, undefined, bob)).toEqual(denied);
  });
});
