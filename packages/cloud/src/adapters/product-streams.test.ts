import type { PublishedEvent } from '@cloudchamber/gateway';
import { type DeviceId, seededEntropy, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { beforeEach, expect, it } from 'vitest';
import { InProcessBus } from '../bus/index.ts';
import type { Ambient, UserActor } from '../domain/context.ts';
import { HookEvents } from '../domain/deliveries/hook-events.ts';
import { deviceChanges } from '../domain/devices/device-changes.ts';
import { changeDevice, insertDevice } from '../domain/devices/device-store.ts';
import { FakeDeviceCommands } from '../domain/devices/fake-device-commands.ts';
import { LiveHub, liveEvents, publishProductEvent, type StreamPlace } from '../domain/events/index.ts';
import { FirmwareBlobs, UpdateJournal } from '../domain/firmware/index.ts';
import { enterProduct, ProductDirectory } from '../domain/products/index.ts';
import type { Store, StoredEvent } from '../store/index.ts';
import { CloudGatewayPorts } from './gateway-ports.ts';

const PRODUCT = 1042;
const OTHER_PRODUCT = 1043;
const CLAIMED = 'e00fce680000000000000001' as DeviceId;
const FREE = 'e00fce680000000000000002' as DeviceId;
const FREE_OTHER = 'e00fce680000000000000003' as DeviceId;
const QUARANTINED = 'e00fce680000000000000004' as DeviceId;
const ANN: UserActor = { kind: 'user', userId: 'ann', username: 'ann@example.net', tokenId: 't', operator: false };

/** Ann owns the product; Bob owns one of its devices and one that is in its quarantine. */
describeStores('streams of owners and products', (open) => {
  let store: Store;
  let clock: VirtualClock;
  let bus: InProcessBus;
  let commands: FakeDeviceCommands;
  let ports: CloudGatewayPorts;
  let ambient: Ambient;
  let heard: Record<'bob' | 'ann' | 'product', string[]>;
  let told: StoredEvent[];

  beforeEach(async () => {
    clock = new VirtualClock();
    store = await open();
    bus = new InProcessBus(silentLogger);
    commands = new FakeDeviceCommands();
    ambient = { store, clock, entropy: seededEntropy(1), log: silentLogger };
    const updates = await UpdateJournal.open({ ...ambient, bus, commands, blobs: new FirmwareBlobs(ambient) });
    ports = new CloudGatewayPorts({ ...ambient, bus, commands, updates, trustFirstKey: false });
    const settings = JSON.stringify({
      location: { opt_in: false },
      known_application: { opt_in: false },
      unknown_devices: 'quarantine',
    });
    const names = { name: 'Greenhouse', name_key: 'greenhouse', slug: 'greenhouse', description: '', settings };
    const owner = { owner_kind: 'user' as const, owner_id: 'ann', platform_id: 13, created_at: 0, updated_at: 0 };
    await store.db
      .insertInto('products')
      .values({ id: PRODUCT, ...names, ...owner })
      .execute();
    for (const id of [CLAIMED, FREE, FREE_OTHER, QUARANTINED]) {
      const ownerId = id === CLAIMED || id === QUARANTINED ? 'bob' : null;
      await insertDevice(store.db, { id, name: 'n', platformId: 13, publicKey: null, ownerId, at: 0 });
      if (id !== QUARANTINED) await changeDevice(store.db, id, { product_id: PRODUCT });
    }
    const hub = new LiveHub(bus, new ProductDirectory(store, bus));
    heard = { bob: [], ann: [], product: [] };
    told = [];
    bus.subscribe(liveEvents, (event) => told.push(event));
    const listen = (who: keyof typeof heard, place: StreamPlace) =>
      hub.listen({ place }, { event: ({ name }) => heard[who].push(name), lost: () => heard[who].push('lost') });
    listen('bob', { kind: 'owner', id: 'bob' });
    listen('ann', { kind: 'owner', id: 'ann' });
    listen('product', { kind: 'product', id: PRODUCT });
    for (const id of [CLAIMED, FREE, FREE_OTHER, QUARANTINED]) await connect(id);
    await shown();
  });

  const connect = async (id: DeviceId) => {
    const hello = { productId: PRODUCT, productVersion: 3, platformId: 13, flags: 0 };
    const at = clock.now();
    const publicKey = Buffer.from('the key');
    const attempt = { deviceId: id, publicKey, transport: 'udp' as const, hello, address: '198.51.100.17', at };
    await ports.sessionStarted(attempt);
    commands.online.add(id);
    ports.online(id, at);
    await ports.subscribe(id, { prefix: '', accepts: 'text' }, true);
  };
  const send = (deviceId: DeviceId, name: string) => {
    const event: Omit<PublishedEvent, 'data'> = {
      deviceId,
      name,
      contentFormat: 0,
      ttlSeconds: 60,
      receivedAt: clock.now(),
      address: '',
    };
    return ports.publish({ ...event, data: Buffer.from('x') });
  };
  /** What streams have shown since the last time, without who came and went. */
  const shown = async () => {
    await store.events.append({ ...NOTHING, name: 'spark/test' });
    await clock.settle();
    await new Promise((resolve) => setImmediate(resolve));
    const all = { bob: heard.bob.splice(0), ann: heard.ann.splice(0), product: heard.product.splice(0) };
    const named = (names: string[]) => names.filter((name) => !name.startsWith('spark/'));
    return { bob: named(all.bob), ann: named(all.ann), product: named(all.product) };
  };
  const reached = () => commands.deliveries.splice(0).map(({ deviceId, name }) => [deviceId, name]);

  it('show an event of a claimed device once each, and that of a free one in the product alone', async () => {
    await send(CLAIMED, 'lamp');
    expect(await shown()).toEqual({ bob: ['lamp'], ann: [], product: ['lamp'] });
    await send(FREE, 'lamp');
    expect(await shown()).toEqual({ bob: [], ann: [], product: ['lamp'] });
  });

  it('show nothing of a device in quarantine to the product, also not when it is approved later', async () => {
    await send(QUARANTINED, 'lamp');
    expect(await shown()).toEqual({ bob: ['lamp'], ann: [], product: [] });
    const [event] = await store.events.read({ deviceId: QUARANTINED, namePrefix: 'lamp', limit: 1 });
    expect(event).toMatchObject({ ownerId: 'bob', productId: null });
  });

  it('show what is published to the product there alone, and no device hears it', async () => {
    const ctx = await enterProduct({ ...ambient, actor: ANN }, String(PRODUCT), 'events:send');
    reached();
    await publishProductEvent(ctx, bus, { name: 'to all' });
    expect(await shown()).toEqual({ bob: [], ann: [], product: ['to all'] });
    expect(reached()).toEqual([]);
  });

  it('show the product what its integrations do, and the owner of the device; a free device hears its own answers', async () => {
    const hooks = new HookEvents({ ...ambient, bus });
    const answer = { name: 'hook-response/lamp/0', data: Buffer.from('ok'), contentFormat: 0 };
    const publish = async (device: DeviceId, owner: { kind: 'user' | 'product' | 'organization'; id: string }) => {
      await send(device, 'lamp');
      const trigger = told.findLast(({ deviceId, name }) => deviceId === device && name === 'lamp');
      if (trigger === undefined) throw new Error('nothing triggered');
      await shown();
      reached();
      await hooks.publish({ id: 'i', owner }, trigger, [answer]);
      return { ...(await shown()), devices: reached() };
    };
    const { name } = answer;
    expect(await publish(CLAIMED, { kind: 'product', id: String(PRODUCT) })).toEqual({
      bob: [name],
      ann: [],
      product: [name],
      devices: [
        [CLAIMED, name],
        [QUARANTINED, name],
      ],
    });
    expect(await publish(FREE, { kind: 'organization', id: 'acme' })).toEqual({
      bob: [],
      ann: [],
      product: [name],
      devices: [[FREE, name]],
    });
    expect(await publish(CLAIMED, { kind: 'user', id: 'bob' })).toMatchObject({ bob: [name], ann: [], product: [] });
    expect((await store.events.read({ namePrefix: 'hook-', limit: 10 })).map((event) => event.publisher)).toEqual(
      Array.from({ length: 3 }, () => 'particle-internal'),
    );
  });

  it('let a free device hear no answers of a product that it has left', async () => {
    const hooks = new HookEvents({ ...ambient, bus });
    await send(FREE, 'lamp');
    await shown();
    const trigger = told.find(({ deviceId, name }) => deviceId === FREE && name === 'lamp');
    if (trigger === undefined) throw new Error('nothing triggered');
    bus.publish(deviceChanges, { deviceId: FREE, productId: OTHER_PRODUCT });
    await shown();
    reached();
    const answer = { name: 'hook-response/lamp/0', data: Buffer.from('ok'), contentFormat: 0 };
    await hooks.publish({ id: 'i', owner: { kind: 'product', id: String(PRODUCT) } }, trigger, [answer]);
    expect([(await shown()).product, reached()]).toEqual([[answer.name], []]);
  });
});

const NOTHING = {
  ownerId: null,
  productId: null,
  deviceId: null,
  publisher: 'particle-internal',
  data: null,
  contentFormat: 0,
  ttlSeconds: 60,
  publishedAt: 0,
};
