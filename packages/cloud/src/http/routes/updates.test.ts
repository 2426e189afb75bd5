import { type DeviceId, minutes } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { beforeEach, expect, it } from 'vitest';
import { type TestFleet, testFleet } from '../../../test/fleet-updates/test-fleet.ts';
import { changeDevice } from '../../domain/devices/device-store.ts';
import type { Store } from '../../store/index.ts';
import { type TestServer, type TestUser, testServer } from '../test-server.ts';
import { updateRouteModule } from './updates.ts';

const A = 'e00fce680000000000000001' as DeviceId;
const B = 'e00fce680000000000000002' as DeviceId;
const C = 'e00fce680000000000000003' as DeviceId;
const P = 1042;

describeStores('routes of firmware updates', (open) => {
  let store: Store;
  let clock: VirtualClock;
  let fleet: TestFleet;
  let test: TestServer;
  let ann: TestUser;
  let eve: TestUser;

  beforeEach(async () => {
    clock = new VirtualClock();
    store = await open({ clock });
    fleet = await testFleet(store, clock, { atOnce: 1 });
    const { commands, journal: updates } = fleet;
    const parts = { commands, updates, fleet: fleet.fleet, publicUrl: 'http://cloud.test' };
    test = await testServer(store, { clock, bus: fleet.bus, routes: () => [updateRouteModule(parts)] });
    ann = await test.addUser('ann@example.net');
    eve = await test.addUser('eve@example.net');
    await addProduct(P, ann.id);
    for (const version of [7, 8]) await fleet.addVersion(P, version);
    for (const id of [A, B, C]) await fleet.addDevice(id, P, { joined_product_at: 0 });
    await changeDevice(store.db, A, { owner_id: ann.id, claimed_at: 0 });
    clock.advance(1000);
  });

  const addProduct = async (id: number, ownerId: string) => {
    const name = `Product ${id}`;
    const texts = { name, name_key: name, slug: `p${id}`, description: '', settings: '{}' };
    const owner = { owner_kind: 'user' as const, owner_id: ownerId };
    await store.db
      .insertInto('products')
      .values({ id, ...texts, ...owner, platform_id: 32, created_at: 0, updated_at: 0 })
      .execute();
  };
  const get = async (url: string, user = ann) => {
    const reply = await test.fastify.inject({ url, headers: user.headers });
    return { status: reply.statusCode, body: reply.json() };
  };
  const at = (version: number) => ({ productId: P, version });

  it('show every attempt, the newest first, a page at a time, and what waits', async () => {
    await fleet.release(P, 8);
    clock.advance(10);
    await fleet.connect(A, at(7));
    for (const [attempt, pause] of [minutes(1), minutes(5), 0].entries()) {
      await clock.elapse(10);
      await fleet.fail(A, `no ${attempt}`);
      await clock.elapse(pause);
      await fleet.settle();
    }
    const url = `/v1/products/${P}/devices/${A}/updates`;
    const first = await get(`${url}?limit=2`);
    expect(first).toMatchObject({
      status: 200,
      body: {
        current: null,
        pending: { version: 8, reason: 'release', rollout: null, blocked: 'backing_off', message: null },
        updates: [
          { reason: 'release', version: 8, outcome: 'refused', message: 'no 2', stage: 'transferring', duration: 0.01 },
          { message: 'no 1' },
        ],
      },
    });
    const { next } = first.body.meta;
    expect(next).toMatch(/^\d+-[0-9a-f]{24}$/);
    expect((await get(`${url}?limit=2&cursor=${next}`)).body).toMatchObject({
      updates: [{ message: 'no 0' }],
      meta: { next: null },
    });
    expect((await get(`/v1/devices/${A}/updates`)).body.updates).toHaveLength(3);
    expect(await get(`${url}?cursor=1-x`)).toMatchObject({ status: 400 });
  });

  it('show what is under way', async () => {
    await fleet.release(P, 8);
    clock.advance(10);
    await fleet.connect(A, at(7));
    const id = fleet.commands.updates.get(A)?.id ?? '';
    const total = fleet.commands.updates.get(A)?.images[0]?.data.length ?? 0;
    const halfway = { updateId: id, image: 0, images: 1, bytes: 60, totalBytes: total };
    fleet.journal.progressed(A, halfway);
    expect((await get(`/v1/devices/${A}/updates`)).body).toMatchObject({
      current: { id, reason: 'release', version: 8, stage: 'transferring', bytes: 60, total_bytes: total },
      pending: null,
      updates: [{ id, stage: 'transferring', bytes: 60, ended_at: null, outcome: null }],
    });
  });

  it('say why a device waits', async () => {
    const pending = async () => (await get(`/v1/devices/${A}/updates`)).body.pending;
    await fleet.connect(A, at(7));
    expect(await pending()).toBeNull();
    clock.advance(10);
    await fleet.release(P, 8);
    expect(await pending()).toMatchObject({ version: 8, blocked: 'next_handshake', retry_at: null });
    await fleet.disconnect(A);
    expect(await pending()).toMatchObject({ blocked: 'offline' });
    await changeDevice(store.db, A, { updates_enabled: 0 });
    await fleet.connect(A, at(7));
    expect(await pending()).toMatchObject({ blocked: 'updates_disabled' });
    await changeDevice(store.db, A, { development: 1 });
    expect(await pending()).toBeNull();
  });

  it('show what goes on in a product, a page at a time', async () => {
    await changeDevice(store.db, C, { updates_enabled: 0 });
    for (const id of [A, B, C]) await fleet.connect(id, at(7));
    clock.advance(10);
    await fleet.release(P, 8, { immediate: true });
    const url = `/v1/products/${P}/updates`;
    const first = await get(`${url}?limit=2`);
    expect(first.body).toMatchObject({
      counts: { updating: 1, waiting: 2, by_reason: { waiting_for_slot: 1, updates_disabled: 1 } },
      devices: [
        { device_id: A, current: { version: 8 }, pending: null },
        { device_id: B, current: null, pending: { version: 8, blocked: 'waiting_for_slot' } },
      ],
      meta: { next: B },
    });
    expect((await get(`${url}?limit=2&cursor=${B}`)).body).toMatchObject({
      devices: [{ device_id: C, pending: { blocked: 'updates_disabled' } }],
      meta: { next: null },
    });
    expect(await get(`${url}?cursor=x`)).toMatchObject({ status: 400 });
  });

  it('are for those who may see the device, and begin when they could', async () => {
    await addProduct(P + 1, eve.id);
    await fleet.release(P, 8);
    clock.advance(10);
    await fleet.connect(A, at(7));
    await fleet.take(A, at(8));
    expect(await get(`/v1/devices/${A}/updates`, eve)).toMatchObject({ status: 403 });
    expect(await get(`/v1/products/${P}/devices/${A}/updates`, eve)).toMatchObject({ status: 403 });
    expect(await get(`/v1/products/${P + 1}/devices/${A}/updates`, eve)).toMatchObject({ status: 404 });
    expect(await get(`/v1/products/${P}/updates`, eve)).toMatchObject({ status: 403 });
    clock.advance(10);
    await changeDevice(store.db, A, {
      owner_id: eve.id,
      claimed_at: clock.now(),
      product_id: P + 1,
      joined_product_at: clock.now(),
    });
    for (const url of [`/v1/devices/${A}/updates`, `/v1/products/${P + 1}/devices/${A}/updates`]) {
      expect(await get(url, eve)).toMatchObject({ status: 200, body: { updates: [], pending: null } });
    }
  });
});
