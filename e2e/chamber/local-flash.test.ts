import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { assetDependency, buildModule, ModuleFunction, type ModuleToBuild, sha256 } from '@cloudchamber/wire';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect } from 'vitest';
import { clientOf } from '../harness/api-client.ts';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';
import { eventually } from '../harness/eventually.ts';
import { ownClient } from '../harness/own-client.ts';
import { describeRows } from './rows.ts';
import { type Bench, openBench } from './scripted-usb/bench.ts';
import { type Outcome, openShells, type Shell, type Shells, type Typing } from './terminal.ts';

const BORON = 'e00fce68a1b2c3d4e5f60718';
const OTHER = 'e00fce68a1b2c3d4e5f60719';
const PHOTON = '36002f000a47363333343437';
const NOTE = 'Against a scripted device; never run on hardware';
const INTERNAL = 0;
const EXTERNAL = 2;
/** Where modules of a Boron are. */
const SYSTEM_AT = 0x3_0000;
const APPLICATION_AT = 0xb_4000;
const FORMER_APPLICATION_AT = 0xd_4000;
const FACTORY_AT = 0x20_0000;
const PHOTON_FACTORY_AT = 0x080e_0000;

let server: CloudServer;
let shells: Shells;
let token: string;
beforeAll(async () => {
  [server, shells] = await Promise.all([startServer(), openShells()]);
  token = (await clientOf(server).login(server.operator)).body.access_token;
});
afterAll(async () => {
  await Promise.all([server?.dispose(), shells?.[Symbol.asyncDispose]()]);
});

interface Desk extends Bench {
  readonly shell: Shell;
  chamber(args: readonly string[], typing?: Typing): Promise<Outcome>;
  /** What is in the memory at the place and in the length of a module. */
  read(module: Buffer, address: number, alt?: number): Buffer;
}

/** Somebody at a desk with a Boron, without a log-in unless a token is given. */
async function desk(profile: { access_token?: string } = {}): Promise<Desk> {
  const shell = await shells.open({ apiUrl: server.url, ...profile });
  const bench = await openBench(join(shell.home, 'usb'));
  bench.plugIn({ id: BORON });
  return {
    ...bench,
    shell,
    chamber: (args, typing = {}) => shell.chamber(args, { ...typing, ...bench.typing }),
    read: (module, address, alt = INTERNAL) => bench.memory(BORON, alt, address, module.length),
  };
}

const application = (more: Partial<ModuleToBuild> = {}, bytes = 9000): Buffer =>
  buildModule({
    function: ModuleFunction.USER_PART,
    version: 7,
    platformId: 13,
    startAddress: APPLICATION_AT,
    content: randomBytes(bytes),
    ...more,
  });

const systemPart = (version: number, more: Partial<ModuleToBuild> = {}): Buffer =>
  application({ function: ModuleFunction.SYSTEM_PART, version, startAddress: SYSTEM_AT, ...more });

const bootloader = (version: number): Buffer =>
  application({ function: ModuleFunction.BOOTLOADER, index: 0, version, startAddress: 0xf_4000 }, 3000);

const needs = (kind: number, index: number, version: number): Pick<ModuleToBuild, 'dependencies'> => ({
  dependencies: [{ function: kind, index, version }],
});

/** As the operator does it. */
async function upload(file: Buffer, name?: string): Promise<void> {
  const body = new FormData();
  body.set('file', new Blob([new Uint8Array(file)]), 'part.bin');
  if (name !== undefined) body.set('name', name);
  const headers = { authorization: `Bearer ${token}` };
  const reply = await fetch(`${server.url}/v1/firmware-modules`, { method: 'POST', headers, body });
  expect(reply.status).toBe(201);
}

describeRows('Flashing over USB', [
  {
    ids: ['CLI-14'],
    what: '`flash --local <file>` puts the only device into DFU mode by itself, writes the file where it says, and starts the device again; without a log-in too',
    note: NOTE,
    async run() {
      const { shell, chamber, read, state, fill, typing } = await desk();
      const app = application();
      await shell.write('app.bin', app);
      // Flash that is not erased before would keep zeros.
      fill(BORON, INTERNAL, APPLICATION_AT, Buffer.alloc(20_000));
      expect(await chamber(['flash', '--local', 'app.bin'])).toMatchObject({
        code: 0,
        stdout: `Flashed device ${BORON}: it restarts\n`,
      });
      expect(read(app, APPLICATION_AT).equals(app)).toBe(true);
      expect(state(BORON)).toMatchObject({ mode: 'normal', restarts: 2, told: ['dfu'] });
      const data = await shell.json(['flash', '--local', 'app.bin'], typing);
      expect(data).toMatchObject({ id: BORON, flashed: [{ name: 'app.bin', bytes: app.length }] });
    },
  },
  {
    ids: ['CLI-14'],
    what: 'a device in DFU mode is flashed as it is; an application for Device OS 3.1 or later blanks the place where former ones began',
    note: NOTE,
    async run() {
      const { shell, chamber, read, state, plugIn, fill, memory } = await desk();
      plugIn({ id: BORON, mode: 'dfu' });
      fill(BORON, INTERNAL, FORMER_APPLICATION_AT, Buffer.alloc(4096));
      const app = application(needs(ModuleFunction.SYSTEM_PART, 1, 5500));
      await shell.write('app.bin', app);
      expect((await chamber(['flash', '--local', 'app.bin'])).code).toBe(0);
      expect(read(app, APPLICATION_AT).equals(app)).toBe(true);
      expect(memory(BORON, INTERNAL, FORMER_APPLICATION_AT, 4096).every((byte) => byte === 0xff)).toBe(true);
      expect(state(BORON)).toMatchObject({ mode: 'normal', restarts: 1 });
    },
  },
  {
    ids: ['CLI-14'],
    what: 'among several devices one is meant by its id or its name in the cloud; without either the command ends with 2, without a device with 5',
    note: NOTE,
    async run() {
      const { shell, chamber, read, state, plugIn } = await desk({ access_token: token });
      const app = application();
      await shell.write('app.bin', app);
      plugIn({ id: OTHER });
      const unsaid = await chamber(['flash', '--local', 'app.bin']);
      expect(unsaid).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(OTHER) });
      expect(unsaid.stderr).toContain('pass <device>');
      const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
      const key = publicKey.export({ format: 'pem', type: 'spki' }).toString();
      await (await ownClient(server)).call('registerDevice', {
        body: { id: BORON, name: 'bench', owner: server.operator.username, public_key: key },
      });
      expect((await chamber(['flash', '--local', 'bench', 'app.bin'])).code).toBe(0);
      expect(read(app, APPLICATION_AT).equals(app)).toBe(true);
      expect(state(OTHER).told).toBeUndefined();
      expect((await chamber(['flash', '--local', OTHER, 'app.bin'])).code).toBe(0);
      expect(state(OTHER).told).toEqual(['dfu']);
      expect((await chamber(['flash', '--local', PHOTON, 'app.bin'])).code).toBe(5);
      const empty = await desk();
      plugOut(empty);
      await empty.shell.write('app.bin', app);
      expect((await empty.chamber(['flash', '--local', 'app.bin'])).code).toBe(5);
    },
  },
  {
    ids: ['CLI-14'],
    what: 'a file for another platform, a damaged one, one that is no firmware or not there: nothing is written, and the device goes on as it is',
    note: NOTE,
    async run() {
      const { shell, chamber, state } = await desk();
      await shell.write('photon.bin', application({ platformId: 6 }));
      expect(await chamber(['flash', '--local', 'photon.bin'])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('photon.bin is for platform 6, and the device is a Boron (13)'),
      });
      const damaged = application();
      damaged[2000] = (damaged[2000] ?? 0) ^ 1;
      await shell.write('damaged.bin', damaged);
      expect(await chamber(['flash', '--local', 'damaged.bin'])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('damaged.bin cannot be flashed: the CRC of the module is wrong'),
      });
      await shell.write('text.bin', 'hello');
      expect((await chamber(['flash', '--local', 'text.bin'])).code).toBe(1);
      expect(await chamber(['flash', '--local', 'gone.bin'])).toMatchObject({
        code: 5,
        stderr: expect.stringContaining('There is no file gone.bin'),
      });
      expect(state(BORON)).toMatchObject({ mode: 'normal' });
      expect(state(BORON).told).toBeUndefined();
    },
  },
  {
    ids: ['CLI-14', 'CLI-20'],
    what: 'a .zip bundle: the application over DFU, and then each asset through Device OS',
    note: NOTE,
    async run() {
      const { shell, chamber, read, state } = await desk();
      const asset = randomBytes(3000);
      const hash = sha256(asset).toString('hex');
      const app = application({ extensions: [assetDependency({ name: 'sound.wav', hash })] });
      await shell.write('product.zip', zipSync({ 'app.bin': app, 'assets/sound.wav': asset }));
      expect(await chamber(['flash', '--local', 'product.zip'])).toMatchObject({ code: 0 });
      expect(read(app, APPLICATION_AT).equals(app)).toBe(true);
      const { updates = [], mode, told } = state(BORON);
      expect(updates).toHaveLength(1);
      expect(updates[0]).toBeGreaterThan(3000);
      expect([mode, told]).toEqual(['normal', ['dfu', 'start-listening']]);
    },
  },
  {
    ids: ['CLI-14'],
    what: 'a device that is unplugged in the middle ends the command with 6',
    note: NOTE,
    async run() {
      const { shell, chamber, plugIn } = await desk();
      plugIn({ id: BORON, unplugAfterBlocks: 4 });
      await shell.write('app.bin', application());
      expect(await chamber(['flash', '--local', 'app.bin'])).toMatchObject({
        code: 6,
        stdout: '',
        stderr: expect.stringContaining(`The device ${BORON} went away from USB`),
      });
    },
  },
  {
    ids: ['CLI-14'],
    what: 'Ctrl-C in the middle ends with 130, and says that the device is in DFU mode; the same command again completes it',
    note: NOTE,
    async run() {
      const { shell, chamber, plugIn, read, state, memory } = await desk();
      plugIn({ id: BORON, blockMs: 150 });
      const app = application({}, 40_000);
      await shell.write('app.bin', app);
      const isWritten = () => memory(BORON, INTERNAL, APPLICATION_AT, 64).some((byte) => byte !== 0xff);
      const interruptAfter = eventually('the first block to be written', isWritten, 30_000).then(() => {});
      const stopped = await chamber(['flash', '--local', 'app.bin'], { interruptAfter });
      expect(stopped).toMatchObject({ code: 130, stdout: '' });
      expect(stopped.stderr).toContain(`The device ${BORON} is in DFU mode, and not all was written`);
      expect(state(BORON).mode).toBe('dfu');
      expect(read(app, APPLICATION_AT).equals(app)).toBe(false);
      plugIn({ id: BORON, mode: 'dfu' });
      expect((await chamber(['flash', '--local', 'app.bin'])).code).toBe(0);
      expect(read(app, APPLICATION_AT).equals(app)).toBe(true);
    },
  },
  {
    ids: ['CLI-18'],
    what: '`flash --factory <file>` writes the slot for factory reset and leaves the application; Device OS and platforms without that slot are refused',
    note: `${NOTE}. That a reset takes the application from there was not seen`,
    async run() {
      const { shell, chamber, read, plugIn, memory, state } = await desk();
      const app = application();
      await shell.write('app.bin', app);
      expect((await chamber(['flash', '--factory', 'app.bin'])).code).toBe(0);
      expect(read(app, FACTORY_AT, EXTERNAL).equals(app)).toBe(true);
      expect(read(app, APPLICATION_AT).every((byte) => byte === 0xff)).toBe(true);
      await shell.write('system.bin', systemPart(5500));
      expect(await chamber(['flash', '--factory', 'system.bin'])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('nothing else can be flashed for factory reset'),
      });
      plugIn({ id: PHOTON, platformId: 6 });
      const photonApp = application({ platformId: 6, startAddress: 0x080a_0000 });
      await shell.write('photon.bin', photonApp);
      expect((await chamber(['flash', '--factory', PHOTON, 'photon.bin'])).code).toBe(0);
      expect(memory(PHOTON, INTERNAL, PHOTON_FACTORY_AT, photonApp.length).equals(photonApp)).toBe(true);
      plugIn({ id: OTHER, platformId: 32 });
      await shell.write('p2.bin', application({ platformId: 32 }));
      expect(await chamber(['flash', '--factory', OTHER, 'p2.bin'])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('has no place for an application for factory reset'),
      });
      expect(state(OTHER).told).toBeUndefined();
    },
  },
  {
    ids: ['CLI-16', 'CLI-18'],
    what: '`flash --local tinker` and `flash --factory tinker` write an application that the operator has uploaded; `--target` writes Device OS too, and without it, or with `--application-only`, Device OS stays',
    note: `${NOTE}. Only the operator of the cloud may: the library is for operators`,
    async run() {
      const { chamber, read, state } = await desk({ access_token: token });
      expect(await chamber(['flash', '--local', 'tinker'])).toMatchObject({
        code: 5,
        stderr: expect.stringContaining('There is no file and no application "tinker" for a Boron'),
      });
      const tinker = application();
      const system = systemPart(5500, needs(ModuleFunction.BOOTLOADER, 0, 1200));
      await upload(tinker, 'tinker');
      for (const file of [system, bootloader(1200), bootloader(1300), systemPart(5600)]) await upload(file);
      expect((await chamber(['flash', '--local', 'tinker'])).code).toBe(0);
      expect(read(tinker, APPLICATION_AT).equals(tinker)).toBe(true);
      expect((await chamber(['flash', '--factory', 'tinker'])).code).toBe(0);
      expect(read(tinker, FACTORY_AT, EXTERNAL).equals(tinker)).toBe(true);
      expect((await chamber(['flash', '--local', 'tinker', '--target', '5.5.0', '--application-only'])).code).toBe(0);
      expect(read(system, SYSTEM_AT).every((byte) => byte === 0xff)).toBe(true);
      expect((await chamber(['flash', '--local', 'tinker', '--target', '5.5.0'])).code).toBe(0);
      expect(read(system, SYSTEM_AT).equals(system)).toBe(true);
      // The lowest bootloader that will do, through Device OS.
      expect(state(BORON).updates).toEqual([bootloader(1200).length]);
    },
  },
  {
    ids: ['CLI-61'],
    what: '`update` installs the newest Device OS of the cloud and what it needs, `--target` another one; the texts are those of the reference, with a line for each part that is written',
    note: `${NOTE}. Only the operator of the cloud may; others end with 4 and are told how to flash files. What it installs is what the operator has uploaded`,
    async run() {
      const { chamber, read, state } = await desk({ access_token: token });
      const newest = systemPart(6200, needs(ModuleFunction.BOOTLOADER, 0, 1300));
      const older = systemPart(5800);
      await upload(newest);
      await upload(older);
      const updated = await chamber(['update']);
      expect(updated).toEqual({
        code: 0,
        stderr: [
          '> Your device is ready for a system update.',
          '> This process should take about 30 seconds. Here goes!',
          '',
          'Flashing bootloader-0@1300',
          'Flashing system_part-1@6200',
          '',
        ].join('\n'),
        stdout: '! System firmware update successfully completed!\n\n> Your device should now restart automatically.\n',
      });
      expect(read(newest, SYSTEM_AT).equals(newest)).toBe(true);
      expect(state(BORON)).toMatchObject({ mode: 'normal', updates: [bootloader(1300).length] });
      expect((await chamber(['update', BORON, '--target', '5.8.0'])).code).toBe(0);
      expect(read(older, SYSTEM_AT).equals(older)).toBe(true);
      expect(await chamber(['update', '--target', '4.2.0'])).toMatchObject({
        code: 5,
        stderr: expect.stringContaining('The cloud has no Device OS 4.2.0 for a Boron'),
      });
      expect((await chamber(['update', '--target', 'newest'])).code).toBe(2);
      const account = { username: 'nobody@example.com', password: 'nobody-at-all-1' };
      await clientOf(server).createUser(account);
      const { body } = await clientOf(server).login(account);
      const other = await desk({ access_token: body.access_token });
      const refused = await other.chamber(['update']);
      expect(refused).toMatchObject({ code: 4, stdout: '' });
      expect(refused.stderr).toContain('chamber flash --local <file>');
      expect(other.state(BORON).told).toBeUndefined();
    },
  },
]);

/** Nothing is on USB any more. */
function plugOut({ plugIn }: Bench): void {
  plugIn({ id: BORON, goneUntil: Number.MAX_SAFE_INTEGER });
}
