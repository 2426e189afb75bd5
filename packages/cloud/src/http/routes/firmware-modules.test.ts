import type { DeviceId } from '@cloudchamber/kernel';
import { silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import {
  buildModule,
  combineModules,
  ModuleFunction,
  ModuleStore,
  type ModuleToBuild,
  ModuleValidity,
  readModule,
  type SystemDescribe,
  sha256,
} from '@cloudchamber/wire';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MULTIPART, multipart } from '../../../test/http/multipart.ts';
import { InProcessBus } from '../../bus/index.ts';
import { FakeDeviceCommands } from '../../domain/devices/fake-device-commands.ts';
import { FirmwareBlobs, UpdateJournal } from '../../domain/firmware/index.ts';
import type { Store } from '../../store/index.ts';
import { type TestServer, type TestUser, testServer } from '../test-server.ts';
import { deviceRouteModule } from './devices.ts';
import { firmwareModuleRouteModule } from './firmware-modules.ts';
import { productDeviceRouteModule } from './product-devices.ts';
import { addDevice } from './test-products.ts';

const OWN = 'e00fce68a1b2c3d4e5f60718' as DeviceId;
const MEMBER = 'e00fce68a1b2c3d4e5f60719' as DeviceId;
const { BOOTLOADER, SYSTEM_PART, USER_PART, NCP_FIRMWARE, MONOLITHIC } = ModuleFunction;

const build = (kind: number, version: number, more: Partial<ModuleToBuild> = {}): Buffer =>
  buildModule({
    function: kind,
    index: kind === BOOTLOADER ? 0 : 1,
    version,
    platformId: 32,
    content: Buffer.alloc(200, `${kind} ${version}`),
    ...more,
  });
const needs = (kind: number, index: number, version: number) => ({ function: kind, index, version });

const bootloader = build(BOOTLOADER, 2300);
const system = build(SYSTEM_PART, 6200, { dependencies: [needs(BOOTLOADER, 0, 2300)] });
const application = build(USER_PART, 7, { dependencies: [needs(SYSTEM_PART, 1, 6200)] });

describeStores('the library of modules', (open) => {
  let store: Store;
  let test: TestServer;
  let commands: FakeDeviceCommands;
  let updates: UpdateJournal;
  let operator: TestUser;
  let ann: TestUser;
  let bob: TestUser;

  beforeEach(async () => {
    const clock = new VirtualClock();
    store = await open({ clock });
    const bus = new InProcessBus(silentLogger);
    commands = new FakeDeviceCommands();
    const blobs = new FirmwareBlobs({ store, clock });
    updates = await UpdateJournal.open({ store, bus, commands, clock, log: silentLogger, blobs });
    test = await testServer(store, {
      clock,
      bus,
      routes: (_ambient, accounts) => {
        const parts = { accounts, bus, commands, updates, blobs, publicUrl: 'http://cloud.test' };
        return [deviceRouteModule(parts), productDeviceRouteModule(parts), firmwareModuleRouteModule(parts)];
      },
    });
    operator = await test.addUser('op@example.net', { operator: true });
    ann = await test.addUser('ann@example.net');
    bob = await test.addUser('bob@example.net');
    await store.db
      .insertInto('products')
      .values({
        id: 1042,
        name: 'Greenhouse',
        slug: 'greenhouse',
        name_key: 'greenhouse',
        description: '',
        platform_id: 32,
        owner_kind: 'user',
        owner_id: ann.id,
        settings: '{}',
        created_at: 1,
        updated_at: 1,
      })
      .execute();
    const member = { team_kind: 'product' as const, team_id: '1042', user_id: bob.id, role: 'Developer' };
    await store.db
      .insertInto('team_members')
      .values({ ...member, state: 'accepted', invited_by: null, created_at: 0, accepted_at: 0 })
      .execute();
    await addDevice(store, OWN, ann.id);
    await change(OWN, { product_id: null });
    await addDevice(store, MEMBER, ann.id);
    for (const id of [OWN, MEMBER]) commands.online.add(id);
  });
  afterEach(() => test.fastify.close());

  const change = (id: DeviceId, changes: { product_id?: null; development?: number; system_describe?: string }) =>
    store.db.updateTable('devices').set(changes).where('id', '=', id).execute();
  const describes = (id: DeviceId, ...versions: readonly [kind: number, version: number][]) => {
    const flags = { checkedFlags: ModuleValidity.INTEGRITY, passedFlags: ModuleValidity.INTEGRITY };
    const rest = { store: ModuleStore.MAIN, maxSize: 0, size: 0, dependencies: [], assetDependencies: [], ...flags };
    const modules = versions.map(([kind, version]) => ({
      ...needs(kind, kind === BOOTLOADER ? 0 : 1, version),
      ...rest,
    }));
    const describe: SystemDescribe = { modules, assets: [], protectedState: false };
    return change(id, { system_describe: JSON.stringify(describe) });
  };
  const send = async (files: readonly Uint8Array[], name?: string, filename = 'part.bin', user = operator) => {
    const parts = files.map((content, at) => ({ name: `file${at}`, filename, content }));
    const reply = await test.fastify.inject({
      method: 'POST',
      url: '/v1/firmware-modules',
      headers: { ...user.headers, ...MULTIPART },
      payload: multipart(parts, name === undefined ? {} : { name }),
    });
    return { status: reply.statusCode, body: reply.json() };
  };
  const call = async (method: 'GET' | 'PUT' | 'DELETE', url: string, payload?: object, user = operator) => {
    const reply = await test.fastify.inject({ method, url, headers: user.headers, ...(payload && { payload }) });
    return { status: reply.statusCode, body: reply.json() };
  };
  const list = async (query = '') => (await call('GET', `/v1/firmware-modules${query}`)).body.modules;
  const flash = async (content: Uint8Array, url = `/v1/devices/${OWN}`, user = ann) => {
    const reply = await test.fastify.inject({
      method: 'PUT',
      url,
      headers: { ...user.headers, ...MULTIPART },
      payload: multipart([{ name: 'file', filename: 'firmware.bin', content }]),
    });
    return { status: reply.statusCode, body: reply.json() };
  };
  const sentTo = (id: DeviceId) => commands.updates.get(id)?.images.map(({ data }) => Buffer.from(data));
  const refused = (text: RegExp) => ({ status: 400, body: { error_description: expect.stringMatching(text) } });

  it('takes a combined file apart, shows its modules, gives them back and deletes them', async () => {
    const combined = combineModules([readModule(bootloader), readModule(system)]);
    const { status, body } = await send([combined]);
    expect([status, body.ok]).toEqual([201, true]);
    expect(body.modules).toMatchObject([
      { name: null, platform_id: 32, function: 'bootloader', index: 0, version: 2300, dependencies: [] },
      { function: 'system_part', version: 6200, dependencies: [{ function: 'bootloader', index: 0, version: 2300 }] },
    ]);
    expect(body.modules[1]).toMatchObject({ size: system.length, sha256: sha256(system).toString('hex') });
    expect(await list()).toEqual(body.modules);
    expect(await list('?platform_id=6')).toEqual([]);
    const [{ id }] = body.modules;
    expect(await call('GET', `/v1/firmware-modules/${id}`)).toEqual({ status: 200, body: body.modules[0] });
    const file = await test.fastify.inject({ url: `/v1/firmware-modules/${id}/binary`, headers: operator.headers });
    expect(file.rawPayload).toEqual(bootloader);
    expect(file.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename="platform32-bootloader0-2300.bin"',
    });
    expect(await call('DELETE', `/v1/firmware-modules/${id}`)).toEqual({ status: 200, body: { ok: true } });
    for (const method of ['GET', 'DELETE'] as const) {
      expect((await call(method, `/v1/firmware-modules/${id}`)).status).toBe(404);
    }
    expect((await call('GET', `/v1/firmware-modules/${id}/binary`)).status).toBe(404);
    expect(await list()).toHaveLength(1);
  });

  it('takes the same module twice, and no other in its place', async () => {
    const first = await send([system]);
    expect(await send([system])).toEqual(first);
    const other = build(SYSTEM_PART, 6200, { content: Buffer.alloc(300) });
    const taken = await send([bootloader, other]);
    expect(taken).toMatchObject({
      status: 409,
      body: { error_description: expect.stringMatching(/system part 1 version 6200.*delete/) },
    });
    expect(await list()).toHaveLength(1);
    expect(await send([application], 'tinker')).toMatchObject({ status: 201, body: { modules: [{ name: 'tinker' }] } });
    expect(await send([build(USER_PART, 8)], 'tinker')).toMatchObject({
      status: 409,
      body: { error_description: expect.stringMatching(/application tinker/) },
    });
    expect((await send([build(USER_PART, 8, { platformId: 12 })], 'tinker')).status).toBe(201);
  });

  it('refuses what it has no use for, and keeps nothing of it', async () => {
    const damaged = system.map((byte, at) => (at === 60 ? byte ^ 4 : byte));
    expect(await send([damaged])).toMatchObject(refused(/^part.bin: the CRC/));
    expect(await send([bootloader, system.subarray(0, 100)])).toMatchObject(refused(/^part.bin: /));
    expect(await send([])).toMatchObject(refused(/no file/));
    expect(await send([application])).toMatchObject(refused(/send its name/));
    expect(await send([system], 'tinker')).toMatchObject(refused(/there is none/));
    expect(await send([application, build(USER_PART, 8)], 'x')).toMatchObject(refused(/two applications/));
    expect(await send([application], 'No Way')).toMatchObject(refused(/^name: /));
    expect(await send([build(MONOLITHIC, 1)])).toMatchObject(refused(/takes no monolithic/));
    expect(await send([zipSync({ 'a.bin': application, 'assets/a': Buffer.from('a') })], 'x')).toMatchObject(
      refused(/no bundles/),
    );
    expect((await send([Buffer.alloc(9 * 1024 * 1024)])).status).toBe(413);
    expect(await send([system], undefined, 'part.bin', ann)).toMatchObject({
      status: 403,
      body: { error: 'operator_only' },
    });
    const noBody = await test.fastify.inject({
      method: 'POST',
      url: '/v1/firmware-modules',
      headers: operator.headers,
    });
    expect(noBody.statusCode).toBe(400);
    expect(await list()).toEqual([]);
  });

  it('is full at 2,000 modules', async () => {
    const row = { name: '', hash: 'h', uploaded_by: 'u', dependencies: '[]', platform_id: 1, function: 4, size: 1 };
    const rows = Array.from({ length: 1999 }, (_, version) => ({
      ...row,
      id: String(version),
      module_index: 1,
      version,
      uploaded_at: 0,
    }));
    for (let at = 0; at < rows.length; at += 500) {
      await store.db
        .insertInto('firmware_modules')
        .values(rows.slice(at, at + 500))
        .execute();
    }
    const full = await send([bootloader, system]);
    expect(full).toMatchObject({ status: 409, body: { error_description: expect.stringMatching(/2000 modules/) } });
    expect((await send([bootloader])).status).toBe(201);
    expect((await send([bootloader])).status).toBe(201);
    expect((await send([system])).status).toBe(409);
  });

  it('sends first what a device lacks for an application', async () => {
    await send([bootloader, system]);
    await describes(OWN, [SYSTEM_PART, 5000], [BOOTLOADER, 1000]);
    const { status, body } = await flash(application);
    expect([status, body.warning]).toEqual([200, undefined]);
    expect(sentTo(OWN)).toEqual([bootloader, system, application]);
  });

  it('asks a device that never described itself what it has', async () => {
    await send([bootloader, system]);
    commands.describe = async (id) => {
      await describes(id, [SYSTEM_PART, 5000], [BOOTLOADER, 2300]);
    };
    expect((await flash(application)).status).toBe(200);
    expect(sentTo(OWN)).toEqual([system, application]);
  });

  it('sends nothing that a device has in a newer version', async () => {
    await send([bootloader, system]);
    await describes(OWN, [SYSTEM_PART, 6300], [BOOTLOADER, 1]);
    expect((await flash(application)).body).not.toHaveProperty('warning');
    expect(sentTo(OWN)).toEqual([application]);
  });

  it('says what is missing, and sends the application all the same', async () => {
    await send([system]);
    await describes(OWN, [SYSTEM_PART, 5000], [BOOTLOADER, 1000]);
    const { status, body } = await flash(application);
    expect([status, body.warning]).toEqual([200, expect.stringMatching(/lacks.*bootloader 0 version 2300 or later/)]);
    expect(sentTo(OWN)).toEqual([application]);
  });

  it('does not look for what comes in the same request', async () => {
    await describes(OWN, [SYSTEM_PART, 5000], [BOOTLOADER, 2300]);
    const reply = await test.fastify.inject({
      method: 'PUT',
      url: `/v1/devices/${OWN}`,
      headers: { ...ann.headers, ...MULTIPART },
      payload: multipart(
        [application, system].map((content, at) => ({ name: `file${at}`, filename: `${at}.bin`, content })),
      ),
    });
    expect([reply.statusCode, reply.json().warning]).toEqual([200, undefined]);
    expect(sentTo(OWN)).toEqual([system, application]);
  });

  it('flashes an application by its name, to own devices and those of a product', async () => {
    const plain = build(USER_PART, 9);
    await send([plain], 'tinker');
    await send([build(USER_PART, 3, { platformId: 12 })], 'blinky');
    const { status, body } = await call('PUT', `/v1/devices/${OWN}`, { app: 'Tinker' }, ann);
    expect({ status, body }).toEqual({
      status: 200,
      body: { ok: true, id: OWN, status: 'Update started', message: 'Update started', update_id: expect.any(String) },
    });
    expect(sentTo(OWN)).toEqual([plain]);
    const row = await store.db.selectFrom('firmware_updates').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({ id: body.update_id, reason: 'known_app', requested_by: ann.id });
    const member = `/v1/products/1042/devices/${MEMBER}`;
    expect((await call('PUT', member, { app: 'tinker' }, bob)).status).toBe(200);
    expect(sentTo(MEMBER)).toEqual([plain]);
    for (const [url, user] of [
      [`/v1/devices/${OWN}`, ann],
      [member, bob],
    ] as const) {
      expect(await call('PUT', url, { app: 'blinky' }, user)).toEqual({
        status: 404,
        body: {
          ok: false,
          error: 'No application of that name is known for platform 32: there are tinker',
          error_description: expect.any(String),
        },
      });
      expect(await call('PUT', url, { app: 'tinker', name: 'x' }, user)).toMatchObject(refused(/app goes alone/));
    }
    expect((await call('PUT', `/v1/devices/${OWN}`, { app: '' }, ann)).status).toBe(404);
    commands.online.clear();
    expect((await call('PUT', `/v1/devices/${OWN}`, { app: 'tinker' }, ann)).status).toBe(408);
    expect((await call('PUT', `/v1/devices/${OWN}`, { app: 'tinker' }, bob)).status).toBe(403);
  });

  it('warns that the product may overwrite what is flashed to a device that is not for development', async () => {
    const plain = build(USER_PART, 9);
    const through = [`/v1/devices/${MEMBER}`, `/v1/products/1042/devices/${MEMBER}`];
    for (const url of through) {
      const { status, body } = await flash(plain, url);
      expect([status, body.warning]).toEqual([200, expect.stringMatching(/may overwrite this at once.*development/)]);
      commands.updates.clear();
    }
    await change(MEMBER, { development: 1 });
    for (const url of through) {
      expect((await flash(plain, url)).body).not.toHaveProperty('warning');
      commands.updates.clear();
    }
    expect((await flash(plain)).body).not.toHaveProperty('warning');
  });

  it('lets the team flash development devices that are not claimed to them', async () => {
    await change(MEMBER, { development: 1 });
    expect((await flash(build(USER_PART, 9), `/v1/products/1042/devices/${MEMBER}`, bob)).status).toBe(200);
    expect(sentTo(MEMBER)).toHaveLength(1);
    expect((await flash(build(USER_PART, 9), `/v1/devices/${MEMBER}`, bob)).status).toBe(403);
    expect((await flash(build(USER_PART, 9), `/v1/products/1042/devices/${OWN}`, bob)).status).toBe(404);
  });

  it('knows network processor firmware as what it is', async () => {
    expect((await send([build(NCP_FIRMWARE, 5)])).body.modules).toMatchObject([{ function: 'ncp_firmware' }]);
  });
});
