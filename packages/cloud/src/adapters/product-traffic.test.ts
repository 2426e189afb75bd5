import type { PublishedEvent } from '@cloudchamber/gateway';
import type { DeviceId } from '@cloudchamber/kernel';
import { seededEntropy, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { beforeEach, expect, it } from 'vitest';
import { InProcessBus } from '../bus/index.ts';
import type { Ambient, CustomerActor, UserActor } from '../domain/context.ts';
import { changeDevice, insertDevice } from '../domain/devices/device-store.ts';
import { FakeDeviceCommands } from '../domain/devices/fake-device-commands.ts';
import { createClaimCode, deviceChanges, findDevice } from '../domain/devices/index.ts';
import { publishEvent, publishProductEvent } from '../domain/events/index.ts';
import { FirmwareBlobs, UpdateJournal } from '../domain/firmware/index.ts';
import { enterProduct } from '../domain/products/index.ts';
import type { Store } from '../store/index.ts';
import { CloudGatewayPorts } from './gateway-ports.ts';

const PRODUCT = 1042;
/** Owned by the customers Carl (two), Cora, and by nobody (two); all are the product's. */
const CARLS = 'e00fce680000000000000001' as DeviceId;
const CARLS_OTHER = 'e00fce680000000000000002' as DeviceId;
const CORAS = 'e00fce680000000000000003' as DeviceId;
const FREE = 'e00fce680000000000000004' as DeviceId;
const FREE_OTHER = 'e00fce680000000000000005' as DeviceId;
/** Nobody's, and in no product. */
const LOOSE = 'e00fce680000000000000006' as DeviceId;
const EVERY = [CARLS, CARLS_OTHER, CORAS, FREE, FREE_OTHER, LOOSE];
const IMEI = '352753090000001';
const ICCID = '89314404000000000001';

const ann: UserActor = { kind: 'user', userId: 'ann', username: 'ann@example.net', tokenId: 't', operator: false };
const carl: CustomerActor = {
  kind: 'customer',
  customerId: 'carl',
  username: 'carl',
  productId: PRODUCT,
  tokenId: 't',
};

describeStores('traffic of product devices', (open) => {
  let store: Store;
  let clock: VirtualClock;
  let bus: InProcessBus;
  let commands: FakeDeviceCommands;
  let ports: CloudGatewayPorts;
  let ambient: Ambient;

  beforeEach(async () => {
    clock = new VirtualClock();
    store = await open({ clock });
    bus = new InProcessBus(silentLogger);
    commands = new FakeDeviceCommands();
    ambient = { store, clock, entropy: seededEntropy(1), log: silentLogger };
    const updates = await UpdateJournal.open({
      store,
      bus,
      clock,
      log: silentLogger,
      commands,
      blobs: new FirmwareBlobs({ store, clock }),
    });
    ports = new CloudGatewayPorts({ ...ambient, bus, commands, updates, trustFirstKey: false });
    const names = {
      name: 'Greenhouse',
      name_key: 'greenhouse',
      slug: 'greenhouse-v1',
      description: '',
      settings: '{}',
    };
    const owner = { owner_kind: 'user' as const, owner_id: 'ann', platform_id: 13, created_at: 0, updated_at: 0 };
    await store.db
      .insertInto('products')
      .values({ id: PRODUCT, ...names, ...owner })
      .execute();
    const owners = new Map<DeviceId, string>([
      [CARLS, 'carl'],
      [CARLS_OTHER, 'carl'],
      [CORAS, 'cora'],
    ]);
    for (const id of EVERY) {
      const ownerId = owners.get(id) ?? null;
      await insertDevice(store.db, { id, name: 'n', platformId: 13, publicKey: null, ownerId, at: 0 });
      if (id !== LOOSE) await changeDevice(store.db, id, { product_id: PRODUCT });
    }
  });

  const connect = async (id: DeviceId) => {
    const hello = { productId: 13, productVersion: 3, platformId: 13, flags: 0 };
    const at = clock.now();
    const publicKey = Buffer.from('the key');
    await ports.sessionStarted({ deviceId: id, publicKey, transport: 'udp', hello, address: '198.51.100.17', at });
    commands.online.add(id);
    ports.online(id, at);
    await ports.subscribe(id, { prefix: '', accepts: 'text' }, true);
    await clock.settle();
  };
  const send = (deviceId: DeviceId, name: string, data = '') => {
    const event: Omit<PublishedEvent, 'data'> = {
      deviceId,
      name,
      contentFormat: 0,
      ttlSeconds: 60,
      receivedAt: clock.now(),
      address: '',
    };
    return ports.publish({ ...event, data: Buffer.from(data) });
  };
  const reached = async () => {
    await clock.settle();
    return commands.deliveries.splice(0).map(({ deviceId, name }) => [deviceId, name]);
  };
  const ownerOf = async (id: DeviceId) => (await findDevice(store.db, id))?.ownerId;
  const logged = async () =>
    (await store.events.read({ limit: 100 })).filter(({ name }) => name !== 'spark/status').map(({ name }) => name);

  it('stays among the devices of one customer', async () => {
    for (const id of EVERY) await connect(id);
    await send(CARLS, 'lamp');
    expect((await reached()).toSorted()).toEqual([
      [CARLS, 'lamp'],
      [CARLS_OTHER, 'lamp'],
    ]);
    await send(CORAS, 'lamp');
    expect(await reached()).toEqual([[CORAS, 'lamp']]);
  });

  it('comes back to a device that nobody owns, and to no other', async () => {
    for (const id of EVERY) await connect(id);
    await send(FREE, 'lamp');
    expect(await reached()).toEqual([[FREE, 'lamp']]);
    await send(LOOSE, 'lamp');
    expect(await reached()).toEqual([]);
    const [event] = await store.events.read({ deviceId: FREE, namePrefix: 'lamp', limit: 1 });
    expect(event).toMatchObject({ ownerId: null, productId: PRODUCT });
  });

  it('hears what its customer publishes, and nothing that is published to the product', async () => {
    for (const id of EVERY) await connect(id);
    await publishEvent({ ...ambient, actor: carl }, bus, { name: 'to carl' });
    expect((await reached()).toSorted()).toEqual([
      [CARLS, 'to carl'],
      [CARLS_OTHER, 'to carl'],
    ]);
    const ctx = await enterProduct({ ...ambient, actor: ann }, String(PRODUCT), 'events:send');
    await publishProductEvent(ctx, bus, { name: 'to the product' });
    await publishEvent({ ...ambient, actor: ann }, bus, { name: 'to ann' });
    expect(await reached()).toEqual([]);
  });

  it('follows a device out of its product', async () => {
    await connect(FREE);
    await changeDevice(store.db, FREE, { product_id: null });
    bus.publish(deviceChanges, { deviceId: FREE, productId: null });
    await clock.settle();
    await send(FREE, 'lamp');
    expect(await reached()).toEqual([]);
    const [event] = await store.events.read({ deviceId: FREE, namePrefix: 'lamp', limit: 1 });
    expect(event).toMatchObject({ ownerId: null, productId: null });
  });

  it('claims by code: the device hears its owner at once, and nobody hears the code', async () => {
    await connect(CARLS);
    await connect(FREE);
    const { code } = await createClaimCode({ ...ambient, actor: carl }, {});
    await send(FREE, 'spark/device/claim/code', code);
    expect(await ownerOf(FREE)).toBe('carl');
    expect(await reached()).toEqual([[FREE, 'spark/device/claim/success']]);
    await send(CARLS, 'lamp');
    expect((await reached()).toSorted()).toEqual([
      [CARLS, 'lamp'],
      [FREE, 'lamp'],
    ]);
    await send(FREE_OTHER, 'spark/device/claim/code', code);
    expect(await ownerOf(FREE_OTHER)).toBeNull();
    expect(await logged()).toEqual(['lamp']);
  });

  it('claims by the modem: at Hello, by the old event, and by Describe', async () => {
    const waitFor = (modem: object) => createClaimCode({ ...ambient, actor: carl }, modem);
    await waitFor({ iccid: ICCID });
    await connect(FREE);
    expect(await ownerOf(FREE)).toBeNull();
    await send(FREE, 'spark/cellular/iccid', ICCID);
    expect(await ownerOf(FREE)).toBe('carl');

    await waitFor({ imei: IMEI });
    await connect(FREE_OTHER);
    const system = { modules: [], assets: [], protectedState: false, imei: IMEI };
    await ports.describe(FREE_OTHER, { kind: 'system', system });
    expect(await ownerOf(FREE_OTHER)).toBe('carl');

    await changeDevice(store.db, FREE_OTHER, { owner_id: null });
    bus.publish(deviceChanges, { deviceId: FREE_OTHER, ownerId: null });
    await clock.settle();
    await waitFor({ imei: IMEI });
    await connect(FREE_OTHER);
    expect(await ownerOf(FREE_OTHER)).toBe('carl');
    await clock.settle();
    await send(CARLS, 'lamp');
    expect((await reached()).toSorted()).toEqual([
      [FREE, 'lamp'],
      [FREE_OTHER, 'lamp'],
    ]);
  });
});
