import { deflateRawSync } from 'node:zlib';
import { type DeviceId, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import {
  assetDependency,
  buildModule,
  combineModules,
  compressModule,
  ModuleFunction,
  type ModuleToBuild,
  readModule,
  sha256,
} from '@cloudchamber/wire';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { InProcessBus } from '../../bus/index.ts';
import { changeDevice, type DeviceChanges, insertDevice } from '../../domain/devices/device-store.ts';
import { firmwareTargets, type TargetsChanged } from '../../domain/devices/index.ts';
import { liveEvents } from '../../domain/events/index.ts';
import { FirmwareBlobs } from '../../domain/firmware/index.ts';
import { VersionsRan } from '../../domain/releases/index.ts';
import type { Store } from '../../store/index.ts';
import type { RolloutState } from '../../store/tables/fleets.ts';
import { type TestServer, type TestUser, testServer } from '../test-server.ts';
import { groupRouteModule } from './groups.ts';
import { productFirmwareRouteModule } from './product-firmware.ts';
import { productRouteModule } from './products.ts';

const PLATFORM = 13;
const id = (number: number) => `e00fce68${number.toString(16).padStart(16, '0')}` as DeviceId;
const DENIED = { status: 403, body: { error: 'permission_denied', error_description: 'Permission denied' } };
const GONE = { status: 204, body: undefined };
const refused = (status: number, error: string | RegExp) => {
  const text = typeof error === 'string' ? error : expect.stringMatching(error);
  return { status, body: { ok: false, error: text, error_description: text } };
};

describeStores('product firmware routes', (open) => {
  let store: Store;
  let clock: VirtualClock;
  let test: TestServer;
  let ran: VersionsRan;
  let ann: TestUser;
  let bob: TestUser;
  let product: number;
  let url: string;
  let events: string[];
  let targets: TargetsChanged[];

  beforeEach(async () => {
    clock = new VirtualClock();
    store = await open({ clock });
    const bus = new InProcessBus(silentLogger);
    events = [];
    targets = [];
    bus.subscribe(liveEvents, ({ productId, ownerId, deviceId, publisher, name, data }) =>
      events.push(`${productId} ${ownerId} ${deviceId} ${publisher} ${name} ${data && Buffer.from(data)}`),
    );
    bus.subscribe(firmwareTargets, (change) => targets.push(change));
    ran = new VersionsRan({ store, clock }, bus);
    const blobs = new FirmwareBlobs({ store, clock });
    const publicUrl = 'http://cloud.test';
    test = await testServer(store, {
      clock,
      bus,
      routes: (_ambient, accounts) => [
        productFirmwareRouteModule({ bus, blobs, publicUrl }),
        groupRouteModule({ bus, publicUrl }),
        productRouteModule({ accounts, bus }),
      ],
    });
    ann = await test.addUser('ann@example.net');
    bob = await test.addUser('bob@example.net');
    product = await addProduct('Greenhouse');
    url = `/v1/products/${product}/firmware`;
    for (const name of ['north', 'south']) await call('POST', `/v1/products/${product}/groups`, { name });
  });
  afterEach(async () => {
    ran.close();
    await test.fastify.close();
  });

  type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
  const call = async (method: Method, path: string, body?: object, user: Pick<TestUser, 'headers'> = ann) => {
    const payload = body as Record<string, unknown> | undefined;
    const reply = await test.fastify.inject({ method, url: path, headers: user.headers, ...(payload && { payload }) });
    return { status: reply.statusCode, body: reply.body === '' ? undefined : (reply.json() as unknown) };
  };
  const addProduct = async (name: string) => {
    const made = await call('POST', '/v1/user/products', { name, platform_id: PLATFORM });
    return (made.body as { product: { id: number } }).product.id;
  };
  const application = (version: number, more: Partial<ModuleToBuild> = {}) =>
    buildModule({
      function: ModuleFunction.USER_PART,
      version: 6,
      platformId: PLATFORM,
      content: Buffer.alloc(3000, `code ${version}`),
      product: { id: product, version },
      ...more,
    });
  interface Upload {
    readonly files: readonly Uint8Array[];
    readonly fields?: Readonly<Record<string, string>>;
    readonly user?: Pick<TestUser, 'headers'>;
    readonly fileName?: string;
  }
  const post = async ({ files, fields = {}, user = ann, fileName = 'firmware.bin' }: Upload) => {
    const parts: Uint8Array[] = Object.entries(fields).map(([name, value]) =>
      Buffer.from(`--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`),
    );
    files.forEach((content, at) => {
      const disposition = `form-data; name="part${at}"; filename="${fileName}"`;
      parts.push(
        Buffer.from(`--x\r\nContent-Disposition: ${disposition}\r\nContent-Type: application/octet-stream\r\n\r\n`),
        content,
        Buffer.from('\r\n'),
      );
    });
    const payload = Buffer.concat([...parts, Buffer.from('--x--\r\n')]);
    const headers = { ...user.headers, 'content-type': 'multipart/form-data; boundary=x' };
    const reply = await test.fastify.inject({ method: 'POST', url, headers, payload });
    return { status: reply.statusCode, body: reply.json() as unknown };
  };
  const upload = (version: number, more: Partial<Upload> = {}) =>
    post({ files: [application(version)], fields: { version: `${version}`, title: `Version ${version}` }, ...more });
  const addMember = async (number: number, more: DeviceChanges = {}, groups: readonly string[] = []) => {
    const device = { id: id(number), name: `d${number}`, platformId: PLATFORM, publicKey: null, ownerId: null, at: 0 };
    await insertDevice(store.db, device);
    await changeDevice(store.db, id(number), { product_id: product, ...more });
    for (const name of groups) {
      const member = { product_id: product, name, device_id: id(number) };
      await store.db.insertInto('device_group_members').values(member).execute();
    }
  };
  const running = (version: number): DeviceChanges => ({ firmware_product_id: product, firmware_version: version });
  /** Uploads versions, each of which a device has run. */
  const addTried = async (...versions: number[]) => {
    for (const version of versions) {
      expect(await upload(version)).toMatchObject({ status: 201 });
      await ran.note({ productId: product, version });
    }
  };
  const release = (version: unknown, more: object = { product_default: true }) =>
    call('PUT', `${url}/release`, { version, ...more });
  const addRollout = async (version: number, state: RolloutState, scope: object, steps: object[] = []) => {
    const rollout = `${'0'.repeat(16)}${String(version).padStart(8, '0')}`;
    const row = { id: rollout, product_id: product, version, state, scope: JSON.stringify(scope), step: 0 };
    const rest = { steps: JSON.stringify(steps), settings: '{}', created_by: 'ann', created_at: 1, updated_at: 1 };
    await store.db
      .insertInto('rollouts')
      .values({ ...row, ...rest })
      .execute();
    return rollout;
  };
  const stored = async () => (await call('GET', `${url}?archived=true`)).body as { version: number }[];

  it('are empty at first', async () => {
    expect(await call('GET', url)).toEqual({ status: 200, body: [] });
    expect(await call('GET', `${url}/1`)).toEqual(refused(404, 'The product has no firmware version 1'));
  });

  it('take a version, show it, change it, give its bytes back and delete it', async () => {
    const content = application(7);
    const fields = { version: '7', title: ' Valve timing ', description: 'slower', mandatory: 'true' };
    const at = new Date(clock.now()).toISOString();
    const made = {
      _id: expect.stringMatching(/^[0-9a-f]{24}$/),
      version: 7,
      title: 'Valve timing',
      description: 'slower',
      name: 'firmware.bin',
      size: content.length,
      product_default: false,
      current: false,
      groups: [],
      mandatory: true,
      device_count: 0,
      uploaded_on: at,
      uploaded_at: at,
      uploaded_by: { username: 'ann@example.net' },
      product_id: product,
      updated_at: at,
      archived: false,
      bundle: false,
      first_run_at: null,
      first_released_at: null,
    };
    expect(await post({ files: [content], fields })).toEqual({ status: 201, body: made });
    expect(events).toEqual([`${product} null null particle-internal particle/firmware/create {"version":"7"}`]);
    await upload(9);
    await upload(8);
    expect((await stored()).map(({ version }) => version)).toEqual([9, 8, 7]);
    expect(await call('GET', `${url}/7`)).toEqual({ status: 200, body: made });
    const file = await test.fastify.inject({ method: 'GET', url: `${url}/7/binary`, headers: ann.headers });
    expect(file.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="product-${product}-v7.bin"`,
      'content-length': String(content.length),
    });
    expect(file.rawPayload.equals(content)).toBe(true);

    clock.advance(1000);
    const later = new Date(clock.now()).toISOString();
    const changed = { ...made, title: 'Valves', description: '', mandatory: false, updated_at: later };
    expect(await call('PUT', `${url}/7`, { title: 'Valves', description: '', mandatory: 0 })).toEqual({
      status: 200,
      body: changed,
    });
    expect(await call('PUT', `${url}/7`, { title: 'Valves' })).toEqual({ status: 200, body: changed });
    expect(await call('PUT', `${url}/7`, { title: 'Version 8' })).toEqual(refused(409, /Version 8 has the title/));
    expect(await call('PUT', `${url}/7`, {})).toEqual(refused(400, /^Nothing to change/));
    expect(await call('PUT', `${url}/7`, { title: ' ' })).toEqual(refused(400, /^title is missing/));
    expect(await call('PUT', `${url}/6`, { title: 'x' })).toMatchObject({ status: 404 });
    expect(await call('DELETE', `${url}/7`)).toEqual(GONE);
    expect(await call('DELETE', `${url}/7`)).toEqual(refused(404, /no firmware version 7/));
    expect(await upload(7)).toMatchObject({ status: 201 });
  });

  it('tell versions that cannot be from those that are not there', async () => {
    for (const version of ['0', '65536', 'abc', '7.5', '-1', '1e3', '007', '%00']) {
      for (const [method, end] of [
        ['GET', ''],
        ['GET', '/binary'],
        ['DELETE', ''],
      ] as const) {
        expect([version, (await call(method, `${url}/${version}${end}`)).status]).toEqual([version, 404]);
      }
    }
  });

  it('know a bundle by its bytes, whatever it is called, and that its assets are right', async () => {
    const sound = Buffer.from('meow');
    const needs = [assetDependency({ name: 'cat.wav', hash: sha256(sound).toString('hex') })];
    const app = application(7, { extensions: needs });
    const zip = (files: Record<string, Uint8Array>) => ({ files: [zipSync(files)] });
    expect(await upload(7, zip({ 'app.bin': app }))).toEqual(refused(400, /lacks the asset cat\.wav/));
    expect(await upload(7, { files: [app] })).toEqual(refused(400, /lacks the asset cat\.wav/));
    const other = { 'app.bin': app, 'assets/cat.wav': Buffer.from('bark') };
    expect(await upload(7, zip(other))).toEqual(refused(400, /cat\.wav is not the one/));
    const more = { 'app.bin': app, 'assets/cat.wav': sound, 'assets/dog.wav': sound };
    expect(await upload(7, zip(more))).toEqual(refused(400, /dog\.wav is not the one/));
    const two = { 'app.bin': app, 'other.bin': app, 'assets/cat.wav': sound };
    expect(await upload(7, zip(two))).toEqual(refused(400, /exactly one \.bin/));
    const cut = zipSync({ 'app.bin': app, 'assets/cat.wav': sound }).subarray(0, -30);
    expect(await upload(7, { files: [cut] })).toEqual(refused(400, /no \.zip archive/));
    expect(await upload(7, { ...zip({ '../app.bin': app }) })).toMatchObject({ status: 400 });
    expect(await stored()).toEqual([]);

    const good = zipSync({ 'app.bin': app, 'assets/cat.wav': sound });
    expect(await upload(7, { files: [good] })).toMatchObject({
      status: 201,
      body: { version: 7, bundle: true, size: good.length, name: 'firmware.bin' },
    });
    const file = await test.fastify.inject({ method: 'GET', url: `${url}/7/binary`, headers: ann.headers });
    expect(file.headers['content-disposition']).toContain('.zip"');
    expect(file.rawPayload.equals(good)).toBe(true);
    expect(await upload(8, { files: [zipSync({ 'a.bin': application(8) })], fileName: '../../a.zip' })).toMatchObject({
      status: 201,
      body: { bundle: true, name: 'a.zip' },
    });
  });

  it('take compressed applications', async () => {
    const compressed = compressModule(readModule(application(7)), deflateRawSync).bytes;
    expect(await upload(7, { files: [compressed], fileName: 'blob' })).toMatchObject({
      status: 201,
      body: { version: 7, bundle: false, size: compressed.length, name: 'blob' },
    });
  });

  it('refuse files that are not firmware of this product in this version, and keep nothing of them', async () => {
    const good = application(7);
    const flipped = Buffer.from(good);
    flipped[1500] = (flipped[1500] ?? 0) ^ 1;
    const system = { function: ModuleFunction.SYSTEM_PART, version: 6200, platformId: PLATFORM };
    const systemPart = buildModule({ ...system, content: Buffer.alloc(100) });
    const parts = (...modules: Uint8Array[]) => combineModules(modules.map((module) => readModule(module)));
    const bare = application(7, { suffix: 'bare' });
    const files: readonly (readonly [Uint8Array[], RegExp])[] = [
      [[], /no file/],
      [[good, good], /one file/],
      [[good.subarray(0, 2000)], /no firmware module/],
      [[flipped], /CRC/],
      [[Buffer.from('int main() {}')], /no firmware module/],
      [[Buffer.alloc(0)], /no firmware module/],
      [[systemPart], /no application/],
      [[parts(systemPart, good)], /parts of Device OS beside/],
      [[parts(good, good)], /two applications/],
      [[application(7, { platformId: 12 })], /for platform 12, and the devices of Greenhouse are of platform 13/],
      [[bare], /no product id/],
      [[application(7, { product: { id: 0xffff, version: 7 } })], /no product id.*PRODUCT_ID/],
      [[application(7, { product: { id: product + 1, version: 7 } })], /compiled for product \d+, and Greenhouse is/],
      [[application(8)], /version is 7, and the firmware is compiled as version 8/],
      [[application(0xffff)], /no product version.*PRODUCT_VERSION\(7\)/],
    ];
    for (const [content, message] of files) expect(await upload(7, { files: content })).toEqual(refused(400, message));
    expect(await upload(7, { files: [Buffer.alloc(8 * 1024 * 1024 + 1)] })).toEqual(
      refused(413, 'A firmware file has at most 8 MiB'),
    );
    expect(await stored()).toEqual([]);
    expect(events).toEqual([]);
    expect(await store.db.selectFrom('firmware_blobs').select('hash').execute()).toEqual([]);
  });

  it('refuse fields that are missing or cannot be', async () => {
    const files = [application(7)];
    for (const version of ['7.5', '0', '65536', 'abc', '-7', '7e0', '99999999999']) {
      const text = 'version must be an integer from 1 to 65535';
      expect(await post({ files, fields: { version, title: 'x' } })).toEqual(refused(400, text));
    }
    expect(await post({ files, fields: { title: 'x' } })).toEqual(refused(400, /^version is missing/));
    expect(await post({ files, fields: { version: '7' } })).toEqual(refused(400, /^title is missing/));
    const long = { version: '7', title: 'x'.repeat(201) };
    expect(await post({ files, fields: long })).toEqual(refused(400, /^title has at most 200/));
    const wordy = { version: '7', title: 'x', description: 'x'.repeat(2001) };
    expect(await post({ files, fields: wordy })).toEqual(refused(400, /^description has at most 2000/));
    const odd = { version: '7', title: 'x', mandatory: 'perhaps' };
    expect(await post({ files, fields: odd })).toEqual(refused(400, /^mandatory/));
    expect(await call('POST', url, { version: 7, title: 'x' })).toEqual(refused(400, /multipart/));
    await upload(7);
    expect(await upload(7)).toEqual(refused(409, /^Version 7 was uploaded already/));
    const namesake = { files: [application(8)], fields: { version: '8', title: 'Version 7' } };
    expect(await post(namesake)).toEqual(refused(409, /^Version 7 has the title "Version 7" already/));
    expect(await upload(65_535)).toMatchObject({ status: 201 });
    expect((await stored()).map(({ version }) => version)).toEqual([65_535, 7]);
  });

  it('take one of two uploads of the same version', async () => {
    const both = await Promise.all([upload(7), upload(7)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect(await stored()).toHaveLength(1);
  });

  it('keep at most 2,000 versions', async () => {
    await upload(7);
    const row = await store.db.selectFrom('product_firmware').selectAll().executeTakeFirstOrThrow();
    const more = Array.from({ length: 1999 }, (_, at) => ({ ...row, version: 100 + at, title: `t${at}` }));
    for (let at = 0; at < more.length; at += 500) {
      await store.db
        .insertInto('product_firmware')
        .values(more.slice(at, at + 500))
        .execute();
    }
    expect(await upload(8)).toEqual(refused(409, /at most 2000 versions/));
    expect(await stored()).toHaveLength(2000);
  });

  it('hide what is archived, which can neither be released nor forgotten', async () => {
    await addTried(7);
    expect(await call('PUT', `${url}/7`, { archived: true })).toMatchObject({ status: 200, body: { archived: true } });
    expect(await call('GET', url)).toEqual({ status: 200, body: [] });
    expect(await stored()).toMatchObject([{ version: 7, archived: true }]);
    expect(await call('GET', `${url}/7`)).toMatchObject({ status: 200, body: { archived: true } });
    expect(await release(7)).toEqual(refused(409, /^Version 7 is archived/));
    expect(await call('PUT', `${url}/7`, { archived: 'false' })).toMatchObject({ body: { archived: false } });
    expect(await release(7)).toMatchObject({ status: 200 });
    expect(await call('PUT', `${url}/7`, { archived: true })).toEqual(refused(409, /released to the product default/));
    await release(7, { product_default: false });
    await addMember(1, { desired_firmware_version: 7 });
    expect(await call('PUT', `${url}/7`, { archived: true })).toEqual(refused(409, /locked to it: e00fce68/));
    await changeDevice(store.db, id(1), { desired_firmware_version: null });
    await addRollout(7, 'paused', { productDefault: true, groups: [] });
    expect(await call('PUT', `${url}/7`, { archived: true })).toEqual(refused(409, /rollout \d+ of it is paused/));
    expect(await stored()).toMatchObject([{ version: 7, archived: false }]);
  });

  it('delete only what never was in use', async () => {
    await addTried(5, 6, 7, 8);
    await release(5);
    await release(5, { product_default: false });
    expect(await call('DELETE', `${url}/5`)).toEqual(
      refused(409, 'Version 5 cannot be deleted: it was released before'),
    );
    await release(6, { groups: ['north', 'south'], product_default: true });
    expect(await call('DELETE', `${url}/6`)).toEqual(
      refused(409, /^Version 6 cannot be deleted: it is released to the product default, the group north/),
    );
    for (let number = 1; number <= 6; number++) await addMember(number, { desired_firmware_version: 7 });
    expect(await call('DELETE', `${url}/7`)).toEqual(refused(409, new RegExp(`locked to it: ${id(1)}.* and others$`)));
    const rollout = await addRollout(8, 'aborted', { productDefault: true, groups: [] });
    expect(await call('DELETE', `${url}/8`)).toEqual(refused(409, new RegExp(`rollout ${rollout} of it is aborted`)));
    expect(await stored()).toHaveLength(4);
  });

  it('count the devices of the product that run each version', async () => {
    await addMember(1, running(7));
    await addMember(2, running(7));
    await addMember(3, running(8));
    await addMember(4, { firmware_product_id: product + 1, firmware_version: 7 });
    await addMember(5, { ...running(7), product_id: null });
    await upload(7);
    await upload(9);
    expect(await stored()).toMatchObject([
      { version: 9, device_count: 0, first_run_at: null },
      { version: 7, device_count: 2, first_run_at: expect.any(String) },
    ]);
  });

  it('are taken as compilers for Device OS 4.0 and later make them, without a product', async () => {
    await addMember(1, { firmware_version: 7 });
    await addMember(2, { firmware_version: 7, firmware_product_id: product + 1 });
    await addMember(3, { firmware_version: null });
    const file = application(7, { product: { id: PLATFORM, version: 7 } });
    expect(await upload(7, { files: [file] })).toMatchObject({ status: 201, body: { version: 7, device_count: 1 } });
    expect(await release(7)).toMatchObject({ status: 200, body: { product_default: true } });
  });

  it('release a version only after a device of the product has run it', async () => {
    await upload(7);
    const never = refused(409, /^No device of the product has run version 7 yet: lock one device to it/);
    expect(await release(7)).toEqual(never);
    await ran.note({ productId: product + 1, version: 7 });
    await ran.note({ productId: product, version: 8 });
    expect(await release(7)).toEqual(never);
    expect(targets).toEqual([]);
    await ran.note({ productId: product, version: 7 });
    expect(await release(7)).toMatchObject({ status: 200, body: { product_default: true, current: true } });
    // What ran before it was deleted says nothing about the file that has the number now.
    await upload(8);
    await ran.note({ productId: product, version: 8 });
    expect(await call('DELETE', `${url}/8`)).toEqual(GONE);
    await upload(8);
    expect(await release(8)).toMatchObject({ status: 409 });
    await ran.note({ productId: product, version: 8 });
    expect(await release(8)).toMatchObject({ status: 200 });
  });

  it('release to exactly what is said, in place of what was released there, and take it back', async () => {
    await addTried(7, 8);
    events = [];
    clock.advance(1000);
    const at = new Date(clock.now()).toISOString();
    expect(await release(7, { product_default: true, groups: ['south', 'north', 'north'] })).toMatchObject({
      status: 200,
      body: { version: 7, product_default: true, groups: ['north', 'south'], updated_at: at, first_released_at: at },
    });
    expect(events).toEqual([
      `${product} null null particle-internal particle/firmware/release {"immediate":false,"version":7}`,
    ]);
    expect(targets).toEqual([{ productId: product }]);
    expect(await release(7, {})).toMatchObject({ body: { product_default: true, groups: [] } });
    await release(7, { product_default: true, groups: ['south', 'north'] });
    expect(await release(8, { groups: 'north', intelligent: 'true' })).toMatchObject({
      body: { product_default: false, groups: ['north'] },
    });
    expect(events.at(-1)).toContain('{"immediate":true,"version":8}');
    expect(await stored()).toMatchObject([
      { version: 8, product_default: false, groups: ['north'] },
      { version: 7, product_default: true, groups: ['south'] },
    ]);
    const groups = `/v1/products/${product}/groups`;
    expect(await call('GET', groups)).toMatchObject({
      body: {
        groups: [
          { name: 'north', fw_version: 8 },
          { name: 'south', fw_version: 7 },
        ],
      },
    });
    expect(await call('GET', `${groups}/north`)).toMatchObject({ body: { group: { fw_version: 8 } } });
    const told = events.length;
    expect(await release(7, { product_default: false, groups: [] })).toMatchObject({
      status: 200,
      body: { product_default: false, groups: [] },
    });
    expect(events).toHaveLength(told);
    expect(targets).toHaveLength(5);
    expect(await stored()).toMatchObject([{ groups: ['north'] }, { groups: [], first_released_at: at }]);
    expect(await call('GET', `${groups}/south`)).toMatchObject({ body: { group: { fw_version: null } } });
  });

  it('refuse a release that cannot be, and change nothing', async () => {
    await addTried(7);
    await release(7, { groups: ['north'] });
    targets = [];
    const before = await stored();
    expect(await release(7, { groups: ['north', 'nowhere', 'south'] })).toEqual(
      refused(404, 'The product has no group nowhere: nothing was released'),
    );
    expect(await release(9)).toEqual(refused(404, 'The product has no firmware version 9'));
    expect(await release(9, { product_default: false })).toMatchObject({ status: 404 });
    for (const version of [0, 65_536]) expect(await release(version)).toEqual(refused(400, /1 to 65535/));
    for (const version of [7.5, 'abc', null, undefined, [7]])
      expect(await release(version)).toMatchObject({ status: 400 });
    const many = Array.from({ length: 501 }, (_, at) => `g${at}`);
    expect(await release(7, { groups: many })).toMatchObject({ status: 400 });
    expect(await stored()).toEqual(before);
    expect(targets).toEqual([]);
  });

  it('let one of two releases at once stand whole', async () => {
    await addTried(7, 8);
    const wide = { product_default: true, groups: ['north', 'south'] };
    for (let round = 0; round < 5; round++) {
      await Promise.all([release(7, wide), release(8, wide)]);
      const groups = (await stored()).map((version) => [version.version, (version as { groups?: unknown }).groups]);
      expect([
        [8, []],
        [7, []],
      ]).toContainEqual(groups.find(([, names]) => Array.isArray(names) && names.length === 0));
      expect(groups.filter(([, names]) => Array.isArray(names) && names.length === 2)).toHaveLength(1);
    }
  });

  it('leave alone what a rollout under way is for', async () => {
    await addTried(7, 8);
    await release(7, { groups: ['north'], product_default: true });
    const rollout = await addRollout(8, 'running', { productDefault: false, groups: ['north'] });
    const busy = refused(409, new RegExp(`^Rollout ${rollout} of version 8 to the same devices is running`));
    expect(await release(8, { groups: ['north'] })).toEqual(busy);
    expect(await release(7, { product_default: false })).toEqual(busy);
    expect(await release(8, { groups: ['south'] })).toMatchObject({ status: 200 });
    for (const state of ['waiting', 'paused'] as const) {
      await store.db.updateTable('rollouts').set({ state }).execute();
      expect(await release(8, { groups: ['north'] })).toMatchObject({ status: 409 });
    }
    for (const state of ['halted', 'aborted', 'rolled_back', 'completed'] as const) {
      await store.db.updateTable('rollouts').set({ state }).execute();
      expect(await release(8, { groups: ['north'] })).toMatchObject({ status: 200 });
    }
  });

  it('say since when, again only for what is new, at once, or after a rollout', async () => {
    await addTried(7, 8);
    const since = async () => {
      const rows = await store.db.selectFrom('firmware_releases').selectAll().orderBy('group_name').execute();
      return Object.fromEntries(rows.map((row) => [row.group_name || 'default', row.released_at]));
    };
    const first = clock.now();
    await release(7, { groups: ['north'] });
    clock.advance(1000);
    const second = clock.now();
    await release(7, { groups: ['north'], product_default: true });
    expect(await since()).toEqual({ north: first, default: second });
    clock.advance(1000);
    const third = clock.now();
    await release(7, { groups: ['north'], product_default: true, intelligent: true });
    expect(await since()).toEqual({ north: third, default: third });
    clock.advance(1000);
    await addRollout(8, 'aborted', { productDefault: true, groups: [] });
    await store.db.updateTable('rollouts').set({ updated_at: clock.now() }).execute();
    clock.advance(1000);
    await release(7, { groups: ['north'] });
    expect(await since()).toEqual({ north: clock.now() });
  });

  it('follow groups that are renamed or deleted', async () => {
    await addTried(7);
    await addMember(1, {}, ['north', 'south']);
    await addMember(2, {}, ['south']);
    await release(7, { groups: ['north'] });
    const ended = await addRollout(7, 'aborted', { productDefault: true, groups: ['south', 'north'] });
    const groups = `/v1/products/${product}/groups`;
    expect(await call('PUT', `${groups}/north`, { name: 'northern' })).toMatchObject({
      status: 200,
      body: { group: { name: 'northern', fw_version: 7, device_count: 1 } },
    });
    expect(await call('GET', `${url}/7`)).toMatchObject({ body: { groups: ['northern'] } });
    const rollout = await store.db.selectFrom('rollouts').select('scope').where('id', '=', ended).executeTakeFirst();
    expect(JSON.parse(rollout?.scope ?? '')).toEqual({ productDefault: true, groups: ['south', 'northern'] });
    targets = [];
    clock.advance(1000);
    expect(await call('DELETE', `${groups}/northern`)).toEqual(GONE);
    expect(await call('GET', `${url}/7`)).toMatchObject({ body: { groups: [] } });
    expect(targets).toEqual([{ productId: product }]);
    const devices = await store.db.selectFrom('devices').select(['id', 'retargeted_at']).orderBy('id').execute();
    expect(devices).toEqual([
      { id: id(1), retargeted_at: clock.now() },
      { id: id(2), retargeted_at: 0 },
    ]);
    await call('POST', groups, { name: 'northern' });
    expect(await call('GET', `${groups}/northern`)).toMatchObject({ body: { group: { fw_version: null } } });

    const [busy] = [await addRollout(9, 'halted', { productDefault: true, groups: [] }, [{ groups: ['south'] }])];
    const inRollout = refused(
      409,
      new RegExp(`^The group south is part of rollout ${busy} of version 9, which is halted`),
    );
    expect(await call('PUT', `${groups}/south`, { name: 'x' })).toEqual(inRollout);
    expect(await call('DELETE', `${groups}/south`)).toEqual(inRollout);
    expect(await call('PUT', `${groups}/south`, { color: '#000000' })).toMatchObject({ status: 200 });
  });

  it('count the devices that a release would update', async () => {
    await addTried(7, 8);
    const impact = async (query: string) => (await call('GET', `/v1/products/${product}/impact?${query}`)).body;
    const would = (total: number, ...by_version: unknown[]) => ({
      devices: { firmware_update: { total, by_version } },
    });
    const ask = 'action=edit_groups_for_firmware&firmware_version=8';
    expect(await impact(`${ask}&product_default=true`)).toEqual(would(0));
    await addMember(1, running(7));
    await addMember(2, running(8));
    await addMember(3, {});
    await addMember(4, running(7), ['north']);
    await addMember(5, { ...running(7), desired_firmware_version: 7 });
    await addMember(6, { ...running(7), development: 1 });
    await addMember(7, { ...running(6), product_id: null });
    expect(await impact(`${ask}&product_default=true`)).toEqual(
      would(3, { version: null, total: 1 }, { version: 7, total: 2 }),
    );
    expect(await impact(`${ask}&groups=north`)).toEqual(would(1, { version: 7, total: 1 }));
    expect(await impact(ask)).toEqual(would(0));
    await release(7, { groups: ['north'] });
    expect(await impact(`${ask}&product_default=1`)).toEqual(
      would(2, { version: null, total: 1 }, { version: 7, total: 1 }),
    );
    await release(8);
    expect(await impact(`${ask}&product_default=true`)).toEqual(would(0));
    const place = `/v1/products/${product}/impact`;
    expect(await call('GET', `${place}?firmware_version=9`)).toEqual(refused(404, /no firmware version 9/));
    expect(await call('GET', `${place}?firmware_version=8&groups=x`)).toEqual(refused(404, /no group x/));
    expect(await call('GET', `${place}?firmware_version=0`)).toEqual(refused(400, /1 to 65535/));
    expect(await call('GET', place)).toEqual(refused(400, /version is missing/));
    expect(await call('GET', `${place}?firmware_version=8&action=else`)).toMatchObject({ status: 400 });
  });

  it('count devices page by page', async () => {
    await addTried(7);
    for (let number = 1; number <= 501; number++) await addMember(number, running(6));
    expect(await call('GET', `/v1/products/${product}/impact?firmware_version=7&product_default=true`)).toMatchObject({
      body: { devices: { firmware_update: { total: 501, by_version: [{ version: 6, total: 501 }] } } },
    });
  });

  it('are for members by their roles, and of one product each', async () => {
    await addTried(7);
    const other = await addProduct('Orchard');
    expect(await call('GET', `/v1/products/${other}/firmware`)).toEqual({ status: 200, body: [] });
    expect(await call('GET', `/v1/products/${other}/firmware/7`)).toMatchObject({ status: 404 });
    const all = [
      ['GET', ''],
      ['GET', '/7'],
      ['GET', '/7/binary'],
      ['PUT', '/7', { title: 'x' }],
      ['PUT', '/release', { version: 7, product_default: true }],
      ['DELETE', '/7'],
    ] as const;
    for (const [method, end, body] of all) expect(await call(method, `${url}${end}`, body, bob)).toEqual(DENIED);
    expect(await upload(8, { user: bob })).toEqual(DENIED);
    const member = { team_kind: 'product' as const, team_id: String(product), user_id: bob.id };
    const rest = { role: 'View-only' as const, state: 'accepted' as const, created_at: 1 };
    await store.db
      .insertInto('team_members')
      .values({ ...member, ...rest, invited_by: ann.id })
      .execute();
    const seen = [200, 200, 403, 403, 403, 403];
    for (const [at, [method, end, body]] of all.entries()) {
      expect([end, (await call(method, `${url}${end}`, body, bob)).status]).toEqual([end, seen[at]]);
    }
    expect((await upload(8, { user: bob })).status).toBe(403);
    expect(await stored()).toMatchObject([{ version: 7, title: 'Version 7', product_default: false }]);
  });

  it('end with their product', async () => {
    await addTried(7);
    await release(7);
    const rollout = await addRollout(7, 'running', { productDefault: true, groups: [] });
    const device = { rollout_id: rollout, device_id: id(1), state: 'offered' as const, step: 0, failures: 0 };
    await store.db
      .insertInto('rollout_devices')
      .values({ ...device, offered_at: 1, message: null, from_version: null, ended_at: null })
      .execute();
    const entry = { rollout_id: rollout, kind: 'created', actor: 'ann', detail: '{}', sequence: 1, at: 1 };
    await store.db.insertInto('rollout_timeline').values(entry).execute();
    expect(await call('DELETE', `/v1/products/${product}`)).toMatchObject({ status: 204 });
    for (const table of [
      'product_firmware',
      'firmware_releases',
      'rollouts',
      'rollout_devices',
      'rollout_timeline',
    ] as const) {
      expect([table, await store.db.selectFrom(table).selectAll().execute()]).toEqual([table, []]);
    }
  });
});
