import { randomBytes } from 'node:crypto';
import { deviceOs62, FirmwareStore, type VirtualDevice } from '@cloudchamber/virtual-device';
import {
  assetDependency,
  buildModule,
  ModuleFunction,
  type ModuleToBuild,
  readModule,
  sha256,
} from '@cloudchamber/wire';
import { zipSync } from 'fflate';
import type Particle from 'particle-api-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logIn, refusalOf } from '../harness/api-client.ts';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';
import { powerOn, registerDevice } from '../harness/devices.ts';
import { eventually } from '../harness/eventually.ts';
import { RecordedStream } from '../harness/recorded-stream.ts';

let server: CloudServer;
let client: Particle;
let device: VirtualDevice;
const firmware = new FirmwareStore();

beforeAll(async () => {
  server = await startServer();
  client = await logIn(server);
  device = powerOn(server, await registerDevice(client, 'lamp'), { firmware });
  await device.connect();
});
afterAll(async () => {
  await device?.disconnect();
  await server?.dispose();
});

const application = (version: number, bytes: number, more: Partial<ModuleToBuild> = {}): Buffer =>
  buildModule({
    function: ModuleFunction.USER_PART,
    version,
    platformId: deviceOs62.platformId,
    content: randomBytes(bytes),
    ...more,
  });
const versionOf = () => firmware.module(ModuleFunction.USER_PART, 1)?.version;

describe('flashing over the air', () => {
  it('brings a .bin to the device, which restarts into it', async () => {
    const stream = await RecordedStream.open(client, { deviceId: device.deviceId });
    const image = application(11, 100_000);
    const { body } = await client.flashDevice({ deviceId: device.deviceId, files: { 'firmware.bin': image } });
    expect(body).toMatchObject({ ok: true, id: device.deviceId, status: 'Update started', message: 'Update started' });
    await stream.received('spark/flash/status', 'started ');
    await stream.received('spark/flash/status', 'success ');
    await stream.received('spark/device/app-hash', readModule(image).suffix.hash);
    expect(versionOf()).toBe(11);
    expect(device.stats).toMatchObject({ updates: 1, handshakes: 1 });
    stream.close();
  });

  it('brings a bundle: the application, then its assets', async () => {
    const stream = await RecordedStream.open(client, { deviceId: device.deviceId });
    const sound = randomBytes(20_000);
    const extensions = [assetDependency({ name: 'bark.wav', hash: sha256(sound).toString('hex') })];
    const bundle = Buffer.from(zipSync({ 'app.bin': application(12, 5000, { extensions }), 'assets/bark.wav': sound }));
    await client.flashDevice({ deviceId: device.deviceId, files: { 'bundle.zip': bundle } });
    await stream.received('spark/flash/status', 'success ');
    expect(versionOf()).toBe(12);
    expect(firmware.assets.map(({ name }) => name)).toEqual(['bark.wav']);
    stream.close();
  });

  it('says what is wrong with an image, and that a device is offline', async () => {
    const foreign = application(13, 500, { platformId: 6 });
    const refused = await refusalOf(
      client.flashDevice({ deviceId: device.deviceId, files: { 'firmware.bin': foreign } }),
    );
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.body)).toContain('platform 6');
    const { deviceId } = await registerDevice(client, 'never seen');
    const offline = await refusalOf(client.flashDevice({ deviceId, files: { 'firmware.bin': application(14, 500) } }));
    expect(offline.status).toBe(408);
  });

  it('goes on where it was when the server is killed in the midst of it', async () => {
    const image = application(15, 1_000_000);
    await client.flashDevice({ deviceId: device.deviceId, files: { 'firmware.bin': image } });
    await eventually('a third of the image to arrive', () => (firmware.partial?.received ?? 0) > image.length / 3);
    await server.kill9();
    const kept = firmware.partial?.received ?? 0;
    expect(kept).toBeLessThan(image.length);
    await server.start();
    await eventually('the device to run the new firmware', () => versionOf() === 15, 50_000);
    expect(device.stats).toMatchObject({ updates: 4, handshakes: 1 });
    expect(await client.getDevice({ deviceId: device.deviceId })).toMatchObject({ body: { online: true } });
  });
});
