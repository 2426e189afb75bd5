import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BEHAVIOURS, deviceOs62, FirmwareStore, type VirtualDevice } from '@cloudchamber/virtual-device';
import { buildModule, ModuleFunction } from '@cloudchamber/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logIn } from '../harness/api-client.ts';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';
import { powerOn, registerDevice } from '../harness/devices.ts';
import { openShells, type Shell, type Shells } from './terminal.ts';
import { hasTmux, openScreen, type Screen } from './tmux.ts';

const CHAMBER = fileURLToPath(new URL('../../packages/cli/bin/chamber.cjs', import.meta.url));
const skipped = hasTmux ? '' : ' (SKIPPED: there is no tmux on this machine)';
if (skipped !== '') console.warn(`chamber at a terminal${skipped}`);

const application = (bytes: number): Buffer =>
  buildModule({
    function: ModuleFunction.USER_PART,
    version: 7,
    platformId: deviceOs62.platformId,
    content: randomBytes(bytes),
  });

describe.skipIf(!hasTmux)(`chamber at a terminal${skipped}`, () => {
  let server: CloudServer;
  let shells: Shells;
  let shell: Shell;
  let screen: Screen;
  let device: VirtualDevice;

  beforeAll(async () => {
    [server, shells] = await Promise.all([startServer(), openShells()]);
    shell = await shells.open();
    await mkdir(join(shell.home, '.particle'), { recursive: true });
    device = powerOn(server, await registerDevice(await logIn(server), 'weather'), {
      behaviour: BEHAVIOURS.get('weather'),
      firmware: new FirmwareStore(),
      // So slow that people see it.
      updateFault: { kind: 'slow', bytesPerSecond: 60_000 },
    });
    await device.connect();
    const { PATH = '' } = process.env;
    screen = await openScreen(shell.folder, {
      HOME: shell.home,
      PATH: `${process.execPath.replace(/\/node$/, '')}:${PATH}`,
      CHAMBER_API_URL: server.url,
    });
    await screen.type(`chamber() { node ${CHAMBER} "$@"; }; PS1='ready> '; clear`);
    await screen.press('Enter');
    await screen.shows(/^ready> *$/m);
  });
  afterAll(async () => {
    await screen?.[Symbol.asyncDispose]();
    await device?.disconnect();
    await Promise.all([server?.dispose(), shells?.[Symbol.asyncDispose]()]);
  });

  const enter = async (line: string): Promise<void> => {
    await screen.type(line);
    await screen.press('Enter');
  };

  it('asks who logs in, and does not show the password', async () => {
    const { username, password } = server.operator;
    await enter('chamber login');
    await screen.shows(/email/i);
    await enter(username);
    await screen.shows(/password/i);
    await screen.type(password);
    await screen.shows(/[▪•*]{8,}/);
    await screen.press('Enter');
    await screen.shows(/Successfully completed login!/);
    expect(screen.seen.filter((look) => look.includes(password))).toEqual([]);
    expect(await shell.profile('particle')).toMatchObject({ username, apiUrl: server.url });
  });

  it('ends a question at Ctrl-C, with 130 and nothing changed', async () => {
    await enter('clear; chamber device remove weather; echo "code $?"');
    await screen.shows(/Are you sure\?/);
    await screen.press('C-c');
    await screen.shows(/code 130/);
    const devices = await shell.json(['list'], { env: { CHAMBER_API_URL: server.url, CHAMBER_PROFILE: 'particle' } });
    expect(devices).toMatchObject([{ name: 'weather' }]);
  });

  it('shows events until Ctrl-C', async () => {
    await enter('clear; chamber subscribe; echo "code $?"');
    await screen.shows(/Listening to/);
    await device.publish('door', 'open');
    await screen.shows(/door/);
    await screen.press('C-c');
    await screen.shows(/code 130/);
  });

  it('draws a bar while a device takes firmware', async () => {
    await shell.write('firmware.bin', application(180_000));
    await enter('clear; chamber flash weather firmware.bin; echo "code $?"');
    await screen.shows(/█░.* \d+ %/);
    await screen.shows(/code 0/);
    const percents = screen.seen.flatMap((look) => [...look.matchAll(/(\d+) %/g)].map(([, number]) => Number(number)));
    expect(percents.length).toBeGreaterThan(0);
    expect(percents).toEqual(percents.toSorted((one, other) => one - other));
  });

  it('leaves a working terminal behind after Ctrl-C in the middle of a bar', async () => {
    await shell.write('longer.bin', application(700_000));
    await enter('clear; chamber flash weather longer.bin; echo "code $?"');
    await screen.shows(/█░.* \d+ %/);
    await screen.press('C-c');
    await screen.shows(/code 130/);
    await enter('clear; chamber whoami');
    await screen.shows(new RegExp(server.operator.username.replaceAll('.', '\\.')));
  });
});
