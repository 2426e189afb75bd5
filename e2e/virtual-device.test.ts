import { type TemporaryFolder, temporaryFolder } from '@cloudchamber/testkit';
import type Particle from 'particle-api-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logIn } from './harness/api-client.ts';
import { type CloudServer, startServer } from './harness/cloud-server.ts';
import { eventually } from './harness/eventually.ts';
import { Program } from './harness/program.ts';

const STOP_MS = 8_000;

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly online: boolean;
  readonly last_handshake_at: string | null;
}

let server: CloudServer;
let client: Particle;
let folder: TemporaryFolder;
let command: Program | undefined;

beforeAll(async () => {
  server = await startServer();
  client = await logIn(server);
  folder = await temporaryFolder();
});
afterAll(async () => {
  command?.signal('SIGKILL');
  await server?.dispose();
  await folder?.remove();
});

/** `npm run virtual-device -- …` without npm. */
function virtualDevice(...args: string[]): Program {
  const state = ['--state', `${folder.path}/fleet`];
  return new Program({
    command: ['scripts/run.mjs', 'virtual-device', '--api', server.url, ...state, ...args],
    cwd: folder.path,
    env: { CHAMBER_TOKEN: client.auth ?? '' },
    asGroup: true,
  });
}

async function listed(): Promise<Listed[]> {
  const { body } = await client.listDevices({});
  return (body as Listed[]).sort((a, b) => a.name.localeCompare(b.name));
}

const allOnline = async (count: number): Promise<Listed[] | false> => {
  const devices = await listed();
  return devices.length === count && devices.every(({ online }) => online) && devices;
};

describe('npm run virtual-device', () => {
  let before: readonly Listed[];

  it('registers, claims and connects as many devices as it is told', async () => {
    command = virtualDevice('--count', '4', '--behaviour', 'weather,tinker', '--name-prefix', 'shed');
    before = await eventually('four devices online', () => allOnline(4));
    expect(before.map(({ name }) => name)).toEqual(['shed-1', 'shed-2', 'shed-3', 'shed-4']);
    const [weather, tinker] = before;
    const reading = await client.getVariable({ deviceId: weather?.id ?? '', name: 'humidity' });
    expect(reading.body.result).toEqual(expect.any(Number));
    const call = { deviceId: tinker?.id ?? '', name: 'analogWrite', argument: 'A0,128' };
    expect((await client.callFunction(call)).body.return_value).toBe(1);
  });

  it('refuses a state folder that another one uses', async () => {
    const second = virtualDevice('--count', '4');
    const { code } = await second.exited;
    expect(code).toBe(1);
    expect(second.stderr).toMatch(/^virtual-device: /m);
  });

  it('says goodbye at Ctrl-C, so that the devices are offline at once', async () => {
    await command?.end('SIGINT', STOP_MS);
    expect(command?.groupIsAlive).toBe(false);
    await eventually('all to be offline', async () => (await listed()).every(({ online }) => !online), 2_000);
  });

  it('is the same fleet the next time, and resumes its sessions', async () => {
    command = virtualDevice('--count', '4', '--behaviour', 'weather,tinker', '--name-prefix', 'shed');
    const after = await eventually('four devices online', () => allOnline(4));
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(await server.metric('chamber_gateway_total{kind="handshakes_completed",reason=""}')).toBe(4);
    await command.end('SIGINT', STOP_MS);
  });

  it('says what is wrong when there is no server', async () => {
    const lost = new Program({
      command: ['scripts/run.mjs', 'virtual-device', '--api', 'http://127.0.0.1:1', '--state', `${folder.path}/lost`],
      cwd: folder.path,
      env: {},
      asGroup: true,
    });
    const { code } = await lost.exited;
    expect(code).toBe(1);
    expect(lost.stderr).toContain('http://127.0.0.1:1');
  });
});
