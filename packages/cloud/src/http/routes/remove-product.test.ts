import type { DeviceId } from '@cloudchamber/kernel';
import { silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { InProcessBus } from '../../bus/index.ts';
import { issueToken } from '../../domain/accounts/index.ts';
import { FakeDeviceCommands } from '../../domain/devices/fake-device-commands.ts';
import { deviceChanges } from '../../domain/devices/index.ts';
import { FirmwareBlobs, UpdateJournal } from '../../domain/firmware/index.ts';
import type { Store } from '../../store/index.ts';
import { type TestServer, type TestUser, testServer } from '../test-server.ts';
import { productDeviceRouteModule } from './product-devices.ts';
import { productRouteModule } from './products.ts';

const CUSTOMER = 'cc'.repeat(12);
const id = (number: number) => `e00fce68${number.toString(16).padStart(16, '0')}` as DeviceId;

describeStores('the end of a product', (open) => {
  let store: Store;
  let test: TestServer;
  let ann: TestUser;
  let product: number;
  let told: unknown[];

  beforeEach(async () => {
    const clock = new VirtualClock();
    store = await open({ clock });
    const bus = new InProcessBus(silentLogger);
    told = [];
    bus.subscribe(deviceChanges, (change) => told.push(change));
    const commands = new FakeDeviceCommands();
    const blobs = new FirmwareBlobs({ store, clock });
    const updates = await UpdateJournal.open({
      store,
      bus,
      commands,
      clock,
      log: silentLogger,
      blobs,
    });
    test = await testServer(store, {
      clock,
      bus,
      routes: (_ambient, accounts) => [
        productRouteModule({ accounts, bus }),
        productDeviceRouteModule({ bus, commands, updates, blobs, publicUrl: 'http://cloud.test' }),
      ],
    });
    ann = await test.addUser('ann@example.net');
    product = await addProduct('Greenhouse');
  });
  afterEach(() => test.fastify.close());

  const call = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object, headers = ann.headers) =>
    test.fastify.inject({ method, url, headers, ...(payload && { payload }) });
  const addProduct = async (name: string) =>
    (await call('POST', '/v1/user/products', { name, platform_id: 13 })).json().product.id as number;
  const addDevices = (numbers: readonly number[], productId: number | null, ownerId: string | null) =>
    store.db
      .insertInto('devices')
      .values(
        numbers.map((number) => ({
          id: id(number),
          name: `d${number}`,
          owner_id: ownerId,
          product_id: productId,
          platform_id: 13,
          firmware_version: null,
          system_version: null,
          public_key: null,
          notes: null,
          functions: null,
          variables: null,
          system_describe: null,
          safe_mode: 0,
          updates_enabled: null,
          updates_forced: 0,
          last_heard: null,
          last_handshake_at: null,
          last_ip: null,
          server_key: null,
          serial_number: null,
          iccid: null,
          imei: null,
          claimed_at: ownerId === null ? null : 1,
          firmware_product_id: null,
          development: productId === null ? 0 : 1,
          desired_firmware_version: productId === null ? null : 7,
          joined_product_at: productId === null ? null : 1,
          created_at: 1,
          updated_at: 1,
        })),
      )
      .execute();
  const devices = () =>
    store.db
      .selectFrom('devices')
      .select(['id', 'product_id', 'owner_id', 'claimed_at', 'development', 'desired_firmware_version'])
      .orderBy('id')
      .execute();
  const count = async (
    table: 'device_groups' | 'device_group_members' | 'quarantined_devices' | 'claim_codes' | 'customers',
  ) => (await store.db.selectFrom(table).selectAll().execute()).length;

  const fill = async (productId: number, first: number, customerId: string) => {
    await store.db
      .insertInto('customers')
      .values({
        id: customerId,
        product_id: productId,
        username: 'cy@example.com',
        full_name: null,
        password_hash: null,
        user_id: null,
        created_at: 1,
      })
      .execute();
    await addDevices([first], productId, null);
    await addDevices([first + 1], productId, ann.id);
    await addDevices([first + 2], productId, customerId);
    await addDevices([first + 3], null, null);
    const group = { product_id: productId, name: 'beta' };
    await store.db
      .insertInto('device_groups')
      .values({ ...group, description: '', color: '#34495e', created_at: 1 })
      .execute();
    await store.db
      .insertInto('device_group_members')
      .values({ ...group, device_id: id(first) })
      .execute();
    await store.db
      .insertInto('quarantined_devices')
      .values({ product_id: productId, device_id: id(first + 3), denied: 1, created_at: 1 })
      .execute();
    await store.db
      .insertInto('claim_codes')
      .values({
        code_hash: `hash ${first}`,
        owner_kind: 'customer',
        owner_id: customerId,
        product_id: productId,
        created_at: 1,
        expires_at: Number.MAX_SAFE_INTEGER,
      })
      .execute();
    const subject = { kind: 'customer' as const, id: customerId };
    const request = { subject, clientId: 'x', lifetimeSeconds: 0, withRefresh: false };
    const { accessToken } = await issueToken(test.ambient, store.db, request);
    return { authorization: `Bearer ${accessToken}` };
  };

  it('frees its devices and ends its customers, and touches no other product', async () => {
    const other = await addProduct('Other');
    const customer = await fill(product, 10, CUSTOMER);
    const otherCustomer = await fill(other, 20, 'dd'.repeat(12));
    const before = (await devices()).slice(4);
    expect((await call('DELETE', `/v1/products/${product}`)).statusCode).toBe(204);

    const outside = { product_id: null, development: 0, desired_firmware_version: null };
    expect(await devices()).toEqual([
      { id: id(10), ...outside, owner_id: null, claimed_at: null },
      { id: id(11), ...outside, owner_id: ann.id, claimed_at: 1 },
      { id: id(12), ...outside, owner_id: null, claimed_at: null },
      { id: id(13), ...outside, owner_id: null, claimed_at: null },
      ...before,
    ]);
    const tables = [
      'device_groups',
      'device_group_members',
      'quarantined_devices',
      'claim_codes',
      'customers',
    ] as const;
    expect(await Promise.all(tables.map(count))).toEqual([1, 1, 1, 1, 1]);
    expect(told).toEqual(
      expect.arrayContaining([
        { deviceId: id(10), productId: null },
        { deviceId: id(11), productId: null },
        { deviceId: id(12), productId: null },
        { deviceId: id(12), ownerId: null },
      ]),
    );
    const url = `/v1/products/${product}`;
    expect((await call('GET', url, undefined, customer)).statusCode).toBe(401);
    expect((await call('GET', url, undefined, otherCustomer)).statusCode).toBe(403);
    expect((await call('GET', `${url}/devices`)).statusCode).toBe(403);
  });

  it('leaves no device behind while others import and list', async () => {
    const numbers = Array.from({ length: 200 }, (_, at) => at + 100);
    await addDevices(numbers.slice(0, 100), product, ann.id);
    await addDevices(numbers.slice(100), null, ann.id);
    const ids = numbers.slice(100).map(id);
    const parts = Array.from({ length: 5 }, (_, at) => ids.slice(at * 20, at * 20 + 20));
    const url = `/v1/products/${product}/devices`;
    const work = parts.flatMap((part) => [call('POST', url, { ids: part }), call('GET', url)]);
    work.splice(4, 0, call('DELETE', `/v1/products/${product}`));
    const statuses = (await Promise.all(work)).map((reply) => reply.statusCode);
    expect(statuses[4]).toBe(204);
    for (const [at, status] of statuses.entries()) if (at !== 4) expect([200, 403]).toContain(status);
    expect((await devices()).filter((device) => device.product_id !== null)).toEqual([]);
    expect((await devices()).every((device) => device.owner_id === ann.id)).toBe(true);
  });
});
