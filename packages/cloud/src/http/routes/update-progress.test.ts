import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DeviceId } from '@cloudchamber/kernel';
import { silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { ModuleFunction } from '@cloudchamber/wire';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StreamReader } from '../../../test/http/stream-reader.ts';
import { InProcessBus } from '../../bus/index.ts';
import { FakeDeviceCommands } from '../../domain/devices/fake-device-commands.ts';
import { LiveHub } from '../../domain/events/index.ts';
import { FirmwareBlobs, UpdateJournal } from '../../domain/firmware/index.ts';
import { ProductDirectory } from '../../domain/products/index.ts';
import type { Store } from '../../store/index.ts';
import { DEFAULT_SSE_LIMITS } from '../sse-streams.ts';
import { type TestServer, type TestUser, testServer } from '../test-server.ts';
import { accountRouteModule } from './accounts.ts';
import { cancelUpdateRouteModule } from './cancel-update.ts';
import { deviceRouteModule } from './devices.ts';
import { eventRouteModule } from './events.ts';
import { productDeviceRouteModule } from './product-devices.ts';
import { addDevice } from './test-products.ts';

const OWN = 'e00fce68a1b2c3d4e5f60718' as DeviceId;
const MEMBER = 'e00fce68a1b2c3d4e5f60719' as DeviceId;
const OF_OWN = `/v1/devices/${OWN}/updates`;
const OF_MEMBER = `/v1/products/1042/devices/${MEMBER}/updates`;
const IDLE = ':ok\n\nevent: idle\ndata: {"last":null}\n\n';

describeStores('the progress of an update', (open) => {
  let store: Store;
  let clock: VirtualClock;
  let test: TestServer;
  let commands: FakeDeviceCommands;
  let updates: UpdateJournal;
  let ann: TestUser;
  let bob: TestUser;
  let eve: TestUser;
  const readers: StreamReader[] = [];

  beforeEach(async () => {
    clock = new VirtualClock();
    store = await open({ clock });
    const bus = new InProcessBus(silentLogger);
    commands = new FakeDeviceCommands();
    const blobs = new FirmwareBlobs({ store, clock });
    updates = await UpdateJournal.open({ store, bus, commands, clock, log: silentLogger, blobs });
    const hub = new LiveHub(bus, new ProductDirectory(store, bus));
    test = await testServer(store, {
      clock,
      bus,
      routes: (_ambient, accounts) => {
        const sseLimits = { ...DEFAULT_SSE_LIMITS, mostPerToken: 2 };
        const parts = { accounts, bus, hub, commands, updates, blobs, sseLimits, publicUrl: 'http://cloud.test' };
        return [
          accountRouteModule(accounts),
          deviceRouteModule(parts),
          productDeviceRouteModule(parts),
          eventRouteModule(parts),
          cancelUpdateRouteModule(parts),
        ];
      },
    });
    await test.fastify.listen({ port: 0, host: '127.0.0.1' });
    ann = await test.addUser('ann@example.net');
    bob = await test.addUser('bob@example.net');
    eve = await test.addUser('eve@example.net');
    const names = { name: 'Greenhouse', slug: 'greenhouse', name_key: 'greenhouse', description: '' };
    const owner = { owner_kind: 'user' as const, owner_id: bob.id };
    await store.db
      .insertInto('products')
      .values({ id: 1042, ...names, ...owner, platform_id: 32, settings: '{}', created_at: 1, updated_at: 1 })
      .execute();
    await addDevice(store, OWN, ann.id);
    await store.db.updateTable('devices').set({ product_id: null }).where('id', '=', OWN).execute();
    await addDevice(store, MEMBER, ann.id);
    for (const id of [OWN, MEMBER]) commands.online.add(id);
  });
  afterEach(async () => {
    for (const { response } of readers.splice(0)) response.destroy();
    await test.fastify.close();
  });

  const get = (path: string, { headers }: TestUser) =>
    new Promise<http.IncomingMessage>((resolve, reject) => {
      const { port } = test.fastify.server.address() as AddressInfo;
      http.get({ port, path, headers, agent: false }, resolve).on('error', reject);
    });
  const stream = async (path: string, user = ann) => {
    const reader = new StreamReader(await get(path, user));
    readers.push(reader);
    expect(reader.response.statusCode).toBe(200);
    return reader;
  };
  const call = async (method: 'DELETE' | 'PUT', url: string, user = ann, payload?: object) => {
    const reply = await test.fastify.inject({ method, url, headers: user.headers, ...(payload && { payload }) });
    return { status: reply.statusCode, body: reply.json() };
  };
  const begin = (deviceId: DeviceId, id: string, version?: number) =>
    updates.begin({
      id,
      deviceId,
      requestedBy: ann.id,
      reason: version === undefined ? 'flash' : 'release',
      ...(version !== undefined && { target: { productId: 1042, version, rolloutId: undefined } }),
      at: clock.now(),
      images: [ModuleFunction.SYSTEM_PART, ModuleFunction.USER_PART].map((moduleFunction) => ({
        data: Buffer.alloc(1000, id),
        moduleFunction,
      })),
      applicationHash: undefined,
    });
  const move = (deviceId: DeviceId, updateId: string, image: number, bytes: number) =>
    updates.progressed(deviceId, { updateId, image, images: 2, bytes, totalBytes: 2000 });
  const frames = (text: string) =>
    [...text.matchAll(/^event: progress\ndata: (.*)\n$/gm)].map(([, data = '']) => JSON.parse(data));

  it('is shown from its begin to its end, a frame for a step that matters', async () => {
    const reader = await stream(`${OF_OWN}/progress`);
    await reader.until((text) => text === IDLE);
    await begin(OWN, 'u1');
    for (const bytes of [1, 2, 3, 500, 501]) move(OWN, 'u1', 0, bytes);
    move(OWN, 'u1', 1, 1000);
    move(OWN, 'u1', 1, 2000);
    updates.ended(OWN, 'u1', { outcome: 'succeeded' });
    await reader.until((text) => text.includes('"succeeded"'));
    const rest = { id: 'u1', reason: 'flash', version: null, images: 2, total_bytes: 2000, message: null };
    expect(frames(reader.text)).toEqual(
      [
        { stage: 'starting', image: 0, bytes: 0, percent: 0, outcome: null },
        { stage: 'transferring', image: 0, bytes: 0, percent: 0, outcome: null },
        { stage: 'transferring', image: 0, bytes: 500, percent: 25, outcome: null },
        { stage: 'transferring', image: 1, bytes: 1000, percent: 50, outcome: null },
        { stage: 'applying', image: 1, bytes: 2000, percent: 100, outcome: null },
        { stage: 'done', image: 1, bytes: 2000, percent: 100, outcome: 'succeeded' },
      ].map((step) => ({ ...rest, ...step })),
    );
    await begin(OWN, 'u2');
    await reader.until((text) => text.includes('"u2"'));
    expect(reader.over).toBe(false);
  });

  it('begins with how it is, and ends with the update when that is asked for', async () => {
    await begin(MEMBER, 'u1', 7);
    move(MEMBER, 'u1', 0, 500);
    const reader = await stream(`${OF_MEMBER}/progress?until_end=true`, bob);
    await reader.until((text) => text.includes('event: '));
    expect(frames(reader.text)).toMatchObject([{ id: 'u1', reason: 'release', version: 7, percent: 25 }]);
    updates.ended(MEMBER, 'u1', { outcome: 'failed', reason: 'refused', message: 'too old' });
    const text = await reader.ended();
    expect(frames(text).at(-1)).toMatchObject({ outcome: 'refused', message: 'too old', percent: 25 });
    expect(text).toMatch(/:closed: the update is over\n\n$/);
    const later = await (await stream(`${OF_MEMBER}/progress?until_end=1`, bob)).ended();
    const last = { id: 'u1', reason: 'release', version: 7, outcome: 'refused', message: 'too old' };
    expect(later).toMatch(/^:ok\n\nevent: idle\ndata: .*\n\n:closed: no update is under way\n\n$/);
    expect(JSON.parse(/data: (.*)/.exec(later)?.[1] ?? '')).toEqual({
      last: { ...last, ended_at: new Date(clock.now()).toISOString() },
    });
  });

  it('sends something every nine seconds', async () => {
    const reader = await stream(`${OF_OWN}/progress`);
    await reader.until((text) => text === IDLE);
    clock.advance(9000);
    expect(await reader.until((text) => text.length > IDLE.length)).toBe(`${IDLE}\n`);
  });

  it('counts as an event stream of its token', async () => {
    await stream(`${OF_OWN}/progress`);
    await stream('/v1/devices/events');
    expect((await get(`${OF_OWN}/progress`, ann)).statusCode).toBe(429);
  });

  it('is for whoever reaches the device', async () => {
    for (const [path, user, status] of [
      [`${OF_OWN}/progress`, eve, 403],
      [`/v1/devices/${MEMBER}/updates/progress`, eve, 403],
      [`/v1/devices/e00fce68ffffffffffffffff/updates/progress`, ann, 403],
      [`${OF_MEMBER}/progress`, eve, 403],
      [`/v1/products/1042/devices/${OWN}/updates/progress`, bob, 404],
    ] as const) {
      const response = await get(path, user);
      response.resume();
      expect([path, response.statusCode]).toEqual([path, status]);
    }
    await stream(`/v1/devices/${MEMBER}/updates/progress`, bob);
    await stream(`/v1/devices/${MEMBER}/updates/progress`, ann);
  });

  it('ends when the token is revoked, and when the device goes out of reach', async () => {
    const own = await stream(`${OF_OWN}/progress`);
    const member = await stream(`${OF_MEMBER}/progress`, bob);
    const through = await stream(`/v1/devices/${MEMBER}/updates/progress`, bob);
    const removed = await test.fastify.inject({
      method: 'DELETE',
      url: `/v1/products/1042/devices/${MEMBER}`,
      headers: bob.headers,
    });
    expect(removed.statusCode).toBe(204);
    for (const reader of [member, through]) expect(await reader.ended()).toMatch(/:closed: these events may not/);
    expect(own.over).toBe(false);
    expect((await call('DELETE', `/v1/devices/${OWN}`)).status).toBe(200);
    expect(await own.ended()).toMatch(/:closed: these events may not/);
    const last = await stream(`/v1/devices/${MEMBER}/updates/progress`);
    expect((await call('DELETE', `/v1/access_tokens/${ann.token}`)).status).toBe(200);
    expect(await last.ended()).toMatch(/:closed: the token was revoked/);
  });

  it('ends when an update is cancelled', async () => {
    await begin(OWN, 'u1');
    move(OWN, 'u1', 0, 500);
    const reader = await stream(`${OF_OWN}/progress?until_end=true`);
    const cancelUpdate = commands.cancelUpdate.bind(commands);
    commands.cancelUpdate = (deviceId) => {
      cancelUpdate(deviceId);
      updates.ended(deviceId, 'u1', { outcome: 'failed', reason: 'cancelled' });
    };
    expect(await call('DELETE', `${OF_OWN}/current`)).toEqual({
      status: 200,
      body: { ok: true, id: 'u1', stage: 'transferring', bytes: 500, total_bytes: 2000 },
    });
    expect(frames(await reader.ended()).at(-1)).toMatchObject({ id: 'u1', outcome: 'cancelled' });
    expect(commands.updates.size).toBe(0);
    expect(await call('DELETE', `${OF_OWN}/current`)).toMatchObject({
      status: 404,
      body: { ok: false, error: 'No update of the device is under way' },
    });
  });

  it('is cancelled by those who may update the device', async () => {
    await begin(MEMBER, 'u1', 7);
    expect((await call('DELETE', `/v1/devices/${MEMBER}/updates/current`)).status).toBe(409);
    expect((await call('DELETE', `/v1/devices/${MEMBER}/updates/current`, bob)).status).toBe(403);
    expect((await call('DELETE', `${OF_MEMBER}/current`, eve)).status).toBe(403);
    expect(commands.updates.size).toBe(1);
    expect((await call('DELETE', `${OF_MEMBER}/current`, bob)).status).toBe(200);
    expect(commands.updates.size).toBe(0);
    expect((await call('DELETE', `/v1/products/1042/devices/${OWN}/updates/current`, bob)).status).toBe(404);
  });
});
