import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { clientOf } from '../harness/api-client.ts';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';
import { ownClient } from '../harness/own-client.ts';
import { describeRows } from './rows.ts';
import { type Bench, openBench } from './scripted-usb/bench.ts';
import { type Outcome, openShells, type Shell, type Shells } from './terminal.ts';

const BORON = 'e00fce68a1b2c3d4e5f60718';
const PHOTON = '36002f000a47363333343437';
const NOTE = 'Against a scripted device; never run on hardware';

let server: CloudServer;
let shells: Shells;
beforeAll(async () => {
  [server, shells] = await Promise.all([startServer(), openShells()]);
});
afterAll(async () => {
  await Promise.all([server?.dispose(), shells?.[Symbol.asyncDispose]()]);
});

interface Desk extends Bench {
  readonly shell: Shell;
  chamber(...args: string[]): Promise<Outcome>;
}

/** Somebody at a desk, whose cloud this is. */
async function desk(profile: { access_token?: string } = {}): Promise<Desk> {
  const shell = await shells.open({ apiUrl: server.url, ...profile });
  const bench = await openBench(join(shell.home, 'usb'));
  return { ...bench, shell, chamber: (...args) => shell.chamber(args, bench.typing) };
}

describeRows('USB', [
  {
    ids: ['CLI-52'],
    what: '`usb list` prints name, id, platform and mode, without a log-in too; `--exclude-dfu` and `--ids-only`',
    note: NOTE,
    async run() {
      const { plugIn, chamber } = await desk();
      expect(await chamber('usb', 'list')).toMatchObject({ code: 0, stdout: 'No devices found.\n' });
      plugIn({ id: BORON, mode: 'listening' });
      plugIn({ id: PHOTON, platformId: 6, mode: 'dfu' });
      expect((await chamber('usb', 'list')).stdout).toBe(
        `<unknown> [${PHOTON}] (Photon, DFU)\n<unknown> [${BORON}] (Boron, LISTENING)\n`,
      );
      expect((await chamber('usb', 'list', '--exclude-dfu', '--ids-only')).stdout).toBe(`${BORON}\n`);
    },
  },
  {
    ids: ['CLI-52'],
    what: 'names come from the cloud, and a device is meant by its name there',
    note: NOTE,
    async run() {
      const { body } = await clientOf(server).login(server.operator);
      const token = body.access_token;
      const { plugIn, chamber, state } = await desk({ access_token: token });
      plugIn({ id: BORON });
      plugIn({ id: PHOTON, platformId: 6 });
      const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
      await (await ownClient(server)).call('registerDevice', {
        body: {
          id: BORON,
          name: 'desk-lamp',
          owner: server.operator.username,
          public_key: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
        },
      });
      expect((await chamber('usb', 'list')).stdout).toContain(`desk-lamp [${BORON}] (Boron)\n`);
      expect((await chamber('usb', 'dfu', 'desk-lamp')).code).toBe(0);
      expect([state(BORON).mode, state(PHOTON).mode]).toEqual(['dfu', 'normal']);
      expect((await chamber('usb', 'dfu', 'nobody')).code).toBe(4);
    },
  },
  {
    ids: ['CLI-53', 'CLI-54'],
    what: '`usb listen` and `usb start-listening` from normal mode, `usb stop-listening` from listening mode alone',
    note: NOTE,
    async run() {
      const { plugIn, chamber, state } = await desk();
      plugIn({ id: BORON });
      expect(await chamber('usb', 'stop-listening')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('Stop listening can only be done from listening mode (blinking dark blue)'),
      });
      expect((await chamber('usb', 'listen', BORON.toUpperCase())).code).toBe(0);
      expect(state(BORON).mode).toBe('listening');
      expect((await chamber('usb', 'stop-listening')).code).toBe(0);
      expect(state(BORON)).toMatchObject({ mode: 'normal', told: ['start-listening', 'stop-listening'] });
    },
  },
  {
    ids: ['CLI-55', 'CLI-56', 'CLI-57'],
    what: 'a device is put into DFU mode and out of it again, into safe mode, and is reset',
    note: NOTE,
    async run() {
      const { plugIn, chamber, state } = await desk();
      plugIn({ id: BORON });
      expect((await chamber('usb', 'dfu')).code).toBe(0);
      expect(state(BORON).mode).toBe('dfu');
      const refused = await chamber('usb', 'safe-mode');
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('from normal operating mode') });
      expect((await chamber('usb', 'reset')).code).toBe(0);
      expect(state(BORON)).toMatchObject({ mode: 'normal', restarts: 2 });
      await expect.poll(async () => (await chamber('usb', 'safe-mode')).code).toBe(0);
      expect(state(BORON)).toMatchObject({ mode: 'safe', told: ['dfu', 'safe-mode'] });
    },
  },
  {
    ids: ['CLI-53', 'CLI-56'],
    what: 'several devices: `--all` or names; without either a usage error that names them; none is not found',
    note: NOTE,
    async run() {
      const { plugIn, chamber, state } = await desk();
      expect((await chamber('usb', 'dfu')).code).toBe(5);
      plugIn({ id: BORON });
      plugIn({ id: PHOTON, platformId: 6 });
      const unsaid = await chamber('usb', 'dfu');
      expect(unsaid).toMatchObject({ code: 2, stderr: expect.stringContaining(BORON) });
      expect(unsaid.stderr).toContain('--all');
      expect((await chamber('usb', 'dfu', 'e00fce68a1b2c3d4e5f60719')).code).toBe(5);
      expect((await chamber('usb', 'listen', '--all')).code).toBe(0);
      expect([state(BORON).mode, state(PHOTON).mode]).toEqual(['listening', 'listening']);
    },
  },
  {
    ids: ['CLI-58'],
    what: '`usb setup-done [--reset]` on Gen 3 up to Device OS 3.x; nothing from 4.0 on',
    note: NOTE,
    async run() {
      const { plugIn, chamber, state } = await desk();
      plugIn({ id: BORON, mode: 'listening' });
      expect((await chamber('usb', 'setup-done')).code).toBe(0);
      expect(state(BORON)).toMatchObject({ setupDone: true, mode: 'normal' });
      expect((await chamber('usb', 'setup-done', '--reset')).code).toBe(0);
      expect(state(BORON)).toMatchObject({ setupDone: false, mode: 'listening' });
      plugIn({ id: BORON, version: '4.0.0' });
      expect(await chamber('usb', 'setup-done')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('nothing to do'),
      });
      expect(state(BORON).told).toBeUndefined();
    },
  },
  {
    ids: ['CLI-59'],
    what: '`usb configure` shows the udev rules and the command for them when it may not write them',
    note: 'Run as the one who runs the tests',
    async run() {
      const { chamber } = await desk();
      const outcome = await chamber('usb', 'configure');
      if (outcome.code === 0) expect(outcome.stdout).toMatch(/needs no configuration|70-cloud-chamber\.rules/);
      else {
        expect(outcome.code).toBe(4);
        expect(outcome.stderr).toContain('ATTRS{idVendor}=="2b04"');
        expect(outcome.stderr).toContain('sudo tee /etc/udev/rules.d/70-cloud-chamber.rules');
      }
    },
  },
  {
    ids: ['CLI-60'],
    what: 'Device OS before 0.9.0 (Gen 3) and 1.0.0 (Gen 2) is refused, with what is needed',
    note: NOTE,
    async run() {
      const { plugIn, chamber, state } = await desk();
      plugIn({ id: BORON, version: '0.8.0-rc.27' });
      plugIn({ id: PHOTON, platformId: 6, version: '0.9.0' });
      const gen3 = await chamber('usb', 'listen', BORON);
      expect(gen3).toMatchObject({ code: 1, stderr: expect.stringContaining('USB commands need 0.9.0') });
      const gen2 = await chamber('usb', 'listen', PHOTON);
      expect(gen2).toMatchObject({ code: 1, stderr: expect.stringContaining('USB commands need 1.0.0') });
      expect(state(PHOTON).told).toBeUndefined();
    },
  },
  {
    ids: ['CLI-59'],
    what: 'a device that the system does not allow ends with 4 and names `chamber usb configure`',
    note: NOTE,
    async run() {
      const { plugIn, chamber } = await desk();
      plugIn({ id: BORON, denied: true });
      expect(await chamber('usb', 'list')).toMatchObject({
        code: 4,
        stderr: expect.stringContaining('chamber usb configure'),
      });
    },
  },
]);
