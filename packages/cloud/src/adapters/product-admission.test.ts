import type { DeviceId } from '@cloudchamber/kernel';
import { seededEntropy, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { sql } from 'kysely';
import { beforeEach, expect, it } from 'vitest';
import { InProcessBus } from '../bus/index.ts';
import { changeDevice, findDevice, insertDevice } from '../domain/devices/device-store.ts';
import { endProductDevices } from '../domain/devices/end-product-devices.ts';
import { FakeDeviceCommands } from '../domain/devices/fake-device-commands.ts';
import { FirmwareBlobs, UpdateJournal } from '../domain/firmware/index.ts';
import type { ProductSettings } from '../domain/products/index.ts';
import type { Store } from '../store/index.ts';
import { CloudGatewayPorts } from './gateway-ports.ts';

const A = 'e00fce680000000000000001' as DeviceId;
const B = 'e00fce680000000000000002' as DeviceId;
const KEY = Buffer.from('the key');
const ADMITTED = { admitted: true };
const REFUSED = { admitted: false, reason: 'denied' };

describeStores('a device that announces a product', (open) => {
  let store: Store;
  let clock: VirtualClock;
  let ports: CloudGatewayPorts;
  let product: number;
  let bus: InProcessBus;

  beforeEach(async () => {
    clock = new VirtualClock();
    store = await open({ clock });
    bus = new InProcessBus(silentLogger);
    const commands = new FakeDeviceCommands();
    const shared = { store, bus, clock, entropy: seededEntropy(1), log: silentLogger };
    const updates = await UpdateJournal.open({ ...shared, commands, blobs: new FirmwareBlobs(shared) });
    ports = new CloudGatewayPorts({ ...shared, commands, updates, trustFirstKey: true });
    for (const id of [A, B]) {
      await insertDevice(store.db, { id, name: 'a', platformId: 13, publicKey: KEY, ownerId: null, at: 0 });
    }
    product = await addProduct('greenhouse');
  });

  const addProduct = async (name: string) => {
    const row = { name, name_key: name, slug: name, description: '', platform_id: 13, settings: '' };
    const owned = { owner_kind: 'user' as const, owner_id: 'ann', created_at: 0, updated_at: 0 };
    const insert = store.db.insertInto('products').values({ ...row, ...owned });
    const { id } = await insert.returning('id').executeTakeFirstOrThrow();
    await setUnknown('quarantine', id);
    return id;
  };
  const setUnknown = async (unknown_devices: ProductSettings['unknown_devices'], id = product) => {
    const off = { opt_in: false };
    const settings = JSON.stringify({ location: off, known_application: off, unknown_devices });
    await store.db.updateTable('products').set({ settings }).where('id', '=', id).execute();
  };
  const attempt = (productId: number, deviceId = A, platformId = 13) => {
    const hello = { productId, productVersion: 3, platformId, flags: 0 };
    return { deviceId, publicKey: KEY, transport: 'udp' as const, hello, address: '198.51.100.17', at: clock.now() };
  };
  const connect = async (productId: number, deviceId = A, platformId = 13) => {
    const admission = await ports.authenticate(attempt(productId, deviceId, platformId));
    if (!admission.admitted) return admission;
    await ports.sessionStarted(attempt(productId, deviceId, platformId));
    ports.online(deviceId, clock.now());
    await clock.settle();
    return admission;
  };
  const quarantined = () =>
    store.db.selectFrom('quarantined_devices').select(['product_id', 'device_id', 'denied']).execute();
  const productOf = async (id = A) => (await findDevice(store.db, id))?.productId;

  it('is in quarantine until it is approved, and is noted', async () => {
    expect(await connect(product)).toEqual(ADMITTED);
    expect(await quarantined()).toEqual([{ product_id: product, device_id: A, denied: 0 }]);
    expect(await findDevice(store.db, A)).toMatchObject({
      productId: null,
      firmwareProductId: product,
      firmwareVersion: 3,
    });
    expect(await connect(product)).toEqual(ADMITTED);
    expect(await quarantined()).toHaveLength(1);
  });

  it('joins where unknown devices are approved, in time for its first event', async () => {
    await setUnknown('approve');
    expect(await connect(product)).toEqual(ADMITTED);
    expect(await productOf()).toBe(product);
    expect(await quarantined()).toEqual([]);
    const logged = async () => (await store.events.read({ limit: 10 })).map(({ name, productId }) => [name, productId]);
    await expect.poll(logged).toEqual([['spark/status', product]]);
  });

  it('joins with an owner of the team or a customer, and waits in quarantine with another', async () => {
    await setUnknown('approve');
    await changeDevice(store.db, A, { owner_id: 'ann' });
    await changeDevice(store.db, B, { owner_id: 'bob' });
    await connect(product, A);
    await connect(product, B);
    expect(await productOf(A)).toBe(product);
    expect(await productOf(B)).toBeNull();
    expect(await quarantined()).toEqual([{ product_id: product, device_id: B, denied: 0 }]);
    const row = { id: 'bob', product_id: product, username: 'b', full_name: null, password_hash: null, user_id: null };
    await store.db
      .insertInto('customers')
      .values({ ...row, created_at: 0 })
      .execute();
    await connect(product, B);
    expect(await productOf(B)).toBe(product);
    expect(await quarantined()).toEqual([]);
  });

  it('stays where it is when it is in another product', async () => {
    const other = await addProduct('other');
    await setUnknown('approve');
    await changeDevice(store.db, A, { product_id: other });
    expect(await connect(product)).toEqual(ADMITTED);
    expect(await productOf()).toBe(other);
    expect(await quarantined()).toEqual([{ product_id: product, device_id: A, denied: 0 }]);
  });

  it('is refused where unknown devices are refused, but not as a member', async () => {
    await setUnknown('refuse');
    expect(await connect(product)).toEqual(REFUSED);
    expect(await connect(product, 'e00fce6800000000000000ee' as DeviceId)).toEqual(REFUSED);
    expect(await findDevice(store.db, 'e00fce6800000000000000ee' as DeviceId)).toBeUndefined();
    await changeDevice(store.db, A, { product_id: product });
    expect(await connect(product)).toEqual(ADMITTED);
    expect(await quarantined()).toEqual([]);
  });

  it('is refused once it was denied, and only as that product', async () => {
    await connect(product);
    await store.db.updateTable('quarantined_devices').set({ denied: 1 }).execute();
    expect(await connect(product)).toEqual(REFUSED);
    expect(await connect(13)).toEqual(ADMITTED);
    expect(await connect(0xffff)).toEqual(ADMITTED);
    await setUnknown('approve');
    expect(await connect(product)).toEqual(REFUSED);
  });

  it('connects outside of products that there are not, or that are for other hardware', async () => {
    await setUnknown('approve');
    expect(await connect(product + 100)).toEqual(ADMITTED);
    expect(await findDevice(store.db, A)).toMatchObject({ productId: null, firmwareProductId: product + 100 });
    expect(await connect(product, A, 32)).toEqual(ADMITTED);
    expect(await productOf()).toBeNull();
    expect(await quarantined()).toEqual([]);
  });

  it.each([0, 13, 0xffff])('announces none with %i, and leaves none by it', async (productId) => {
    await changeDevice(store.db, A, { product_id: product });
    expect(await connect(productId)).toEqual(ADMITTED);
    expect(await findDevice(store.db, A)).toMatchObject({ productId: product, firmwareProductId: null });
    expect(await quarantined()).toEqual([]);
  });

  it('is in quarantine once when it connects twice at once', async () => {
    await Promise.all([connect(product), connect(product)]);
    expect(await quarantined()).toHaveLength(1);
    await setUnknown('approve');
    await Promise.all([connect(product), connect(product)]);
    expect(await productOf()).toBe(product);
    expect(await quarantined()).toEqual([]);
  });

  it('leaves nothing of a product that is deleted in the same moment', async () => {
    for (const unknown of ['approve', 'quarantine'] as const) {
      await setUnknown(unknown);
      const deleted = Promise.withResolvers<void>();
      const goOn = Promise.withResolvers<void>();
      const removal = store.db.transaction().execute(async (db) => {
        await db.deleteFrom('products').where('id', '=', product).execute();
        await endProductDevices(bus)(db, product);
        deleted.resolve();
        await goOn.promise;
      });
      await deleted.promise;
      let connected = false;
      const connecting = connect(product).then(() => {
        connected = true;
      });
      // SQLite lets nobody in before the removal is over.
      if (store.engine === 'postgres') await expect.poll(async () => connected || (await someoneWaits())).toBe(true);
      goOn.resolve();
      await Promise.all([removal, connecting]);
      expect([await productOf(), await quarantined()]).toEqual([null, []]);
      product = await addProduct(`after ${unknown}`);
    }
  });

  const someoneWaits = async () => {
    const waiting =
      await sql`select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`.execute(
        store.db,
      );
    return waiting.rows.length > 0;
  };
});
