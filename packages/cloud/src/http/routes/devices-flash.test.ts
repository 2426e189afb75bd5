import { generateKeyPairSync } from 'node:crypto';
import { type FirmwareUpdate, GatewayError } from '@cloudchamber/gateway';
import type { DeviceId } from '@cloudchamber/kernel';
import { silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { assetDependency, buildModule, ModuleFunction, readModule, sha256 } from '@cloudchamber/wire';
import type { FastifyInstance } from 'fastify';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FilePart, MULTIPART, multipart } from '../../../test/http/multipart.ts';
import { InProcessBus } from '../../bus/index.ts';
import { FakeDeviceCommands } from '../../domain/devices/fake-device-commands.ts';
import { DeviceWrites, recordUpdatesEnabled } from '../../domain/devices/index.ts';
import { liveEvents } from '../../domain/events/index.ts';
import { FirmwareBlobs, UpdateJournal } from '../../domain/firmware/index.ts';
import type { Store } from '../../store/index.ts';
import { type TestServerOptions, type TestUser, testServer } from '../test-server.ts';
import { deviceRouteModule } from './devices.ts';

const ID = 'e00fce68a1b2c3d4e5f60718' as DeviceId;
const application = buildModule({
  function: ModuleFunction.USER_PART,
  version: 7,
  platformId: 32,
  content: Buffer.alloc(2000, 'code'),
});

describeStores('flashing', (open) => {
  let store: Store;
  let server: FastifyInstance;
  let commands: FakeDeviceCommands;
  let updates: UpdateJournal;
  let bus: InProcessBus;
  let clock: VirtualClock;
  let ann: TestUser;
  let bob: TestUser;
  let told: string[];

  beforeEach(async () => {
    clock = new VirtualClock();
    store = await open({ clock });
    bus = new InProcessBus(silentLogger);
    told = [];
    bus.subscribe(liveEvents, ({ name, data }) => told.push(`${name}=${data && Buffer.from(data)}`));
    commands = new FakeDeviceCommands();
    const blobs = new FirmwareBlobs({ store, clock });
    updates = await UpdateJournal.open({
      store,
      bus,
      commands,
      clock,
      log: silentLogger,
      blobs,
    });
    const routes: TestServerOptions['routes'] = (_ambient, accounts) => [
      deviceRouteModule({ accounts, bus, commands, updates, blobs, publicUrl: 'http://cloud.test' }),
    ];
    const test = await testServer(store, { clock, bus, routes });
    server = test.fastify;
    ann = await test.addUser('ann@example.net');
    bob = await test.addUser('bob@example.net');
    const at = { url: `/v1/operator/devices`, method: 'POST' } as const;
    const operator = await test.addUser('op@example.net', { operator: true });
    const key = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey.export({
      type: 'spki',
      format: 'pem',
    });
    const payload = { id: ID, public_key: key, platform_id: 32, owner: ann.username, name: 'lamp' };
    expect((await server.inject({ ...at, headers: operator.headers, payload })).statusCode).toBe(200);
    commands.online.add(ID);
  });
  afterEach(() => server.close());

  const flash = async (files: readonly FilePart[], { user = ann, fields = {}, device = ID as string } = {}) => {
    const reply = await server.inject({
      method: 'PUT',
      url: `/v1/devices/${device}`,
      headers: { ...user.headers, ...MULTIPART },
      payload: multipart(files, fields),
    });
    return { status: reply.statusCode, body: reply.json() as unknown };
  };
  const bin = (content: Uint8Array = application): FilePart[] => [{ name: 'file', filename: 'firmware.bin', content }];
  const refused = (error: string | RegExp) => ({
    ok: false,
    error: typeof error === 'string' ? error : expect.stringMatching(error),
    error_description: expect.any(String),
  });

  it('takes a .bin, answers when the device has begun, and tells streams of it', async () => {
    const { status, body } = await flash(bin(), { fields: { latest: 'true' }, device: 'lamp' });
    expect({ status, body }).toEqual({
      status: 200,
      body: { ok: true, id: ID, status: 'Update started', message: 'Update started', update_id: expect.any(String) },
    });
    const sent = commands.updates.get(ID);
    expect(sent?.images.map(({ data }) => Buffer.from(data))).toEqual([application]);
    await updates.settled();
    expect(told).toEqual(['spark/flash/status=started ']);
    updates.ended(ID, sent?.id ?? '', { outcome: 'succeeded' });
    await updates.settled();
    const { hash } = readModule(application).suffix;
    expect(told.slice(1)).toEqual(['spark/flash/status=success ', `spark/device/app-hash=${hash}`]);
    const row = await store.db.selectFrom('firmware_updates').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({ device_id: ID, requested_by: ann.id, outcome: 'succeeded', image_list: null });
  });

  it('takes a bundle', async () => {
    const cat = Buffer.from('meow '.repeat(100));
    const extensions = [assetDependency({ name: 'cat.txt', hash: sha256(cat).toString('hex') })];
    const app = buildModule({ function: 5, version: 8, platformId: 32, content: Buffer.alloc(500), extensions });
    commands.hello = { ...commands.hello, systemVersion: 6200 };
    const content = zipSync({ 'app.bin': app, 'assets/cat.txt': cat });
    expect((await flash([{ name: 'file', filename: 'bundle.zip', content }])).status).toBe(200);
    expect(commands.updates.get(ID)?.images.map(({ moduleFunction }) => moduleFunction)).toEqual([5, 9]);
  });

  it('answers 408 for a device that is offline, and one that stays silent', async () => {
    commands.takeUpdate = () => Promise.reject(new GatewayError('device.timed_out', 'silent'));
    const timedOut = { status: 408, body: { ok: false, error: 'timed out', error_description: 'timed out' } };
    expect(await flash(bin())).toEqual(timedOut);
    commands.online.clear();
    expect(await flash(bin())).toEqual(timedOut);
    expect(told).toEqual([]);
    expect(await store.db.selectFrom('firmware_updates').selectAll().execute()).toMatchObject([
      { device_id: ID, outcome: 'no_answer', stage: 'starting', image_list: null },
    ]);
  });

  it('says what is wrong with a file', async () => {
    const damaged = application.map((byte, at) => (at === 50 ? byte ^ 1 : byte));
    expect(await flash(bin(damaged))).toEqual({ status: 400, body: refused(/^firmware.bin: the CRC/) });
    const foreign = buildModule({ function: 5, version: 1, platformId: 6, content: Buffer.alloc(50) });
    expect(await flash(bin(foreign))).toEqual({ status: 400, body: refused(/platform 6/) });
    expect(await flash([])).toEqual({ status: 400, body: refused('There is no file in the request') });
    const source = [{ name: 'file', filename: 'src/app.cpp', content: Buffer.from('void loop() {}') }];
    expect(await flash(source)).toEqual({ status: 400, body: refused(/Compiling/) });
    const zip = [{ name: 'file', filename: 'x.zip', content: Buffer.from('no zip') }];
    expect(await flash(zip)).toEqual({ status: 400, body: refused(/^x.zip: .*no .zip archive/) });
    for (const bytes of [10, 30, 1000, application.length - 1]) {
      expect(await flash(bin(application.subarray(0, bytes)))).toMatchObject({
        status: 400,
        body: refused(/^firmware/),
      });
    }
    const longer = Buffer.concat([application, Buffer.alloc(1)]);
    expect(await flash(bin(longer))).toMatchObject({ status: 400, body: refused(/^firmware/) });
    const two = [...bin(), { name: 'file2', filename: 'other.bin', content: application }];
    expect(await flash(two)).toMatchObject({ status: 400, body: refused(/two applications/) });
    const twoZipped = zipSync({ 'a.bin': application, 'b.bin': application });
    const zipped = (content: Uint8Array) => [{ name: 'file', filename: 'x.zip', content }];
    expect(await flash(zipped(twoZipped))).toMatchObject({ status: 400, body: refused(/exactly one .bin/) });
    const bomb = zipSync({ 'a.bin': application, 'assets/zeros': Buffer.alloc(17 * 1024 * 1024) });
    expect(await flash(zipped(bomb))).toMatchObject({ status: 400, body: refused(/more than 16777216 bytes/) });
    for (const name of ['/etc/passwd', 'assets/../../a']) {
      const outside = zipSync({ 'a.bin': application, [name]: Buffer.from('x') });
      expect(await flash(zipped(outside))).toMatchObject({ status: 400, body: refused(/leads elsewhere/) });
    }
    commands.hello = { ...commands.hello, maxBinarySize: 2000 };
    expect(await flash(bin())).toMatchObject({ status: 400, body: refused(/takes 2000 at most/) });
    const large = bin(Buffer.alloc(9 * 1024 * 1024));
    expect(await flash(large)).toMatchObject({ status: 413, body: { error: 'payload_too_large' } });
    expect(commands.updates.size).toBe(0);
  });

  it('says why the device refuses', async () => {
    commands.takeUpdate = () => Promise.reject(new GatewayError('device.rejected', 'updates are off'));
    expect(await flash(bin())).toEqual({
      status: 400,
      body: refused('The device refused the firmware: updates are off'),
    });
    commands.takeUpdate = () => Promise.reject(new GatewayError('device.updating', 'busy'));
    expect(await flash(bin())).toEqual({ status: 409, body: refused(/under way/) });
    commands.takeUpdate = async () => {};
    await recordUpdatesEnabled(new DeviceWrites(store), ID, false);
    expect(await flash(bin())).toEqual({ status: 400, body: refused(/disabled/) });
    const forced = { method: 'PUT', url: `/v1/devices/${ID}`, headers: ann.headers } as const;
    await server.inject({ ...forced, payload: { firmware_updates_forced: true } });
    expect((await flash(bin())).status).toBe(200);
  });

  it('is for the owner', async () => {
    expect((await flash(bin(), { user: bob })).status).toBe(403);
    const nobody = { method: 'PUT', url: `/v1/devices/${ID}`, payload: multipart(bin()) } as const;
    const reply = await server.inject({ ...nobody, headers: MULTIPART });
    expect(reply.statusCode).toBe(400);
    expect(reply.json()).toMatchObject({ error: 'invalid_request' });
    expect(commands.updates.size).toBe(0);
  });

  it('goes on in the next process with what is left', async () => {
    const part = buildModule({ function: 4, version: 2, platformId: 32, content: Buffer.alloc(100) });
    await flash([...bin(), { name: 'file2', filename: 'system.bin', content: part }]);
    const begun = commands.updates.get(ID) as FirmwareUpdate;
    expect(begun.images.map(({ moduleFunction }) => moduleFunction)).toEqual([5, 4]);
    const progress = { updateId: begun.id, image: 1, images: 2, bytes: 1, totalBytes: 2 };
    updates.progressed(ID, progress);
    await updates.settled();

    commands.updates.clear();
    const next = await UpdateJournal.open({
      store,
      bus,
      commands,
      clock,
      log: silentLogger,
      blobs: new FirmwareBlobs({ store, clock }),
    });
    next.resume();
    await next.settled();
    const [left] = commands.updates.get(ID)?.images ?? [];
    expect(commands.updates.get(ID)).toMatchObject({ id: begun.id, images: [{ moduleFunction: 4 }] });
    expect(Buffer.from(left?.data ?? [])).toEqual(part);
    next.ended(ID, begun.id, { outcome: 'failed', reason: 'refused', message: 'too old' });
    await next.settled();
    expect(told).toEqual(['spark/flash/status=started ', 'spark/flash/status=failed too old']);

    commands.updates.clear();
    const last = await UpdateJournal.open({
      store,
      bus,
      commands,
      clock,
      log: silentLogger,
      blobs: new FirmwareBlobs({ store, clock }),
    });
    last.connected(ID);
    await last.settled();
    expect(commands.updates.size).toBe(0);
  });

  it('gives up after a week what no device came back for', async () => {
    await flash(bin());
    await updates.settled();
    commands.updates.clear();
    clock.advance(8 * 86_400_000);
    const next = await UpdateJournal.open({
      store,
      bus,
      commands,
      clock,
      log: silentLogger,
      blobs: new FirmwareBlobs({ store, clock }),
    });
    next.connected(ID);
    await next.settled();
    expect(commands.updates.size).toBe(0);
    const { outcome } = await store.db.selectFrom('firmware_updates').select('outcome').executeTakeFirstOrThrow();
    expect(outcome).toBe('device_gone');
  });
});
