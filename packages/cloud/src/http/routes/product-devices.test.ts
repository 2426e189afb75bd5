import type { DeviceId } from '@cloudchamber/kernel';
import { silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InProcessBus } from '../../bus/index.ts';
import { issueToken, type TokenSubject } from '../../domain/accounts/index.ts';
import type { DeviceChange } from '../../domain/devices/device-changes.ts';
import { changeDevice, type DeviceChanges, insertDevice } from '../../domain/devices/device-store.ts';
import { FakeDeviceCommands } from '../../domain/devices/fake-device-commands.ts';
import { deviceChanges, endProductDevices, firmwareTargets, type TargetsChanged } from '../../domain/devices/index.ts';
import { FirmwareBlobs, UpdateJournal } from '../../domain/firmware/index.ts';
import { changeVersion, insertVersion } from '../../domain/releases/firmware-version-store.ts';
import { versionRow } from '../../domain/releases/version-row.ts';
import type { Store } from '../../store/index.ts';
import { type TestServer, type TestUser, testServer } from '../test-server.ts';
import { deviceRouteModule } from './devices.ts';
import { groupRouteModule } from './groups.ts';
import { productDeviceRouteModule } from './product-devices.ts';

const A = 'e00fce680000000000000001' as DeviceId;
const B = 'e00fce680000000000000002' as DeviceId;
const C = 'e00fce680000000000000003' as DeviceId;
const D = 'e00fce680000000000000004' as DeviceId;
const UNKNOWN = 'e00fce6800000000000000ff';

const NOT_MEMBER = {
  status: 404,
  body: {
    ok: false,
    error: 'Device not found for this product',
    error_description: 'Device not found for this product',
  },
};
const DENIED = { status: 403, body: { error: 'permission_denied', error_description: 'Permission denied' } };
const OK = { status: 200, body: { ok: true } };
const GONE = { status: 204, body: undefined };
const invalid = (error: unknown) => ({ status: 400, body: { ok: false, error, error_description: error } });

describeStores('product device routes', (open) => {
  let store: Store;
  let clock: VirtualClock;
  let test: TestServer;
  let commands: FakeDeviceCommands;
  let changes: DeviceChange[];
  let bus: InProcessBus;
  let ann: TestUser;
  let bob: TestUser;
  let product: number;
  let url: string;

  beforeEach(async () => {
    clock = new VirtualClock();
    store = await open({ clock });
    bus = new InProcessBus(silentLogger);
    changes = [];
    bus.subscribe(deviceChanges, (change) => changes.push(change));
    commands = new FakeDeviceCommands();
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
      routes: (_ambient, accounts) => {
        const parts = { accounts, bus, commands, updates, blobs, publicUrl: 'http://cloud.test' };
        return [deviceRouteModule(parts), productDeviceRouteModule(parts), groupRouteModule(parts)];
      },
    });
    ann = await test.addUser('ann@example.net');
    bob = await test.addUser('bob@example.net');
    product = await addProduct('Greenhouse', ann.id);
    url = `/v1/products/${product}/devices`;
  });
  afterEach(() => test.fastify.close());

  type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
  type Caller = Pick<TestUser, 'headers'>;
  const call = async (method: Method, path: string, body?: unknown, user: Caller = ann) => {
    const payload = body as Record<string, unknown> | undefined;
    const reply = await test.fastify.inject({ method, url: path, headers: user.headers, ...(payload && { payload }) });
    const json = reply.headers['content-type']?.toString().startsWith('application/json');
    return { status: reply.statusCode, body: reply.body === '' ? undefined : json ? reply.json() : reply.body };
  };
  const upload = async (content: string | Buffer, filename = 'devices.txt', fields: Record<string, string> = {}) => {
    const texts = Object.entries(fields).map(
      ([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const head = `--x\r\nContent-Disposition: form-data; name="file"; filename="${filename}"\r\n\r\n`;
    const payload = Buffer.concat([
      Buffer.from(texts.join('') + head),
      Buffer.from(content),
      Buffer.from('\r\n--x--\r\n'),
    ]);
    const headers = { ...ann.headers, 'content-type': 'multipart/form-data; boundary=x' };
    const reply = await test.fastify.inject({ method: 'POST', url, headers, payload });
    return { status: reply.statusCode, body: reply.json() as Record<string, unknown> };
  };
  const addProduct = async (name: string, ownerId: string, platform = 13): Promise<number> => {
    const settings = {
      location: { opt_in: false },
      known_application: { opt_in: false },
      unknown_devices: 'quarantine',
    };
    const { id } = await store.db
      .insertInto('products')
      .values({
        name,
        name_key: name.toLowerCase(),
        slug: `${name.toLowerCase()}-v1`,
        description: '',
        platform_id: platform,
        owner_kind: 'user',
        owner_id: ownerId,
        settings: JSON.stringify(settings),
        created_at: 0,
        updated_at: 0,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  };
  const addDevice = async (id: DeviceId, more: DeviceChanges = {}, name = `name-${id.slice(-2)}`) => {
    await insertDevice(store.db, { id, name, platformId: 13, publicKey: null, ownerId: null, at: 0 });
    if (Object.keys(more).length > 0) await changeDevice(store.db, id, more);
  };
  const addVersions = async (...versions: number[]) => {
    for (const version of versions) await insertVersion(store.db, versionRow(product, version));
  };
  const addMember = (id: DeviceId, more: DeviceChanges = {}, name?: string) =>
    addDevice(id, { product_id: product, ...more }, name);
  const quarantine = (id: DeviceId, denied = 0, productId = product) =>
    store.db
      .insertInto('quarantined_devices')
      .values({ product_id: productId, device_id: id, denied, created_at: 0 })
      .execute();
  const addCustomer = async (id: string, username: string, productId = product) => {
    const row = {
      id,
      product_id: productId,
      username,
      full_name: null,
      password_hash: null,
      user_id: null,
      created_at: 0,
    };
    await store.db.insertInto('customers').values(row).execute();
    return id;
  };
  const joinTeam = (user: TestUser, role: string, productId = product) =>
    store.db
      .insertInto('team_members')
      .values({
        team_kind: 'product',
        team_id: String(productId),
        user_id: user.id,
        role,
        state: 'accepted',
        invited_by: null,
        created_at: 0,
        accepted_at: 0,
      })
      .execute();
  const tokenOf = async (subject: TokenSubject, scope?: string): Promise<Caller> => {
    const request = { subject, clientId: 'c', lifetimeSeconds: 0, withRefresh: false, ...(scope && { scope }) };
    const { accessToken } = await issueToken(test.ambient, store.db, request);
    return { headers: { authorization: `Bearer ${accessToken}` } };
  };
  const rowOf = (id: DeviceId) =>
    store.db.selectFrom('devices').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const ids = async (query = '', user: Caller = ann) => {
    const { status, body } = await call('GET', `${url}${query}`, undefined, user);
    expect(status).toBe(200);
    return (body as { devices: { id: string }[] }).devices.map((device) => device.id);
  };

  describe('the list', () => {
    it('shows every key of a product device, with the customers of the page', async () => {
      const carl = await addCustomer('c'.repeat(24), 'carl@example.org');
      await addMember(A, {
        owner_id: carl,
        firmware_product_id: product,
        firmware_version: 7,
        desired_firmware_version: 8,
        development: 1,
        last_handshake_at: 1_770_106_522_118,
        serial_number: 'B40HAB012345678',
      });
      commands.online.add(A);
      await call('PUT', `${url}/${A}`, { groups: ['north', 'beta'] });
      const device = {
        id: A,
        name: 'name-01',
        owner: 'carl@example.org',
        last_ip_address: null,
        last_heard: null,
        last_handshake_at: '2026-02-03T08:15:22.118Z',
        product_id: product,
        online: true,
        connected: true,
        platform_id: 13,
        cellular: true,
        notes: null,
        functions: null,
        variables: null,
        status: 'normal',
        serial_number: 'B40HAB012345678',
        iccid: null,
        last_iccid: null,
        imei: null,
        mobile_secret: null,
        system_firmware_version: null,
        current_build_target: null,
        pinned_build_target: null,
        default_build_target: null,
        firmware_updates_enabled: true,
        firmware_updates_forced: false,
        device_protection: { status: 'disabled' },
        firmware_product_id: product,
        groups: ['beta', 'north'],
        firmware_version: 7,
        desired_firmware_version: 8,
        targeted_firmware_release_version: null,
        development: true,
        quarantined: false,
        denied: false,
      };
      expect(await call('GET', url)).toEqual({
        status: 200,
        body: {
          devices: [device],
          customers: [{ id: carl, username: 'carl@example.org' }],
          meta: { total_pages: 1, total: 1 },
        },
      });
      expect(await call('GET', `${url}/${A.toUpperCase()}`)).toEqual({ status: 200, body: device });
    });

    it('filters, with wildcards that mean themselves, and without case', async () => {
      await addMember(A, { serial_number: 'P046X%1' }, 'Pump_100%');
      await addMember(B, {}, 'pump-2');
      await addMember(C, {}, 'lamp!');
      await addDevice(D, {}, 'Pump elsewhere');
      await call('PUT', `${url}/${A}`, { groups: 'north,beta' });
      await call('PUT', `${url}/${B}`, { groups: ['south'] });
      const found = async (query: string) =>
        (await ids(`?${query}&sortAttr=deviceId`)).map((id) => id.slice(-1)).join('');
      expect(await found('deviceName=PUMP')).toBe('12');
      expect(await found('deviceName=%25')).toBe('1');
      expect(await found('deviceName=_')).toBe('1');
      expect(await found('deviceName=!')).toBe('3');
      expect(await found('deviceName=%27%20or%201=1--')).toBe('');
      expect(await found('deviceId=E00FCE68')).toBe('123');
      expect(await found('deviceId=0003')).toBe('3');
      expect(await found('serialNumber=p046x%25')).toBe('1');
      expect(await found('search=P046x')).toBe('1');
      expect(await found('search=PUMP')).toBe('12');
      expect(await found('search=0003')).toBe('3');
      expect(await found('search=lamp!&deviceName=pump')).toBe('');
      expect(await found('groups=north,south')).toBe('12');
      expect(await found('groups=nor')).toBe('');
      expect(await found('groups=')).toBe('123');
      expect(await found('quarantined=false')).toBe('123');
      expect(await found('quarantined=true')).toBe('');
    });

    it('filters by firmware, mark and whether devices are connected', async () => {
      await addMember(A, { firmware_version: 3, firmware_product_id: product });
      await addMember(B, { firmware_version: 3, firmware_product_id: product + 1, development: 1 });
      await addMember(C, { firmware_version: 4 });
      // What is in quarantine runs no firmware of the product, and tells nothing of its mark.
      await addDevice(D, { firmware_version: 3, firmware_product_id: product, development: 1 });
      await quarantine(D);
      commands.online.add(A).add(D);
      const page = async (query: string) => {
        const { body } = await call('GET', `${url}?sortAttr=deviceId&${query}`);
        const { devices, meta } = body as { devices: { id: string }[]; meta: { total: number; total_pages: number } };
        return [devices.map(({ id }) => id.slice(-1)).join(''), meta.total];
      };
      expect(await page('firmwareVersion=3')).toEqual(['1', 1]);
      expect(await page('firmwareVersion=4')).toEqual(['3', 1]);
      expect(await page('firmwareVersion=none')).toEqual(['2', 1]);
      expect(await page('development=true')).toEqual(['2', 1]);
      expect(await page('development=false')).toEqual(['13', 2]);
      expect(await page('online=true')).toEqual(['14', 2]);
      expect(await page('online=false')).toEqual(['23', 2]);
      expect(await page('online=true&quarantined=false')).toEqual(['1', 1]);
      expect(await page('online=false&perPage=1&page=2&sortDir=desc')).toEqual(['2', 2]);
      expect(await page('online=false&perPage=1&page=3')).toEqual(['', 2]);
      expect(await call('GET', `${url}?firmwareVersion=new`)).toMatchObject({ status: 400 });
      expect(await call('GET', `${url}?online=perhaps`)).toMatchObject({ status: 400 });
    });

    it('sorts and pages', async () => {
      await addMember(A, { last_handshake_at: 10, firmware_version: 3 }, 'b');
      await addMember(B, { last_handshake_at: 30 }, 'C');
      await addMember(C, { last_handshake_at: 20, firmware_version: 9 }, 'a');
      expect(await ids()).toEqual([B, C, A]);
      expect(await ids('?sortAttr=lastConnection&sortDir=asc')).toEqual([A, C, B]);
      expect(await ids('?sortAttr=deviceName')).toEqual([C, A, B]);
      expect(await ids('?sortAttr=deviceName&sortDir=desc')).toEqual([B, A, C]);
      expect(await ids('?sortAttr=deviceId&sortDir=desc')).toEqual([C, B, A]);
      expect(await ids('?sortAttr=firmwareVersion')).toEqual([B, A, C]);
      expect(await ids('?perPage=2&page=2')).toEqual([A]);
      expect(await ids('?per_page=2&page=1')).toEqual([B, C]);
      expect(await ids('?page=1000000000&perPage=1000')).toEqual([]);
      expect(await call('GET', `${url}?per_page=2`)).toMatchObject({ body: { meta: { total_pages: 2, total: 3 } } });
      for (const query of ['page=0', 'page=-1', 'page=1.5', 'page=9e9', 'perPage=0', 'perPage=1001', 'sortAttr=x']) {
        expect(await call('GET', `${url}?${query}`)).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
      }
    });

    it('takes any text', async () => {
      await addMember(A);
      for (const part of ['%00', '%F0%9F%98%80', '%5C', 'a'.repeat(2000)]) {
        expect(await ids(`?deviceName=${part}&serialNumber=${part}`)).toEqual([]);
        expect(await ids(`?groups=${part}`)).toEqual([]);
        expect(await call('GET', `/v1/products/${product}/groups?name=${part}`)).toMatchObject({
          body: { groups: [] },
        });
        expect(await call('GET', `/v1/products/${product}/groups/x${part}`)).toMatchObject({ status: 404 });
        expect(await call('GET', `/v1/serial_numbers/x${part}`)).toMatchObject({ status: 404 });
        const line = `x${decodeURIComponent(part)}`;
        expect(await call('POST', url, { id: line })).toMatchObject({
          status: 200,
          body: { invalidDeviceIds: [line] },
        });
        expect(await call('GET', `${url}/x${part}`)).toEqual(NOT_MEMBER);
      }
      expect(await call('PUT', `${url}/${A}`, { notes: 'a\0b' })).toMatchObject({ status: 400 });
      expect(await call('POST', `/v1/products/${product}/groups`, { name: 'x', description: '\0' })).toMatchObject({
        status: 400,
      });
      expect(await call('POST', url, { id: A, claim_user: 'a\0b' })).toMatchObject({ status: 400 });
    });

    it('is for those who may see it', async () => {
      await addMember(A);
      const unknown = await call('GET', '/v1/products/65000/devices', undefined, bob);
      expect(unknown).toEqual(DENIED);
      expect(await call('GET', url, undefined, bob)).toEqual(DENIED);
      expect(await call('GET', url, undefined, { headers: { authorization: 'Bearer x' } })).toMatchObject({
        status: 401,
      });
      const carl = await addCustomer('c'.repeat(24), 'carl@example.org');
      expect(await call('GET', url, undefined, await tokenOf({ kind: 'customer', id: carl }))).toEqual(DENIED);
      expect(await ids('', await tokenOf({ kind: 'product', id: String(product) }))).toEqual([A]);
      await joinTeam(bob, 'View-only');
      expect(await ids('', bob)).toEqual([A]);
      for (const [method, path, body] of [
        ['PUT', `${url}/${A}`, { name: 'x' }],
        ['POST', url, { id: A }],
        ['DELETE', `${url}/${A}`, undefined],
        ['DELETE', `${url}/${A}/owner`, undefined],
        ['PUT', `${url}/${A}/ping`, undefined],
        ['POST', `${url}/${A}/led`, {}],
        ['GET', `${url}/${A}/temp`, undefined],
        ['PUT', url, { action: 'groups', devices: [A], metadata: {} }],
      ] as const) {
        expect(await call(method, path, body, bob), `${method} ${path}`).toMatchObject({
          status: 403,
          body: { error: 'permission_denied' },
        });
      }
    });
  });

  describe('a change', () => {
    it('takes several fields at once', async () => {
      await addMember(A);
      await addVersions(7);
      commands.online.add(A);
      const body = {
        name: ' pump ',
        notes: 'by the door',
        signal: '1',
        groups: ['north', 'beta', 'north'],
        development: true,
        desired_firmware_version: 7,
      };
      expect(await call('PUT', `${url}/${A}`, body)).toEqual({
        status: 200,
        body: {
          id: A,
          name: 'pump',
          notes: 'by the door',
          connected: true,
          signaling: true,
          groups: ['beta', 'north'],
          development: true,
          desired_firmware_version: 7,
          warning: expect.stringContaining('development'),
          updated_at: expect.any(String),
        },
      });
      await clock.settle();
      expect(changes).toEqual([{ deviceId: A, name: 'pump' }]);
      expect(await call('PUT', `${url}/${A}`, { desired_firmware_version: null })).toMatchObject({
        body: { id: A, desired_firmware_version: null },
      });
      expect(await call('PUT', `${url}/${A}`, { groups: [], firmware_updates_forced: true })).toMatchObject({
        body: { id: A, groups: [], firmware_updates_forced: true },
      });
      expect(await rowOf(A)).toMatchObject({
        name: 'pump',
        development: 1,
        desired_firmware_version: null,
        updates_forced: 1,
      });
    });

    it('takes forms, with a repeated field or a list', async () => {
      await addMember(A);
      await addVersions(12);
      const form = async (payload: string) => {
        const headers = { ...ann.headers, 'content-type': 'application/x-www-form-urlencoded' };
        return (await test.fastify.inject({ method: 'PUT', url: `${url}/${A}`, headers, payload })).json() as unknown;
      };
      expect(await form('groups=north&groups=beta')).toMatchObject({ groups: ['beta', 'north'] });
      expect(await form('groups[]=south')).toMatchObject({ groups: ['south'] });
      expect(await form('groups=a,b&development=false&desired_firmware_version=12')).toMatchObject({
        groups: ['a', 'b'],
        development: false,
        desired_firmware_version: 12,
      });
      expect(await form('desired_firmware_version=')).toMatchObject({ desired_firmware_version: null });
    });

    it('changes nothing unless all of it can be changed', async () => {
      await addMember(A);
      const refused = async (body: object, status = 400) =>
        expect(await call('PUT', `${url}/${A}`, { name: 'new', ...body })).toMatchObject({ status });
      await refused({ groups: ['North'] });
      await refused({ groups: ['a'.repeat(65)] });
      await refused({ groups: Array.from({ length: 501 }, (_, index) => `g${index}`) });
      await refused({ desired_firmware_version: 65_536 });
      await refused({ desired_firmware_version: -1 });
      await refused({ desired_firmware_version: 'x' });
      await refused({ development: 'maybe' });
      await refused({ desired_firmware_version: 3 });
      await refused({ flash: true });
      await refused({ flash: true, desired_firmware_version: null });
      await refused({ notes: 'x'.repeat(10_001) });
      await refused({ signal: 1, groups: ['ok'] }, 408);
      expect(await call('PUT', `${url}/${A}`, {})).toMatchObject({ status: 400 });
      expect(await call('GET', `${url}/${A}`)).toMatchObject({
        body: { name: 'name-01', groups: [], desired_firmware_version: null },
      });
      expect(await call('GET', `/v1/products/${product}/groups`)).toEqual({ status: 200, body: { groups: [] } });
    });

    it('is for members only: not for foreign, unknown and quarantined devices, nor by name', async () => {
      await addDevice(B, { owner_id: ann.id });
      await addDevice(C, { product_id: await addProduct('Other', ann.id) });
      await addDevice(D);
      await quarantine(D);
      await addMember(A);
      for (const id of [B, C, D, UNKNOWN, 'wat', 'name-01']) {
        expect(await call('PUT', `${url}/${id}`, { name: 'x' })).toEqual(NOT_MEMBER);
        expect(await call('PUT', `${url}/${id}/ping`)).toEqual(NOT_MEMBER);
        expect(await call('POST', `${url}/${id}/led`, { arg: '' })).toEqual(NOT_MEMBER);
        expect(await call('GET', `${url}/${id}/temp`)).toEqual(NOT_MEMBER);
        expect(await call('DELETE', `${url}/${id}/owner`)).toEqual(NOT_MEMBER);
        if (id !== D) expect(await call('GET', `${url}/${id}`)).toEqual(NOT_MEMBER);
      }
    });

    it('locks to versions that the product has, and unlocks', async () => {
      await addMember(A);
      await addVersions(7, 8);
      await changeVersion(store.db, { productId: product, version: 8 }, { archived_at: 1 });
      const told: TargetsChanged[] = [];
      bus.subscribe(firmwareTargets, (message) => told.push(message));
      const lock = (body: object) => call('PUT', `${url}/${A}`, body);
      expect(await lock({ desired_firmware_version: 6 })).toEqual(
        invalid('The product has no firmware version 6 to lock to: upload it first'),
      );
      expect(await lock({ desired_firmware_version: 8 })).toEqual(
        invalid('Firmware version 8 is archived: no device can be locked to it'),
      );
      clock.advance(10);
      expect(await lock({ desired_firmware_version: 7 })).toEqual({
        status: 200,
        body: { id: A, desired_firmware_version: 7, updated_at: expect.any(String) },
      });
      const locked = { desired_firmware_version: 7, flash_now: 0, retargeted_at: clock.now() };
      expect(await rowOf(A)).toMatchObject(locked);
      clock.advance(10);
      expect(await lock({ desired_firmware_version: 7 })).toMatchObject({ status: 200 });
      expect(await rowOf(A)).toMatchObject(locked);
      expect(await lock({ flash: true })).toMatchObject({ status: 200 });
      expect(await rowOf(A)).toMatchObject({ ...locked, flash_now: 1, retargeted_at: clock.now() });
      expect(await call('GET', `${url}/${A}`)).toMatchObject({
        body: { desired_firmware_version: 7, targeted_firmware_release_version: null },
      });
      clock.advance(10);
      expect(await lock({ desired_firmware_version: null })).toMatchObject({ status: 200 });
      expect(await rowOf(A)).toMatchObject({
        desired_firmware_version: null,
        flash_now: 0,
        retargeted_at: clock.now(),
      });
      await clock.settle();
      expect(told).toEqual(Array.from({ length: 3 }, () => ({ productId: product, deviceIds: [A] })));
    });

    it('notes when groups and the development mark change what a device gets', async () => {
      await addMember(A, { retargeted_at: 5 });
      await addMember(B, { retargeted_at: 5 });
      const told: TargetsChanged[] = [];
      bus.subscribe(firmwareTargets, (message) => told.push(message));
      const retargeted = async () => [(await rowOf(A)).retargeted_at, (await rowOf(B)).retargeted_at];
      await call('PUT', `${url}/${A}`, { groups: ['beta'] });
      const first = clock.now();
      clock.advance(10);
      await call('PUT', `${url}/${A}`, { groups: ['beta'] });
      const change = (metadata: object) => call('PUT', url, { action: 'groups', devices: [A, B], metadata });
      await change({ remove: ['gamma'] });
      expect(await retargeted()).toEqual([first, 5]);
      await change({ add: ['beta'] });
      expect(await retargeted()).toEqual([first, clock.now()]);
      await call('PUT', `${url}/${A}`, { development: true });
      expect(await retargeted()).toEqual([first, clock.now()]);
      clock.advance(10);
      await call('PUT', `${url}/${A}`, { development: false });
      await change({ remove: ['beta'] });
      expect(await retargeted()).toEqual([clock.now(), clock.now()]);
      await clock.settle();
      expect(told.map(({ deviceIds }) => deviceIds)).toEqual([[A], [B], [A], [A], [A, B]]);
    });

    it('shows what releases give a device beside what it is locked to', async () => {
      await addMember(A, { desired_firmware_version: 3 });
      await addMember(B, { development: 1 });
      await call('PUT', `${url}/${A}`, { groups: ['beta'] });
      const release = { product_id: product, immediate: 0, released_by: ann.id, released_at: 1 };
      await store.db
        .insertInto('firmware_releases')
        .values([
          { ...release, version: 7, group_name: '' },
          { ...release, version: 5, group_name: 'beta' },
        ])
        .execute();
      expect(await call('GET', `${url}/${A}`)).toMatchObject({
        body: { desired_firmware_version: 3, targeted_firmware_release_version: 5 },
      });
      expect(await call('GET', `${url}?sortAttr=deviceId`)).toMatchObject({
        body: { devices: [{ targeted_firmware_release_version: 5 }, { targeted_firmware_release_version: null }] },
      });
    });

    it('flashes files', async () => {
      await addMember(A);
      const headers = { ...ann.headers, 'content-type': 'multipart/form-data; boundary=x' };
      const payload = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\nno\r\n--x--\r\n';
      const flash = (id: string) => test.fastify.inject({ method: 'PUT', url: `${url}/${id}`, headers, payload });
      expect((await flash(A)).statusCode).toBe(408);
      expect((await flash(B)).json()).toEqual(NOT_MEMBER.body);
      commands.online.add(A);
      expect((await flash(A)).json()).toMatchObject({ ok: false, error: expect.stringContaining('') });
      expect((await flash(A)).statusCode).toBe(400);
    });
  });

  it('reads, calls and pings', async () => {
    await addMember(A, { functions: '["led"]', variables: '{"temp":"double"}' });
    expect(await call('PUT', `${url}/${A}/ping`)).toEqual({ status: 200, body: { online: false, ok: true } });
    expect(await call('POST', `${url}/${A}/led`, { arg: 'on' })).toMatchObject({ status: 408 });
    commands.online.add(A);
    commands.variables.set('temp', 21.5);
    commands.functions.set('led', (argument) => argument.length);
    expect(await call('PUT', `${url}/${A}/ping`)).toEqual({ status: 200, body: { online: true, ok: true } });
    expect(await call('GET', `${url}/${A}/temp`)).toEqual({
      status: 200,
      body: {
        name: 'temp',
        result: 21.5,
        coreInfo: { name: 'name-01', deviceID: A, connected: true, last_handshake_at: null },
      },
    });
    expect(await call('GET', `${url}/${A}/temp?format=raw`)).toEqual({ status: 200, body: '21.5' });
    expect(await call('POST', `${url}/${A.toUpperCase()}/led`, { args: 'on' })).toEqual({
      status: 200,
      body: { id: A, name: 'name-01', connected: true, return_value: 2 },
    });
    expect(await call('GET', `${url}/${A}/nope`)).toMatchObject({
      status: 404,
      body: { error: 'Unknown Variable: nope' },
    });
    const token = await tokenOf({ kind: 'product', id: String(product) }, 'devices.function:call');
    expect(await call('POST', `${url}/${A}/led`, { arg: 'x' }, token)).toMatchObject({ body: { return_value: 1 } });
    expect(await call('GET', `${url}/${A}/temp`, undefined, token)).toEqual(DENIED);
  });

  describe('groups of many devices', () => {
    const put = (body: unknown) => call('PUT', url, body);

    it('are changed for all or for none', async () => {
      await addMember(A);
      await addMember(B);
      await addDevice(C);
      await call('PUT', `${url}/${A}`, { groups: ['old', 'kept'] });
      const metadata = { add: ['new', 'beta'], remove: ['old', 'never'] };
      expect(await put({ action: 'groups', devices: [A, B.toUpperCase(), A], metadata })).toEqual(OK);
      expect(await call('GET', `${url}/${A}`)).toMatchObject({ body: { groups: ['beta', 'kept', 'new'] } });
      expect(await call('GET', `${url}/${B}`)).toMatchObject({ body: { groups: ['beta', 'new'] } });
      for (const foreign of [C, UNKNOWN, 'wat']) {
        expect(await put({ action: 'groups', devices: [A, foreign], metadata: { add: ['more'] } })).toEqual(NOT_MEMBER);
      }
      expect(await put({ action: 'groups', devices: [A], metadata: { add: ['x'], remove: ['x'] } })).toMatchObject({
        status: 400,
      });
      expect(await put({ action: 'groups', devices: [A], metadata: { add: ['X Y'] } })).toMatchObject({ status: 400 });
      const many = Array.from({ length: 51 }, (_, index) => `g${index}`);
      expect(await put({ action: 'groups', devices: [A], metadata: { add: many } })).toMatchObject({ status: 400 });
      expect(await put({ action: 'else', devices: [A], metadata: {} })).toMatchObject({ status: 400 });
      expect(await call('GET', `/v1/products/${product}/groups?name=E`)).toMatchObject({
        body: {
          groups: [{ name: 'beta' }, { name: 'kept' }, { name: 'new' }],
        },
      });
    });

    it('are for at most 10,000 devices', async () => {
      const devices = Array.from({ length: 10_001 }, () => A);
      expect(await put({ action: 'groups', devices, metadata: { add: ['x'] } })).toMatchObject({ status: 413 });
      await addMember(A);
      expect(await put({ action: 'groups', devices: devices.slice(1), metadata: { add: ['x'] } })).toEqual(OK);
    });
  });

  describe('import', () => {
    const nothing = {
      updated: 0,
      updatedDeviceIds: [],
      existingDeviceIds: [],
      nonmemberDeviceIds: [],
      invalidDeviceIds: [],
      protectedDeviceIds: [],
    };
    const importIds = (devices: readonly string[], more: object = {}, user: Caller = ann) =>
      call('POST', url, { ids: devices, ...more }, user);

    it('takes known devices, by id, serial number, IMEI or ICCID, and tells what became of each line', async () => {
      await addDevice(A);
      await addDevice(B, { serial_number: 'B40HAB012345678' });
      await addDevice(C, { imei: '352000000000001' });
      await addDevice(D, { iccid: '8933150000000000001' });
      const other = 'e00fce680000000000000005' as DeviceId;
      await addMember(other);
      const lines = [
        A.toUpperCase(),
        A,
        'b40hab012345678',
        '352000000000001',
        '8933150000000000001',
        other,
        UNKNOWN.toUpperCase(),
        'Wat',
        D,
      ];
      expect(await importIds(lines)).toEqual({
        status: 200,
        body: {
          ...nothing,
          updated: 4,
          updatedDeviceIds: expect.toSatisfy((found: string[]) => found.toSorted().join() === [A, B, C, D].join()),
          existingDeviceIds: [other],
          invalidDeviceIds: [UNKNOWN, 'wat'],
        },
      });
      await clock.settle();
      expect(
        changes
          .filter(({ productId }) => productId === product)
          .map(({ deviceId }) => deviceId)
          .toSorted(),
      ).toEqual([A, B, C, D]);
      expect(await rowOf(A)).toMatchObject({ product_id: product, owner_id: null, joined_product_at: clock.now() });
    });

    it('takes one id, and refuses none at all', async () => {
      await addDevice(A);
      expect(await call('POST', url, { id: A })).toMatchObject({
        status: 200,
        body: { updated: 1, updatedDeviceIds: [A] },
      });
      expect(await call('POST', url, { id: A })).toMatchObject({
        status: 200,
        body: { updated: 0, existingDeviceIds: [A] },
      });
      expect(await call('POST', url, {})).toEqual(invalid('No device was named: send id, ids or a file'));
    });

    it('refuses other hardware, unless the device never said what it is', async () => {
      await addDevice(A, { platform_id: 32 });
      await addDevice(B, { platform_id: 0, last_handshake_at: 1 });
      await addDevice(C, { platform_id: 0 });
      expect(await importIds([A, B, C])).toMatchObject({
        body: { updatedDeviceIds: [C], invalidDeviceIds: [A, B] },
      });
    });

    it('takes devices of the team and of customers, and refuses those of others (PRD-12)', async () => {
      const carl = await addCustomer('c'.repeat(24), 'carl@example.org');
      const other = await addCustomer('d'.repeat(24), 'carl@example.org', await addProduct('Other', bob.id));
      await addDevice(A, { owner_id: ann.id });
      await addDevice(B, { owner_id: carl });
      await addDevice(C, { owner_id: bob.id });
      await addDevice(D, { owner_id: other });
      expect(await importIds([A, B, C, D])).toMatchObject({
        body: { updated: 2, nonmemberDeviceIds: [C, D], invalidDeviceIds: [] },
      });
      expect(await rowOf(B)).toMatchObject({ owner_id: carl, product_id: product });
      await joinTeam(bob, 'Developer');
      expect(await importIds([C])).toMatchObject({ body: { updatedDeviceIds: [C] } });
    });

    it('moves a device out of a product only for those who may remove it there', async () => {
      const mine = await addProduct('Mine', ann.id);
      const foreign = await addProduct('Foreign', bob.id);
      await addDevice(A, { product_id: mine, development: 1, desired_firmware_version: 3, flash_now: 1 });
      await call('PUT', `/v1/products/${mine}/devices/${A}`, { groups: ['old'] });
      await addDevice(B, { product_id: foreign });
      expect(await importIds([A, B])).toMatchObject({ body: { updatedDeviceIds: [A], invalidDeviceIds: [B] } });
      expect(await rowOf(A)).toMatchObject({
        product_id: product,
        development: 0,
        desired_firmware_version: null,
        flash_now: 0,
        retargeted_at: clock.now(),
      });
      expect(await call('GET', `${url}/${A}`)).toMatchObject({ body: { groups: [] } });
      expect(await call('GET', `/v1/products/${mine}/groups/old`)).toMatchObject({
        body: { group: { device_count: 0 } },
      });
      await joinTeam(ann, 'Support', foreign);
      expect(await importIds([B])).toMatchObject({ body: { invalidDeviceIds: [B] } });
      expect(await importIds([B], {}, await tokenOf({ kind: 'product', id: String(product) }))).toMatchObject({
        body: { invalidDeviceIds: [B] },
      });
    });

    it('approves devices in quarantine, denied ones too', async () => {
      await addDevice(A, { firmware_product_id: product });
      await addDevice(B);
      await quarantine(A);
      await quarantine(B, 1);
      expect(await ids('?quarantined=true&sortAttr=deviceId')).toEqual([A, B]);
      expect(await importIds([A, B])).toMatchObject({ body: { updated: 2 } });
      expect(await ids('?quarantined=true')).toEqual([]);
      expect(await call('GET', `${url}/${B}`)).toMatchObject({
        body: { quarantined: false, denied: false, product_id: product },
      });
    });

    it('claims what nobody owns for somebody of the team', async () => {
      await joinTeam(bob, 'Developer');
      await addDevice(A);
      await addDevice(B, { owner_id: ann.id });
      await addMember(C);
      expect(await importIds([A, B, C], { claim_user: 'BOB@example.net' })).toMatchObject({
        body: { updated: 2, existingDeviceIds: [C] },
      });
      expect([(await rowOf(A)).owner_id, (await rowOf(B)).owner_id, (await rowOf(C)).owner_id]).toEqual([
        bob.id,
        ann.id,
        bob.id,
      ]);
      await clock.settle();
      expect(changes).toContainEqual({ deviceId: A, productId: product, ownerId: bob.id });
      const stranger = await test.addUser('eve@example.net');
      const text = 'claim_user must be the e-mail of somebody in the team of the product';
      for (const claim_user of [stranger.username, 'nobody@example.net', '']) {
        expect(await importIds([A], { claim_user })).toEqual(invalid(text));
      }
    });

    it('reads a text file, one device a line', async () => {
      await addDevice(A);
      await addDevice(B);
      expect(
        await upload(`\uFEFF${A}\r\n\r\n  ${B.toUpperCase()}\t\n${A}\n\nwat`, 'd.txt', {
          import_sims: 'true',
          claim_user: ann.username,
        }),
      ).toMatchObject({
        status: 200,
        body: { updated: 2, invalidDeviceIds: ['wat'] },
      });
      expect(await rowOf(A)).toMatchObject({ owner_id: ann.id });
    });

    it('refuses files of the wrong kind and size', async () => {
      const text = 'The file must be a text file with one device id a line';
      expect(await upload(A, 'a.zip')).toEqual(invalid(text));
      expect(await upload(A, 'a.BIN')).toEqual(invalid(text));
      expect(await upload(Buffer.from([0x89, 0x50, 0xff, 0xfe]))).toEqual(invalid(text));
      expect(await upload(`${A}\0`)).toEqual(invalid(text));
      expect(await upload('\r\n\r\n')).toEqual(invalid('No device was named: send id, ids or a file'));
      const lines = (count: number) => Array.from({ length: count }, (_, index) => `x${index}`).join('\n');
      expect(await upload(lines(10_001))).toEqual({
        status: 413,
        body: expect.objectContaining({ error: expect.stringContaining('At most 10,000 devices') }),
      });
      expect(await upload(lines(1_000_000))).toMatchObject({ status: 413 });
      expect((await upload(lines(10_000))).body).toMatchObject({ updated: 0 });
      const ids = Array.from({ length: 10_001 }, (_, index) => `x${index}`);
      expect(await importIds(ids)).toMatchObject({ status: 413 });
    });

    it('lets one of two products have a device that both import at once', async () => {
      await addDevice(A);
      const second = await addProduct('Second', ann.id);
      const results = await Promise.all([importIds([A]), call('POST', `/v1/products/${second}/devices`, { id: A })]);
      const winners = results.filter(({ body }) => (body as { updated: number }).updated === 1);
      const { product_id: winner } = await rowOf(A);
      expect(winners.length).toBeGreaterThan(0);
      expect([product, second]).toContain(winner);
    });
  });

  describe('leaving', () => {
    it('takes groups, lock and mark, and the owner when it is a customer', async () => {
      const carl = await addCustomer('c'.repeat(24), 'carl@example.org');
      await addMember(A, { owner_id: carl, development: 1, desired_firmware_version: 3 });
      await addMember(B, { owner_id: ann.id });
      await call('PUT', `${url}/${A}`, { groups: ['north'] });
      await call('PUT', `${url}/${B}`, { groups: ['north'] });
      expect(await call('DELETE', `${url}/${A.toUpperCase()}`)).toEqual(GONE);
      expect(await call('DELETE', `${url}/${B}`, {})).toEqual(GONE);
      expect(await call('DELETE', `${url}/${B}`)).toEqual(NOT_MEMBER);
      expect(await rowOf(A)).toMatchObject({
        product_id: null,
        owner_id: null,
        development: 0,
        desired_firmware_version: null,
      });
      expect(await rowOf(B)).toMatchObject({ product_id: null, owner_id: ann.id });
      expect(await call('GET', `/v1/products/${product}/groups/north`)).toMatchObject({
        body: { group: { device_count: 0 } },
      });
      await clock.settle();
      expect(changes).toEqual([
        { deviceId: A, productId: null, ownerId: null },
        { deviceId: B, productId: null },
      ]);
      for (const id of [UNKNOWN, 'wat']) expect(await call('DELETE', `${url}/${id}`)).toEqual(NOT_MEMBER);
    });

    it('denies devices in quarantine and members, and ends their sessions', async () => {
      await addDevice(A);
      await addMember(B);
      await addDevice(C);
      await quarantine(A);
      await quarantine(C);
      expect(await call('DELETE', `${url}/${A}`, { deny: true })).toEqual(GONE);
      expect(await call('DELETE', `${url}/${B}`, { deny: 'true' })).toEqual(GONE);
      expect(await call('DELETE', `${url}/${C}`, { deny: false })).toEqual(GONE);
      expect(commands.ended).toEqual([A, B]);
      const { body } = await call('GET', `${url}?sortAttr=deviceId`);
      expect(body).toMatchObject({
        devices: [
          { id: A, quarantined: true, denied: true },
          { id: B, quarantined: true, denied: true },
        ],
        meta: { total_pages: 1 },
      });
      const outsider = await call('DELETE', `${url}/${D}`, { deny: true });
      expect(outsider).toEqual(NOT_MEMBER);
    });

    it('tells nothing that the owner of a device in quarantine gave it', async () => {
      await addDevice(
        A,
        { owner_id: bob.id, notes: 'secret', last_ip: '198.51.100.1', functions: '["f"]', variables: '{}' },
        'bedroom',
      );
      await quarantine(A);
      expect(await call('GET', `${url}/${A}`)).toMatchObject({
        body: {
          name: 'device-000001',
          owner: null,
          notes: null,
          last_ip_address: null,
          functions: null,
          variables: null,
          product_id: 13,
          quarantined: true,
          denied: false,
        },
      });
      expect(await ids('?deviceName=bedroom')).toEqual([]);
      expect(await ids('?deviceName=device-0')).toEqual([A]);
      expect(await call('POST', url, { id: A })).toMatchObject({ body: { nonmemberDeviceIds: [A] } });
    });

    it('releases a device from its owner', async () => {
      await addMember(A, { owner_id: bob.id, claimed_at: 5 });
      expect(await call('DELETE', `${url}/${A}/owner`)).toEqual(OK);
      expect(await rowOf(A)).toMatchObject({ owner_id: null, claimed_at: null, product_id: product });
      await clock.settle();
      expect(changes).toEqual([{ deviceId: A, ownerId: null }]);
    });

    it('is for all devices when the product ends', async () => {
      await addMember(A, { owner_id: ann.id, development: 1 });
      await addDevice(B);
      await quarantine(B);
      await call('PUT', `${url}/${A}`, { groups: ['north'] });
      const announce = await store.db.transaction().execute((db) => endProductDevices(bus)(db, product));
      expect(await rowOf(A)).toMatchObject({ product_id: null, owner_id: ann.id, development: 0 });
      expect(await ids()).toEqual([]);
      expect(await call('GET', `/v1/products/${product}/groups`)).toEqual({ status: 200, body: { groups: [] } });
      announce();
      await clock.settle();
      expect(changes).toEqual([{ deviceId: A, productId: null }]);
    });
  });

  it('answers user routes for devices of products that the account may look at, with its own first (API-32)', async () => {
    await addMember(A, { owner_id: bob.id, serial_number: 'P046XYZ' });
    const reached = await call('GET', `/v1/devices/${A}`);
    expect(reached).toMatchObject({ status: 200, body: { id: A, owner: 'bob@example.net', product_id: product } });
    expect(await call('GET', `/v1/devices/${A}`, undefined, bob)).toEqual(reached);
    expect(await call('GET', '/v1/devices')).toEqual({ status: 200, body: [] });
    const eve = await test.addUser('eve@example.net');
    expect(await call('GET', `/v1/devices/${A}`, undefined, eve)).toMatchObject({ status: 403 });
    expect(await call('PUT', `/v1/devices/${A}`, { name: 'mine' })).toMatchObject({ status: 403 });
    const serial = {
      status: 200,
      body: { ok: true, deviceID: A, device_id: A, serial_number: 'P046XYZ', iccid: null, platform_id: 13 },
    };
    expect(await call('GET', '/v1/serial_numbers/p046xyz')).toEqual(serial);
    expect(await call('GET', '/v1/serial_numbers/P046XYZ', undefined, bob)).toEqual(serial);
    const unknown = await call('GET', '/v1/serial_numbers/P046AAA', undefined, eve);
    expect(unknown).toMatchObject({ status: 404, body: { ok: false } });
    expect(await call('GET', '/v1/serial_numbers/P046XYZ', undefined, eve)).toEqual(unknown);
    expect(await call('GET', `/v1/serial_numbers/${'x'.repeat(1000)}`)).toEqual(unknown);
    expect(await call('GET', `/v1/products/${product}/device_orders`)).toEqual({
      status: 200,
      body: { device_orders: [] },
    });
  });
});
