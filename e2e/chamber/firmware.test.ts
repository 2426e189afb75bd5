import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
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
import { ARGONS } from '../harness/fleet-device.ts';
import { ProductFleet } from '../harness/product-fleet.ts';
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
  {
    ids: ['CLI-75'],
    what: '`binary inspect <file>` tells of a .bin file to the letter, of several modules in one, and of a .zip with its assets',
    async run() {
      const needs = [{ function: ModuleFunction.SYSTEM_PART, index: 1, version: 6 }];
      const system = module(6, 500, { function: 4, index: 2, platformId: 6, dependencies: needs, suffix: 'bare' });
      await shell.write('file.bin', system);
      const lines = [
        'file.bin',
        ` CRC is ok (${system.subarray(-4).toString('hex')})`,
        ' Compiled for photon',
        ' This is a system module number 2 at version 6',
        ' It depends on a system module number 1 at version 6',
      ];
      expect(await shell.chamber(['binary', 'inspect', 'file.bin'])).toEqual({
        code: 0,
        stdout: `${lines.join('\n')}\n`,
        stderr: '',
      });
      expect(await shell.json(['binary', 'inspect', 'file.bin'])).toMatchObject({
        kind: 'module',
        problems: [],
        modules: [{ platform: 'photon', function: 'system_part', index: 2, version: 6, crc: { ok: true } }],
      });
      const hash = sha256(Buffer.from('meow')).toString('hex');
      const app = module(7, 500, { extensions: [assetDependency({ name: 'cat.txt', hash })] });
      await shell.write('b.zip', zipSync({ 'app.bin': app, 'assets/cat.txt': Buffer.from('meow') }));
      const bundle = await shell.chamber(['binary', 'inspect', 'b.zip']);
      expect(bundle.stdout).toContain(' Compiled for p2\n This is an application module number 1 at version 7\n');
      expect(bundle.stdout).toContain(`assets/cat.txt\n 4 bytes (${hash})\n The application names it\n`);
    },
  },
  {
    ids: ['CLI-75'],
    what: 'a wrong CRC, a file that is cut off, is no firmware, is too large or unpacks to too much ends with 1',
    async run() {
      const inspect = (name: string, ...more: string[]) => shell.chamber(['binary', 'inspect', name, ...more]);
      const file = module(3, 5000);
      await shell.write('damaged.bin', Buffer.from(file).fill(0, 2000, 2010));
      const damaged = await inspect('damaged.bin');
      expect(damaged).toMatchObject({ code: 1, stderr: 'Error: damaged.bin: the CRC is wrong, the file is damaged\n' });
      const stored = file.subarray(-4).toString('hex');
      expect(damaged.stdout).toContain(` CRC failed (should be ${stored} but is `);
      expect(failure(await inspect('damaged.bin', '--json'))).toMatchObject({ kind: 'failure', exit_code: 1 });
      await shell.write('cut.bin', file.subarray(0, 3000));
      expect(await inspect('cut.bin')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('of which 3000 are there'),
      });
      await shell.write('text.bin', 'not at all');
      expect(await inspect('text.bin')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('no firmware module'),
      });
      await shell.write('bomb.zip', zipSync({ 'a.bin': Buffer.alloc(100_000_000) }));
      expect(await inspect('bomb.zip')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('the archive has more than'),
      });
      await shell.write('large.bin', Buffer.alloc(100_000_000));
      expect(await inspect('large.bin')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('no firmware has more than 16 MB'),
      });
      expect(await inspect('.')).toMatchObject({ code: 1, stdout: '' });
      expect(await inspect('none.bin')).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no file') });
    },
  },
  {
    ids: ['OTA-10'],
    what: '`product firmware` uploads, lists, releases with the impact shown before, renames, downloads and deletes versions',
    async run() {
      const product = await newProduct('Greenhouse');
      const { deviceId } = await newDevice('pilot');
      await client.post({ uri: `/v1/products/${product}/devices`, data: { id: deviceId } });
      const firmware = (...words: string[]) => shell.chamber(['product', 'firmware', ...words]);
      const id = `${product}`;
      const image = module(7, 6000, { product: { id: product, version: 7 } });
      await shell.write('seven.bin', image);
      await shell.write('eight.bin', module(8, 6000, { product: { id: product, version: 8 } }));
      expect(await firmware('upload', id, 'seven.bin', '--version', '7', '--title', 'Valves')).toMatchObject({
        code: 0,
        stdout: 'Uploaded seven.bin as version 7; it is released to nobody yet\n',
      });
      expect(await shell.json(['product', 'firmware', 'upload', id, 'eight.bin'])).toMatchObject({
        version: 8,
        title: 'Version 8',
      });
      const early = await firmware('release', id, '7', '--default', '--yes');
      expect(early).toMatchObject({ code: 1, stdout: '' });

      expect(await shell.chamber(['flash', deviceId, 'seven.bin', '--product', id])).toMatchObject({ code: 0 });
      await eventually('the cloud to see it', async () => {
        const { body } = await client.getProductFirmware({ product, version: 7 });
        return body.device_count === 1;
      });
      expect(await firmware('release', id, '7', '--default')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('--yes'),
      });
      expect(await firmware('release', id, '7', '--yes')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('--default'),
      });
      const released = await firmware('release', id, '7', '--default', '--yes');
      expect(released).toMatchObject({ code: 0, stdout: 'Released version 7 to the default\n' });
      expect(released.stderr).toBe('Version 7 (Valves) to the default\nNo device is updated at the next handshake\n');
      const listed = await firmware('list', id);
      expect(listed.stdout).toMatch(
        /^VERSION {2}TITLE +RELEASED TO +DEVICES +UPLOADED\n8 +Version 8 +nobody +0 .*\n7 +Valves +the default +1 /,
      );
      expect(await firmware('update', id, '8', '--title', 'Pumps')).toMatchObject({ code: 0 });
      expect(await shell.json(['product', 'firmware', 'list', id])).toMatchObject([
        { version: 8, title: 'Pumps' },
        { current: true },
      ]);
      expect(await firmware('download', id, '7')).toMatchObject({
        code: 0,
        stdout: `Saved product-${id}-v7.bin (6 KB)\n`,
      });
      expect(await readFile(join(shell.folder, `product-${id}-v7.bin`))).toEqual(image);
      expect(await firmware('download', id, '7')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('exists already'),
      });
      expect(await firmware('delete', id, '8')).toMatchObject({ code: 2 });
      expect(await firmware('delete', id, '8', '--yes')).toMatchObject({ code: 0, stdout: 'Deleted version 8\n' });
      expect(await firmware('delete', id, '8', '--yes')).toMatchObject({ code: 5 });
      expect(await firmware('delete', id, '7', '--yes')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('released'),
      });
      expect(await firmware('list', 'unknown')).toMatchObject({ code: 5 });
    },
  },
  {
    ids: ['OTA-10'],
    what: '`product rollout` begins one after showing its impact, watches it to its end, pauses, resumes and rolls back',
    note: 'An addition: the published tool has no rollouts.',
    async run() {
      const common = { server, owner: client, imageBytes: 5000 };
      const fleet = await ProductFleet.create({ ...common, name: 'Rolled', count: 2, profiles: ARGONS.slice(0, 1) });
      await fleet.connect();
      const [pilot] = fleet.devices;
      if (pilot === undefined) throw new Error('there is no pilot');
      await fleet.upload(2);
      await fleet.pilot(pilot, 2);
      const rollout = (...words: string[]) => shell.chamber(['product', 'rollout', ...words]);
      const id = `${fleet.product}`;
      expect(await rollout('show', id)).toMatchObject({ code: 5 });
      const steps = ['--default', '--step', '50%', '--step', '100%', '--pause', '0', '--now'];
      expect(await rollout('create', id, '2', ...steps)).toMatchObject({ code: 2 });
      const begun = await rollout('create', id, '2', ...steps, '--yes');
      expect(begun).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Rollout [0-9a-f]{24} of version 2: /) });
      expect(begun.stderr).toBe('1 device is updated: 1 from version 1, in steps\n');
      expect(await rollout('pause', id)).toMatchObject({ code: 0, stdout: expect.stringContaining('paused') });
      expect(await rollout('resume', id)).toMatchObject({ code: 0 });
      const watched = await rollout('watch', id);
      expect(watched).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/version 2: completed, step 2 of 2.*\n$/),
      });
      expect(fleet.devices.map(({ version }) => version)).toEqual([2, 2]);
      expect((await rollout('list', id)).stdout).toMatch(/^[0-9a-f]{24} version 2: completed/);
      expect(await rollout('rollback', id)).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
      expect(await rollout('pause', id)).toMatchObject({ code: 1 });
      await fleet.disconnect();
    },
  },
]);
