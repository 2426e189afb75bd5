import { readFile } from 'node:fs/promises';
import { type TemporaryFolder, temporaryFolder } from '@cloudchamber/testkit';
import { decodeServerKeyFile } from '@cloudchamber/wire';
import type Particle from 'particle-api-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logIn } from './harness/api-client.ts';
import { type CloudServer, startServer } from './harness/cloud-server.ts';
import { powerOn, registerDevice } from './harness/devices.ts';
import { eventually } from './harness/eventually.ts';
import { Program } from './harness/program.ts';

const COMMAND_MS = 20_000;

let server: CloudServer;
let operator: Particle;
let folder: TemporaryFolder;

beforeAll(async () => {
  server = await startServer({ env: { CHAMBER_DEVICE_HOST: '127.0.0.1' } });
  operator = await logIn(server, server.operator);
  folder = await temporaryFolder();
});
afterAll(async () => {
  await server?.dispose();
  await folder?.remove();
});

/** `chamber server keys …`, as the operator. @returns what it printed */
async function keys(...args: string[]): Promise<string> {
  const program = new Program({
    command: ['packages/cli/bin/chamber.cjs', 'server', 'keys', ...args],
    cwd: folder.path,
    env: { HOME: folder.path, CHAMBER_API_URL: server.url, CHAMBER_ACCESS_TOKEN: operator.auth ?? '' },
  });
  await eventually(`chamber server keys ${args.join(' ')}`, () => program.exit, COMMAND_MS);
  if (program.exit?.code !== 0) throw new Error(`${program.exit?.code}: ${program.stderr}${program.stdout}`);
  return program.stdout;
}

async function keyFile(name: string, ...args: string[]) {
  await keys('save', '--out', name, ...args);
  return decodeServerKeyFile(await readFile(`${folder.path}/${name}`));
}

describe('server keys', () => {
  it('are saved for a device with the address that it is to call', async () => {
    const { spki, address } = await keyFile('server.der');
    expect(address).toEqual({ host: '127.0.0.1', port: server.device.port });
    expect(spki).toEqual(new Uint8Array(server.publicKey));
    const rsa = await keyFile('tcp.der', '--algorithm', 'rsa', '--host', '$id.udp.example.net', '--port', '5683');
    expect(rsa.spki).toHaveLength(294);
    expect(rsa.address).toEqual({ host: '$id.udp.example.net', port: 5683 });
  });

  it('are all that a device needs to find the cloud', async () => {
    const command = new Program({
      command: [
        ...(['scripts/run.mjs', 'virtual-device', '--server-key', `${folder.path}/server.der`] as const),
        ...['--state', `${folder.path}/fleet`, '--api', server.url],
      ],
      cwd: folder.path,
      env: { CHAMBER_TOKEN: operator.auth ?? '' },
      asGroup: true,
    });
    await eventually('the device', async () => {
      const { body } = await operator.listDevices({});
      return (body as { online: boolean }[]).some(({ online }) => online);
    });
    await command.end('SIGINT', COMMAND_MS);
  });

  it('are rotated under running devices, without any of them being locked out', async () => {
    const identity = await registerDevice(operator, 'old');
    const old = powerOn(server, identity);
    await old.connect();
    await keys('rotate');
    const { spki: nextKey } = await keyFile('next.der');
    expect(nextKey).not.toEqual(new Uint8Array(server.publicKey));

    const rekeyed = powerOn(server, await registerDevice(operator, 'new'), { serverSpki: nextKey });
    await rekeyed.connect();
    expect(rekeyed.stats).toMatchObject({ attempts: 2, handshakes: 1 });
    await old.publish('still', 'here');
    const lines = await eventually('both keys to be held', async () => {
      const found = (await keys('list')).split('\n').filter((line) => line.includes(' ecc '));
      return found.every((line) => / [12] +in use$/.test(line)) && found;
    });
    expect(lines).toHaveLength(2);

    const [firstId = ''] = lines[0]?.split(' ') ?? [];
    await expect(keys('retire', firstId)).rejects.toThrow(/devices were last seen to hold this key/);
    await keys('retire', firstId, '--force', '--yes');
    await rekeyed.disconnect();
    await rekeyed.connect();
    await old.publish('until', 'the session ends');
    expect(old.state).toBe('connected');
    await Promise.all([old.disconnect(), rekeyed.disconnect()]);

    // Freshly powered on: without the session.
    const ends: string[] = [];
    const again = powerOn(server, identity);
    again.onState(({ end }) => end && ends.push(end));
    void again.connect();
    await eventually('the refusal', () => ends.length > 0);
    await again.disconnect();
    expect(ends[0]).toBe('wrong_server_key');
  });

  it('survive a restart of the server, both of them', async () => {
    await keys('rotate');
    const before = await keys('list');
    await server.kill9();
    await server.start();
    expect(await keys('list')).toBe(before);
  });
});
