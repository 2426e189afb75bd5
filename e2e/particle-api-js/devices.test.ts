import { BEHAVIOURS, type VirtualDevice } from '@cloudchamber/virtual-device';
import type Particle from 'particle-api-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logIn, refusalOf, signUp } from '../harness/api-client.ts';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';
import { addDevice, newDeviceIdentity, powerOn, registerDevice } from '../harness/devices.ts';
import { eventually } from '../harness/eventually.ts';

const TIMESTAMP = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const NOBODYS_DEVICE = '0123456789abcdef01234567';

let server: CloudServer;
let client: Particle;
let stranger: Particle;
let echo: VirtualDevice;
let tinker: VirtualDevice;
let weather: VirtualDevice;

beforeAll(async () => {
  server = await startServer();
  client = await logIn(server);
  stranger = await signUp(server, { username: 'stranger@example.net', password: 'a long password' });
  [echo, tinker, weather] = await Promise.all([
    addDevice(server, client, 'echo'),
    addDevice(server, client, 'tinker'),
    addDevice(server, client, 'weather'),
  ]);
});
afterAll(async () => {
  await Promise.all([echo, tinker, weather].map((device) => device?.disconnect()));
  await server?.dispose();
});

async function readVariable(device: VirtualDevice, name: string): Promise<unknown> {
  const { body } = await client.getVariable({ deviceId: device.deviceId, name });
  return body.result;
}

describe('devices', () => {
  it('are listed with what they offer', async () => {
    const { body } = await client.listDevices({});
    expect(body).toHaveLength(3);
    expect(body).toContainEqual(
      expect.objectContaining({ id: weather.deviceId, name: 'weather', online: true, connected: true }),
    );
    expect(body).toContainEqual(expect.objectContaining({ id: tinker.deviceId, name: 'tinker' }));
  });

  it('are shown alone, by id in any case or by name', async () => {
    const { body } = await client.getDevice({ deviceId: echo.deviceId });
    expect(body).toMatchObject({
      id: echo.deviceId,
      name: 'echo',
      owner: server.operator.username,
      last_ip_address: '127.0.0.1',
      last_heard: TIMESTAMP,
      last_handshake_at: TIMESTAMP,
      online: true,
      connected: true,
      platform_id: expect.any(Number),
      product_id: expect.any(Number),
      cellular: false,
      notes: null,
      status: 'normal',
      system_firmware_version: '6.2.0',
      variables: { last: 'string', count: 'int32', ratio: 'double', flag: 'bool' },
    });
    expect([...(body.functions ?? [])].sort()).toEqual(['echo', 'fail', 'publish']);
    const byCase = await client.getDevice({ deviceId: echo.deviceId.toUpperCase() });
    expect(byCase.body.id).toBe(echo.deviceId);
    const byName = await client.getDevice({ deviceId: 'echo' });
    expect(byName.body.id).toBe(echo.deviceId);
  });

  it('are renamed and noted', async () => {
    const { deviceId } = await registerDevice(client, 'before');
    const renamed = await client.renameDevice({ deviceId, name: 'after' });
    expect(renamed.body).toMatchObject({ id: deviceId, name: 'after', updated_at: TIMESTAMP });
    const noted = await client.setDeviceNotes({ deviceId, notes: 'on the roof, ladder behind the shed' });
    expect(noted.body).toMatchObject({ id: deviceId, notes: 'on the roof, ladder behind the shed' });
    const { body } = await client.getDevice({ deviceId });
    expect(body).toMatchObject({ name: 'after', notes: 'on the roof, ladder behind the shed' });
    await client.removeDevice({ deviceId });
  });

  it('signal until told to stop', async () => {
    const on = await client.signalDevice({ deviceId: tinker.deviceId, signal: true });
    expect(on.body).toMatchObject({ id: tinker.deviceId, connected: true, signaling: true });
    expect(tinker.signalled).toBe(true);
    await client.signalDevice({ deviceId: tinker.deviceId, signal: false });
    expect(tinker.signalled).toBe(false);
  });

  it('answer a ping while they are online', async () => {
    const uri = (deviceId: string) => `/v1/devices/${deviceId}/ping`;
    const { body } = await client.put({ uri: uri(tinker.deviceId), data: {} });
    expect(body).toEqual({ online: true, ok: true });
    const { deviceId } = await registerDevice(client, 'unplugged');
    const offline = await client.put({ uri: uri(deviceId), data: {} });
    expect(offline.body).toEqual({ online: false, ok: true });
    await client.removeDevice({ deviceId });
  });
});

describe('claiming', () => {
  it('takes a device that nobody owns, and giving up leaves it to others', async () => {
    const device = newDeviceIdentity();
    const { deviceId } = device;
    const unknown = await refusalOf(client.claimDevice({ deviceId }));
    expect(unknown).toMatchObject({ status: 404, body: { ok: false, errors: ['device not found'] } });

    await client.sendPublicKey({ deviceId, key: device.publicKeyPem, algorithm: 'ecc' });
    const { body } = await client.claimDevice({ deviceId });
    expect(body).toMatchObject({ ok: true, deviceID: deviceId, claimed: true, connected: false });

    const taken = await refusalOf(stranger.claimDevice({ deviceId }));
    expect(taken).toMatchObject({ status: 403, body: { ok: false } });
    expect(JSON.stringify(taken.body)).toContain('belongs to someone else');

    const removed = await client.removeDevice({ deviceId });
    expect(removed.body).toEqual({ ok: true });
    expect((await refusalOf(client.getDevice({ deviceId }))).status).toBe(403);
    expect((await stranger.claimDevice({ deviceId })).body).toMatchObject({ ok: true });
    await stranger.removeDevice({ deviceId });
  });

  it('lets only the registered key in', async () => {
    const registered = await registerDevice(client, 'guarded');
    const impostor = powerOn(server, { ...newDeviceIdentity(), deviceId: registered.deviceId });
    const ends: string[] = [];
    impostor.onState(({ end }) => end !== undefined && ends.push(end));
    impostor.connect().catch(() => {});
    await eventually('the impostor to be refused', () => ends.includes('refused'));
    await impostor.disconnect();
    const { body } = await client.getDevice({ deviceId: registered.deviceId });
    expect(body).toMatchObject({ online: false, last_handshake_at: null });
    await client.removeDevice({ deviceId: registered.deviceId });
  });
});

describe('variables', () => {
  it('are read from the device, of every type', async () => {
    await client.callFunction({ deviceId: echo.deviceId, name: 'echo', argument: 'grüße' });
    expect(await readVariable(echo, 'last')).toBe('grüße');
    expect(await readVariable(echo, 'count')).toBe(1);
    expect(await readVariable(echo, 'ratio')).toBe(21.5);
    expect(await readVariable(echo, 'flag')).toBe(true);
    expect(await readVariable(weather, 'temperature')).toEqual(expect.any(Number));
    expect(await readVariable(weather, 'humidity')).toSatisfy(Number.isInteger);
    expect(await readVariable(weather, 'summary')).toEqual(expect.any(String));
    expect(await readVariable(weather, 'raining')).toEqual(expect.any(Boolean));
  });

  it('come with the device that they are of', async () => {
    const { statusCode, body } = await client.getVariable({ deviceId: echo.deviceId, name: 'ratio' });
    expect(statusCode).toBe(200);
    expect(body).toEqual({
      name: 'ratio',
      result: 21.5,
      coreInfo: { name: 'echo', deviceID: echo.deviceId, connected: true, last_handshake_at: TIMESTAMP },
    });
  });

  it('are not found when the device has none of that name', async () => {
    const refusal = await refusalOf(client.getVariable({ deviceId: echo.deviceId, name: 'nothing' }));
    expect(refusal).toMatchObject({ status: 404, body: { ok: false, error: 'Unknown Variable: nothing' } });
  });
});

describe('functions', () => {
  it('run on the device with their argument and return its number', async () => {
    const call = await client.callFunction({ deviceId: echo.deviceId, name: 'echo', argument: 'four' });
    expect(call.body).toEqual({ id: echo.deviceId, name: 'echo', connected: true, return_value: 4 });
    const { body: written } = await client.callFunction({
      deviceId: tinker.deviceId,
      name: 'digitalWrite',
      argument: 'D7,HIGH',
    });
    expect(written.return_value).toBe(1);
    const { body: read } = await client.callFunction({
      deviceId: tinker.deviceId,
      name: 'digitalRead',
      argument: 'D7',
    });
    expect(read.return_value).toBe(1);
    const { body: wrong } = await client.callFunction({
      deviceId: tinker.deviceId,
      name: 'digitalRead',
      argument: 'X9',
    });
    expect(wrong.return_value).toBe(-1);
  });

  it('take arguments of up to 1024 bytes', async () => {
    const argument = 'x'.repeat(1024);
    const { body } = await client.callFunction({ deviceId: echo.deviceId, name: 'echo', argument });
    expect(body.return_value).toBe(1024);
    const refusal = await refusalOf(
      client.callFunction({ deviceId: echo.deviceId, name: 'echo', argument: `${argument}x` }),
    );
    expect(refusal).toMatchObject({ status: 400, body: { ok: false } });
  });

  it('are not found when the device has none of that name', async () => {
    const refusal = await refusalOf(client.callFunction({ deviceId: echo.deviceId, name: 'nothing', argument: '' }));
    expect(refusal).toMatchObject({ status: 404, body: { ok: false, error: 'Unknown Function: nothing' } });
  });
});

describe('a device that is not there', () => {
  it('times out at once when it is known to be offline, and is back when it comes back', async () => {
    const identity = await registerDevice(client, 'comes and goes');
    const { deviceId } = identity;
    const device = powerOn(server, identity, { behaviour: BEHAVIOURS.get('echo') });
    await device.connect();
    await device.disconnect();
    await eventually('the device to be offline', async () => !(await client.getDevice({ deviceId })).body.online);
    const started = performance.now();
    const timedOut = { status: 408, body: { ok: false, error: 'timed out' } };
    expect(await refusalOf(client.callFunction({ deviceId, name: 'echo', argument: '' }))).toMatchObject(timedOut);
    expect(await refusalOf(client.getVariable({ deviceId, name: 'last' }))).toMatchObject(timedOut);
    expect(await refusalOf(client.signalDevice({ deviceId, signal: true }))).toMatchObject(timedOut);
    expect(performance.now() - started).toBeLessThan(2_000);
    await device.connect();
    expect(device.stats).toMatchObject({ handshakes: 1, resumes: 1 });
    expect((await client.getDevice({ deviceId })).body.online).toBe(true);
    await device.disconnect();
    await client.removeDevice({ deviceId });
  });

  it('looks the same when it is foreign and when it does not exist', async () => {
    const denied = {
      status: 403,
      body: {
        error: 'Permission Denied',
        error_description: 'Permission Denied',
        info: `I didn't recognize that device name or ID, try opening ${server.url}/v1/devices?access_token=undefined`,
      },
    };
    for (const deviceId of [echo.deviceId, NOBODYS_DEVICE, 'no such name']) {
      expect(await refusalOf(stranger.getDevice({ deviceId }))).toEqual(denied);
      expect(await refusalOf(stranger.getVariable({ deviceId, name: 'last' }))).toEqual(denied);
      expect(await refusalOf(stranger.callFunction({ deviceId, name: 'echo', argument: '' }))).toEqual(denied);
      expect(await refusalOf(stranger.renameDevice({ deviceId, name: 'mine' }))).toEqual(denied);
      expect(await refusalOf(stranger.signalDevice({ deviceId, signal: true }))).toEqual(denied);
      expect(await refusalOf(stranger.removeDevice({ deviceId }))).toEqual(denied);
      await expect(stranger.getEventStream({ deviceId })).rejects.toMatchObject({ statusCode: 403 });
    }
    expect((await stranger.listDevices({})).body).toEqual([]);
  });
});
