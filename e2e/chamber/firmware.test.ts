import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  deviceOs62,
  FirmwareStore,
  type UpdateFault,
  type VirtualDevice,
  type VirtualDeviceOptions,
} from '@cloudchamber/virtual-device';
import { assetDependency, buildModule, ModuleFunction, type ModuleToBuild, sha256 } from '@cloudchamber/wire';
import { zipSync } from 'fflate';
import type Particle from 'particle-api-js';
import { afterAll, beforeAll, expect } from 'vitest';
import { logIn } from '../harness/api-client.ts';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';
import { powerOn, registerDevice } from '../harness/devices.ts';
import { eventually } from '../harness/eventually.ts';
import { describeRows } from './rows.ts';
import { openShells, type Shell, type Shells } from './terminal.ts';

let server: CloudServer;
let client: Particle;
let token: string;
let shells: Shells;
let shell: Shell;
const devices: VirtualDevice[] = [];

beforeAll(async () => {
  [server, shells] = await Promise.all([startServer(), openShells()]);
  client = await logIn(server);
  const { body } = await client.login(server.operator);
  token = body.access_token;
  shell = await shells.open({ apiUrl: server.url, access_token: token });
});
afterAll(async () => {
  await Promise.all(devices.map((device) => device.disconnect({ timeoutMs: 0 }).catch(() => {})));
  await Promise.all([server?.dispose(), shells?.[Symbol.asyncDispose]()]);
});

const module = (version: number, bytes: number, more: Partial<ModuleToBuild> = {}): Buffer =>
  buildModule({
    function: ModuleFunction.USER_PART,
    version,
    platformId: deviceOs62.platformId,
    content: randomBytes(bytes),
    ...more,
  });

/** A connected device of the account, and the firmware in it. */
async function newDevice(name: string, options: Partial<VirtualDeviceOptions> = {}) {
  const firmware = new FirmwareStore();
  const device = powerOn(server, await registerDevice(client, name), { firmware, ...options });
  devices.push(device);
  await device.connect();
  const application = () => firmware.module(ModuleFunction.USER_PART, 1)?.version;
  return { device, deviceId: device.deviceId, firmware, application };
}

const slow = (bytesPerSecond: number): UpdateFault => ({ kind: 'slow', bytesPerSecond });

async function newProduct(name: string): Promise<number> {
  const product = { name, description: '', platform_id: deviceOs62.platformId };
  const { body } = await client.post<{ product: { id: number } }>({ uri: '/v1/user/products', data: { product } });
  return body.product.id;
}

const failure = (outcome: { stdout: string }): unknown => (JSON.parse(outcome.stdout) as { error: unknown }).error;

describeRows('Firmware', [
  {
    ids: ['CLI-13'],
    what: '`flash <device> firmware.bin` sends a file over the air and ends when the device runs it; several files go in the order in which they need each other',
    async run() {
      const { application, firmware, deviceId } = await newDevice('lamp');
      await shell.write('firmware.bin', module(21, 20_000));
      const flashed = await shell.chamber(['flash', 'lamp', 'firmware.bin']);
      expect(flashed).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^lamp runs firmware\.bin \([\d.]+ s\)\n$/),
      });
      expect(flashed.stderr).toMatch(/^Flashing firmware\.bin \(20 KB\) to lamp \.\.\.\nSending \.\.\.\n/);
      expect(application()).toBe(21);

      const system = { function: ModuleFunction.SYSTEM_PART, index: 1, version: 6301 };
      await shell.write('app.bin', module(22, 9000, { dependencies: [system] }));
      await shell.write('system.bin', module(6301, 9000, { function: ModuleFunction.SYSTEM_PART }));
      expect(await shell.json(['flash', deviceId, 'app.bin', 'system.bin'])).toEqual({
        id: deviceId,
        update_id: expect.stringMatching(/^[0-9a-f]{24}$/),
        warning: null,
        outcome: 'succeeded',
        duration: expect.any(Number),
      });
      expect([application(), firmware.module(ModuleFunction.SYSTEM_PART, 1)?.version]).toEqual([22, 6301]);
    },
  },
  {
    ids: ['CLI-13'],
    what: 'what the cloud refuses ends with 1, a device that refuses the firmware too, one that is offline with 6, an unknown one with 4 or 5',
    async run() {
      await newDevice('picky', { updateFault: { kind: 'bad-flash' } });
      await shell.write('good.bin', module(23, 5000));
      await shell.write('bad.bin', module(24, 5000).fill(0, 2000, 2100));
      await shell.write('other.bin', module(25, 5000, { platformId: 13 }));
      const flash = (...words: string[]) => shell.chamber(['flash', ...words]);
      expect(await flash('picky', 'bad.bin')).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/bad\.bin: .*CRC/),
      });
      expect(await flash('picky', 'other.bin')).toMatchObject({ code: 1, stderr: expect.stringContaining('platform') });
      expect(await flash('picky', 'good.bin')).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('Error: picky refused it'),
      });
      await registerDevice(client, 'asleep');
      const offline = await flash('asleep', 'good.bin');
      expect(offline).toMatchObject({ code: 6, stderr: expect.stringContaining('asleep is offline') });
      expect(offline.stderr).toContain('nothing was flashed');
      expect([4, 5]).toContain((await flash('nobody', 'good.bin')).code);
      expect(await flash('picky', 'none.bin')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('There is no file none.bin'),
      });
      const stranger = await shells.open({ apiUrl: server.url, access_token: 'f'.repeat(40) });
      const path = await stranger.write('good.bin', module(23, 5000));
      expect(await stranger.chamber(['flash', 'picky', path])).toMatchObject({ code: 3 });
    },
  },
  {
    ids: ['CLI-13'],
    what: 'a device that goes away in the midst ends it with 6; Ctrl-C with 130, and the update goes on by itself, as with `--no-wait`',
    async run() {
      const { device, application } = await newDevice('leaving', { updateFault: slow(15_000) });
      await shell.write('large.bin', module(31, 120_000));
      const gone = await shell.chamber(['flash', 'leaving', 'large.bin', '--timeout', '3'], {
        interruptWhen: (_out, err) => {
          if (err.includes('Sending')) void device.disconnect({ timeoutMs: 0 });
          return false;
        },
      });
      expect(gone).toMatchObject({ code: 6, stdout: '' });
      expect(gone.stderr).toMatch(
        /Error: leaving is (offline|online and takes no more): the update stands still.* for 3 seconds\nIt goes on by itself when the device is back/,
      );
      expect(application()).toBeUndefined();

      const other = await newDevice('staying', { updateFault: slow(15_000) });
      await shell.write('middle.bin', module(32, 60_000));
      const stopped = await shell.chamber(['flash', 'staying', 'middle.bin'], {
        interruptWhen: (_out, err) => err.includes('Sending'),
      });
      expect(stopped).toMatchObject({ code: 130, stdout: '' });
      expect(stopped.stderr).toContain('The update of staying goes on by itself.');
      await eventually('the update to end by itself', () => other.application() === 32, 30_000);

      const quick = await newDevice('quick', { updateFault: slow(15_000) });
      const data = await shell.json(['flash', 'quick', 'middle.bin', '--no-wait']);
      expect(data).toMatchObject({ id: quick.deviceId, outcome: null });
      expect(quick.application()).toBeUndefined();
      await eventually('that one too', () => quick.application() === 32, 30_000);
    },
  },
  {
    ids: ['CLI-16'],
    what: '`flash <device> tinker` flashes an application that the operator of the cloud has uploaded, with the parts of Device OS that it needs; without one it says what to do',
    async run() {
      const { application, firmware } = await newDevice('tinkered');
      const none = await shell.chamber(['flash', 'tinkered', 'tinker']);
      expect(none).toMatchObject({
        code: 5,
        stdout: '',
        stderr: expect.stringContaining('No application of that name'),
      });
      expect(none.stderr).toContain('docs/flashing.md');
      const upload = async (file: Buffer, name?: string) => {
        const body = new FormData();
        body.set('file', new Blob([new Uint8Array(file)]), 'part.bin');
        if (name !== undefined) body.set('name', name);
        const headers = { authorization: `Bearer ${token}` };
        const reply = await fetch(`${server.url}/v1/firmware-modules`, { method: 'POST', headers, body });
        expect(reply.status).toBe(201);
      };
      const system = { function: ModuleFunction.SYSTEM_PART, index: 1, version: 6310 };
      await upload(module(6310, 30_000, { function: ModuleFunction.SYSTEM_PART }));
      await upload(module(41, 20_000, { dependencies: [system] }), 'tinker');
      const flashed = await shell.chamber(['flash', 'tinkered', 'tinker']);
      expect(flashed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^tinkered runs tinker/) });
      expect(flashed.stderr).toContain('Sending (image 1 of 2) ...');
      expect([application(), firmware.module(ModuleFunction.SYSTEM_PART, 1)?.version]).toEqual([41, 6310]);
    },
  },
  {
    ids: ['CLI-17'],
    what: '`flash --serial` says that it is gone, and how to flash over USB',
    async run() {
      const gone = await shell.chamber(['flash', '--serial', 'tinker']);
      expect(gone).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('chamber flash --local tinker'),
      });
      expect(gone.stderr).toContain('DFU');
    },
  },
  {
    ids: ['CLI-20'],
    what: '`flash <device> product.zip` brings an application with its assets',
    note: 'Bundles are not made here: `flash` does not compile yet.',
    async run() {
      const { application, firmware } = await newDevice('with-assets');
      const asset = randomBytes(3000);
      const hash = sha256(asset).toString('hex');
      const extensions = [assetDependency({ name: 'coprocessor.bin', hash })];
      const app = module(51, 8000, { extensions });
      await shell.write('product.zip', zipSync({ 'app.bin': app, 'assets/coprocessor.bin': asset }));
      expect(await shell.chamber(['flash', 'with-assets', 'product.zip'])).toMatchObject({ code: 0 });
      expect(application()).toBe(51);
      expect(firmware.assets.map(({ name }) => name)).toEqual(['coprocessor.bin']);
      const other = zipSync({ 'app.bin': app, 'assets/coprocessor.bin': randomBytes(3000) });
      await shell.write('other.zip', other);
      expect(await shell.chamber(['flash', 'with-assets', 'other.zip'])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('coprocessor.bin is not the one that the application names'),
      });
    },
  },
  {
    ids: ['CLI-21'],
    what: '`cloud flash <id> --product <id>` flashes a device of a product, and warns when the firmware of the product may overwrite it',
    async run() {
      const product = await newProduct('Flashed');
      const { deviceId, application } = await newDevice('member');
      await client.post({ uri: `/v1/products/${product}/devices`, data: { id: deviceId } });
      await shell.write('member.bin', module(61, 6000));
      const flash = (device: string) =>
        shell.chamber(['cloud', 'flash', device, 'member.bin', '--product', `${product}`]);
      const warned = await flash(deviceId);
      expect(warned).toMatchObject({ code: 0, stdout: expect.stringContaining('runs member.bin') });
      expect(warned.stderr).toContain('Warning: The device is in a product and not marked as a development device');
      expect(application()).toBe(61);
      await client.put({ uri: `/v1/products/${product}/devices/${deviceId}`, data: { development: true } });
      await shell.write('member.bin', module(62, 6000));
      const quiet = await flash('member');
      expect(quiet).toMatchObject({ code: 0 });
      expect(quiet.stderr).not.toContain('Warning');
      expect(application()).toBe(62);
      expect(await shell.chamber(['flash', deviceId, 'member.bin', '--product', 'unknown'])).toMatchObject({
        code: 5,
        stderr: expect.stringContaining('There is no product "unknown"'),
      });
    },
  },
  {
    ids: ['CLI-11', 'CLI-12', 'CLI-15'],
    what: 'folders, source files and `--target` end with 1 and say that a compiled file works',
    note: 'This build does not compile.',
    async run() {
      await mkdir(join(shell.folder, 'my_project'));
      await shell.write('app.ino', 'void setup() {}');
      for (const words of [
        ['lamp', 'my_project'],
        ['lamp', '.'],
        ['lamp', 'app.ino', 'library1.cpp', 'library1.h'],
        ['lamp'],
        ['--target', '5.3.1', 'lamp', 'my_project'],
      ]) {
        const refused = await shell.chamber(['flash', ...words]);
        expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('does not compile yet') });
        expect(refused.stderr).toContain('chamber flash <device> firmware.bin');
      }
      const machine = await shell.chamber(['flash', 'lamp', '.', '--json']);
      expect(failure(machine)).toMatchObject({ kind: 'failure', exit_code: 1 });
      expect(await shell.chamber(['flash'])).toMatchObject({ code: 2 });
    },
  },
]);
