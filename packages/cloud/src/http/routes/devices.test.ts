import { generateKeyPairSync } from 'node:crypto';
import type { DeviceId } from '@cloudchamber/kernel';
import { silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { InProcessBus } from '../../bus/index.ts';
import { FakeDeviceCommands } from '../../domain/devices/fake-device-commands.ts';
import { DeviceWrites, recordDescription, recordSession } from '../../domain/devices/index.ts';
import { FirmwareBlobs, UpdateJournal } from '../../domain/firmware/index.ts';
import type { Store } from '../../store/index.ts';
import { type TestServerOptions, type TestUser, testServer } from '../test-server.ts';
import { deviceRouteModule } from './devices.ts';

const ID = 'e00fce68a1b2c3d4e5f60718' as DeviceId;
const PEM = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey.export({
  type: 'spki',
  format: 'pem',
}) as string;

const PERMISSION_DENIED = {
  error: 'Permission Denied',
  info: "I didn't recognize that device name or ID, try opening http://cloud.test/v1/devices?access_token=undefined",
  error_description: 'Permission Denied',
};

describeStores('device routes', (open) => {
  let store: Store;
  let server: FastifyInstance;
  let commands: FakeDeviceCommands;
  let ann: TestUser;
  let bob: TestUser;
  let operator: TestUser;

  beforeEach(async () => {
    const clock = new VirtualClock();
    store = await open({ clock });
    const bus = new InProcessBus(silentLogger);
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
    const routes: TestServerOptions['routes'] = (_ambient, accounts) => [
      deviceRouteModule({ accounts, bus, commands, updates, blobs, publicUrl: 'http://cloud.test' }),
    ];
    const test = await testServer(store, { clock, bus, routes });
    server = test.fastify;
    ann = await test.addUser('ann@example.net');
    bob = await test.addUser('bob@example.net');
    operator = await test.addUser('op@example.net', { operator: true });
  });
  afterEach(() => server.close());

  type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
  const call = async (method: Method, url: string, body?: unknown, user: TestUser = ann) => {
    const payload = body as Record<string, unknown> | undefined;
    const reply = await server.inject({ method, url, headers: user.headers, ...(payload && { payload }) });
    return { status: reply.statusCode, body: reply.json() as unknown };
  };
  const form = async (
    method: Method,
    url: string,
    payload: string,
    headers = ann.headers as Record<string, string>,
  ) => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const reply = await server.inject({ method, url, payload, headers: { ...headers, ...type } });
    return { status: reply.statusCode, body: reply.json() as unknown };
  };
  const claim = async () => {
    await call('POST', `/v1/provisioning/${ID}`, {
      deviceID: ID,
      publicKey: PEM,
      algorithm: 'ecc',
      filename: 'cli',
      order: 'manual_1',
    });
    await call('POST', '/v1/devices', { id: ID });
  };
  const connect = async () => {
    const writes = new DeviceWrites(store);
    const hello = { productId: 13, productVersion: 1, platformId: 13, flags: 0, systemVersion: 6201 };
    await recordSession(writes, {
      deviceId: ID,
      publicKey: new Uint8Array(),
      transport: 'udp',
      hello,
      address: '198.51.100.17',
      at: 1_770_106_522_118,
    });
    const variables = { temp: 'double', count: 'int', state: 'string', wet: 'bool' } as const;
    await recordDescription(writes, ID, { application: { functions: ['led', 'events'], variables } });
    commands.online.add(ID);
  };

  it('claims, lists, shows and gives up', async () => {
    expect(await call('GET', '/v1/devices/')).toEqual({ status: 200, body: [] });
    expect(
      await form(
        'POST',
        `/v1/provisioning/${ID}`,
        new URLSearchParams({ publicKey: PEM, algorithm: 'ecc' }).toString(),
      ),
    ).toEqual({
      status: 200,
      body: { ok: true },
    });
    expect(await call('POST', '/v1/devices', { id: ID.toUpperCase(), request_transfer: false })).toEqual({
      status: 200,
      body: { ok: true, deviceID: ID, user_id: ann.id, claimed: true, connected: false },
    });
    await connect();
    const expected = {
      id: ID,
      name: 'device-f60718',
      owner: 'ann@example.net',
      last_ip_address: '198.51.100.17',
      last_heard: '2026-02-03T08:15:22.118Z',
      last_handshake_at: '2026-02-03T08:15:22.118Z',
      product_id: 13,
      online: true,
      connected: true,
      platform_id: 13,
      cellular: true,
      notes: null,
      functions: ['led', 'events'],
      variables: { temp: 'double', count: 'int32', state: 'string', wet: 'bool' },
      status: 'normal',
      serial_number: null,
      iccid: null,
      last_iccid: null,
      imei: null,
      mobile_secret: null,
      system_firmware_version: '6.2.1',
      current_build_target: '6.2.1',
      pinned_build_target: null,
      default_build_target: null,
      firmware_updates_enabled: true,
      firmware_updates_forced: false,
      device_protection: { status: 'disabled' },
    };
    expect(await call('GET', '/v1/devices')).toEqual({ status: 200, body: [expected] });
    expect(await call('GET', `/v1/devices/${ID}/`)).toEqual({ status: 200, body: expected });
    expect(await call('DELETE', '/v1/devices/device-f60718')).toEqual({ status: 200, body: { ok: true } });
    expect(await call('GET', '/v1/devices')).toEqual({ status: 200, body: [] });
  });

  it('answers a foreign device as an unknown one, on every route', async () => {
    await claim();
    await connect();
    const attempts: [Method, string, unknown?][] = [
      ['GET', ''],
      ['PUT', '', { name: 'mine' }],
      ['DELETE', ''],
      ['PUT', '/ping'],
      ['GET', '/temp'],
      ['POST', '/led', { arg: 'on' }],
    ];
    for (const [method, path, body] of attempts) {
      const foreign = await call(method, `/v1/devices/${ID}${path}`, body, bob);
      const unknown = await call(method, `/v1/devices/e00fce68ffffffffffffffff${path}`, body, bob);
      expect(foreign).toEqual({ status: 403, body: PERMISSION_DENIED });
      expect(unknown).toEqual(foreign);
    }
    const key = { publicKey: PEM };
    expect(await call('POST', `/v1/provisioning/${ID}`, key, bob)).toEqual({ status: 403, body: PERMISSION_DENIED });
  });

  it('refuses to claim in the words that clients look for', async () => {
    expect(await call('POST', '/v1/devices', { id: ID })).toEqual({
      status: 404,
      body: { ok: false, errors: ['device not found'], error_description: 'device not found' },
    });
    await claim();
    const theirs = 'That belongs to someone else. To request a transfer add ?request_transfer=true to the URL.';
    expect(await call('POST', '/v1/devices', { id: ID }, bob)).toEqual({
      status: 403,
      body: { ok: false, errors: [theirs], error_description: theirs },
    });
  });

  it('combines updates in one request and replies with what changed', async () => {
    await claim();
    await connect();
    const all = await call('PUT', `/v1/devices/${ID}`, {
      name: 'pump',
      notes: 'wet',
      signal: '1',
      firmware_updates_forced: true,
    });
    expect(all).toEqual({
      status: 200,
      body: {
        id: ID,
        name: 'pump',
        notes: 'wet',
        connected: true,
        signaling: true,
        firmware_updates_forced: true,
        updated_at: expect.stringMatching(/Z$/),
      },
    });
    for (const signal of ['signal=0', 'signal=1']) {
      expect(await form('PUT', '/v1/devices/pump', signal)).toMatchObject({
        status: 200,
        body: { signaling: signal === 'signal=1' },
      });
    }
    expect(await call('PUT', `/v1/devices/${ID}`, { signal: true })).toMatchObject({
      status: 200,
      body: { id: ID, signaling: true },
    });
    expect(commands.signals.map(({ on }) => on)).toEqual([true, false, true, true]);
    expect(await call('PUT', `/v1/devices/${ID}`, { signal: 'purple' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
    expect(await call('PUT', `/v1/devices/${ID}`, {})).toMatchObject({ status: 400, body: { ok: false } });
    commands.online.clear();
    expect(await call('PUT', `/v1/devices/${ID}`, { signal: 1 })).toEqual({
      status: 408,
      body: { ok: false, error: 'timed out', error_description: 'timed out' },
    });
  });

  it('says what it does not have yet', async () => {
    await claim();
    for (const field of ['groups', 'development', 'desired_firmware_version', 'flash', 'product_id']) {
      const { status, body } = await call('PUT', `/v1/devices/${ID}`, {
        [field]: field === 'desired_firmware_version' ? null : 1,
      });
      expect(status).toBe(400);
      expect(body).toMatchObject({ ok: false, error: expect.stringContaining(`${field}: `) });
    }
  });

  it('pings', async () => {
    await claim();
    expect(await call('PUT', `/v1/devices/${ID}/ping`)).toEqual({ status: 200, body: { online: false, ok: true } });
    await connect();
    expect(await call('PUT', `/v1/devices/${ID}/ping`)).toEqual({ status: 200, body: { online: true, ok: true } });
  });

  it('reads variables of each type, raw too', async () => {
    await claim();
    await connect();
    const values = { temp: 21.5, count: -3, state: 'ok', wet: true };
    for (const [name, value] of Object.entries(values)) {
      commands.variables.set(name, value);
      const coreInfo = {
        name: 'device-f60718',
        deviceID: ID,
        connected: true,
        last_handshake_at: '2026-02-03T08:15:22.118Z',
      };
      expect(await call('GET', `/v1/devices/${ID}/${name}`)).toEqual({
        status: 200,
        body: { name, result: value, coreInfo },
      });
      const raw = await server.inject({ url: `/v1/devices/${ID}/${name}?format=raw&access_token=${ann.token}` });
      expect([raw.statusCode, raw.headers['content-type'], raw.body]).toEqual([
        200,
        'text/plain; charset=utf-8',
        String(value),
      ]);
    }
    commands.variables.set('temp', Number.NaN);
    expect(await call('GET', `/v1/devices/${ID}/temp`)).toMatchObject({ status: 200, body: { result: null } });
  });

  it('tells unknown variables and functions, and a device out of reach', async () => {
    await claim();
    await connect();
    const unknownVariable = 'Unknown Variable: sensor2';
    expect(await call('GET', `/v1/devices/${ID}/sensor2`)).toEqual({
      status: 404,
      body: { ok: false, error: unknownVariable, error_description: unknownVariable },
    });
    const unknownFunction = 'Unknown Function: nope';
    expect(await call('POST', `/v1/devices/${ID}/nope`)).toEqual({
      status: 404,
      body: { ok: false, error: unknownFunction, error_description: unknownFunction },
    });
    const timedOut = { status: 408, body: { ok: false, error: 'timed out', error_description: 'timed out' } };
    commands.silent.add(ID);
    expect(await call('GET', `/v1/devices/${ID}/temp`)).toEqual(timedOut);
    commands.online.clear();
    expect(await call('GET', `/v1/devices/${ID}/temp`)).toEqual(timedOut);
    expect(await call('POST', `/v1/devices/${ID}/led`)).toEqual(timedOut);
  });

  it('calls functions with arg or args, as JSON or form, raw too', async () => {
    await claim();
    await connect();
    const heard: string[] = [];
    commands.functions.set('led', (argument) => heard.push(argument));
    const url = `/v1/devices/${ID}/led`;
    expect(await call('POST', url, { arg: '255,255,0' })).toEqual({
      status: 200,
      body: { id: ID, name: 'device-f60718', connected: true, return_value: 1 },
    });
    await call('POST', url, { args: 'on' });
    await call('POST', url, { arg: 'first', args: 'second' });
    await call('POST', url, { args: 5 });
    await call('POST', url);
    await form('POST', url, `arg=a%20b&access_token=${ann.token}`, {});
    const raw = await server.inject({ method: 'POST', url: `${url}?format=raw`, headers: ann.headers });
    expect([raw.statusCode, raw.body]).toEqual([200, '7']);
    expect(heard).toEqual(['255,255,0', 'on', 'first', '5', '', 'a b', '']);
    expect(await call('POST', url, { arg: 'x'.repeat(1025) })).toMatchObject({ status: 400, body: { ok: false } });
    expect(await call('POST', url, { arg: { deep: 1 } })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
  });

  it('registers devices for operators only', async () => {
    const body = { id: ID, public_key: PEM, platform_id: '13', name: 'pump', owner: 'Bob@example.net' };
    expect(await call('POST', '/v1/operator/devices', body)).toMatchObject({ status: 403 });
    expect(await call('POST', '/v1/operator/devices', body, operator)).toMatchObject({
      status: 200,
      body: { id: ID, name: 'pump', owner: 'bob@example.net', platform_id: 13, online: false },
    });
    expect(await call('POST', '/v1/operator/devices', { ...body, owner: 'ann@example.net' }, operator)).toMatchObject({
      status: 409,
    });
    expect(await call('POST', '/v1/operator/devices', { ...body, owner: 'eve@example.net' }, operator)).toMatchObject({
      status: 404,
    });
    expect(await call('POST', '/v1/operator/devices', { ...body, public_key: 'wat' }, operator)).toMatchObject({
      status: 400,
    });
    expect(await call('GET', '/v1/devices/pump', undefined, bob)).toMatchObject({ status: 200 });
  });

  it('shows the labels that an operator registers, to the owner of the device', async () => {
    const labels = { serial_number: 'B40HAB012345678', imei: '352753090000001', iccid: '8933150000000000001' };
    const url = '/v1/operator/devices';
    await call('POST', url, { id: ID, public_key: PEM, platform_id: 13, owner: 'bob@example.net' }, operator);
    const registered = await call('POST', url, { id: ID, ...labels }, operator);
    expect(registered).toMatchObject({ status: 200, body: { ...labels, owner: 'bob@example.net' } });
    const shown = { ...labels, last_iccid: labels.iccid };
    expect(await call('GET', `/v1/devices/${ID}`, undefined, bob)).toMatchObject({ status: 200, body: shown });
    expect(await call('GET', '/v1/devices', undefined, bob)).toMatchObject({ status: 200, body: [shown] });
    const other = { id: 'e00fce68ffffffffffffffff', public_key: PEM, serial_number: labels.serial_number };
    expect(await call('POST', url, other, operator)).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining(ID) },
    });
    const nameless = { id: other.id, serial_number: 'B40' };
    expect(await call('POST', url, nameless, operator)).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('public_key') },
    });
    for (const bad of [{ imei: '35' }, { iccid: '89' }, { serial_number: 'é' }, { imei: 352753090000001 }]) {
      expect(await call('POST', url, { id: ID, ...bad }, operator)).toMatchObject({ status: 400 });
    }
    await call('POST', url, { id: ID, serial_number: null }, operator);
    expect(await call('GET', `/v1/devices/${ID}`, undefined, bob)).toMatchObject({ body: { serial_number: null } });
  });
});
