import { execFile, spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type TemporaryFolder, temporaryFolder } from '@cloudchamber/testkit';
import { spkiFromPem } from '@cloudchamber/wire';
import Particle from 'particle-api-js';
import { afterAll, beforeAll, expect } from 'vitest';
import { logIn } from '../harness/api-client.ts';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';
import { addDevice, newDeviceIdentity, powerOn } from '../harness/devices.ts';
import { eventually } from '../harness/eventually.ts';
import { freePorts } from '../harness/free-ports.ts';
import { describeRows } from './rows.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Packing and installing take a registry and a disk. */
const LONG_MS = 240_000;
/** The machine's own Node where it has one: the oldest that people will use. */
const OWN_NODE = existsSync('/usr/bin/node') ? '/usr/bin/node' : process.execPath;

let root: TemporaryFolder;
let server: CloudServer;
let tarball: string;
let env: Record<string, string>;
beforeAll(async () => {
  [root, server] = await Promise.all([temporaryFolder(), startServer()]);
  const { stdout } = await run(process.execPath, [join(ROOT, 'scripts/pack-cli.mjs')], { cwd: ROOT });
  tarball = stdout.trim();
  const bin = join(root.path, 'bin');
  await mkdir(bin);
  await symlink(OWN_NODE, join(bin, 'node'));
  for (const tool of ['npm', 'sh', 'env', 'uname', 'ls', 'sed', 'dirname', 'basename', 'readlink']) {
    const found = ['/usr/bin', '/bin', '/usr/local/bin', dirname(process.execPath)]
      .map((folder) => join(folder, tool))
      .find((path) => existsSync(path));
    if (found !== undefined) await symlink(realpathSync(found), join(bin, tool));
  }
  const { NODE_EXTRA_CA_CERTS: certificates } = process.env;
  env = {
    PATH: bin,
    HOME: join(root.path, 'home'),
    ...(certificates !== undefined && { NODE_EXTRA_CA_CERTS: certificates }),
  };
  await mkdir(env.HOME ?? '');
}, LONG_MS);
afterAll(async () => {
  await Promise.all([server?.dispose(), root?.remove()]);
});

/** Installs the packed program into a folder of its own. @returns its `chamber` */
async function install(name: string, ...flags: string[]): Promise<string> {
  const folder = join(root.path, name);
  await mkdir(folder);
  await run('npm', ['install', '--no-audit', '--no-fund', ...flags, tarball], { cwd: folder, env });
  return join(folder, 'node_modules', '.bin', 'chamber');
}

describeRows('The packed program', [
  {
    ids: ['CLI-01'],
    what: 'installs from one file without a compiler, and runs on the Node of the machine against a cloud',
    async run() {
      for (const tool of ['gcc', 'cc', 'make', 'python3']) {
        await expect(run(tool, ['--version'], { env })).rejects.toThrow('ENOENT');
      }
      const chamber = await install('lean', '--omit=optional');
      expect((await run(chamber, ['--version'], { env })).stdout).toBe('0.1.0\n');
      const client = await logIn(server);
      const device = await addDevice(server, client, 'echo');
      const settings = { CHAMBER_API_URL: server.url, CHAMBER_ACCESS_TOKEN: client.auth ?? '' };
      const { stdout } = await run(chamber, ['whoami'], { env: { ...env, ...settings } });
      expect(stdout).toBe(`${server.operator.username}\n`);
      await device.disconnect();
    },
  },
  {
    ids: ['CLI-01'],
    what: 'has the whole cloud in it: `chamber serve` is ready, shows the console, and a device connects',
    async run() {
      const chamber = realpathSync(await install('whole'));
      const data = join(root.path, 'data');
      const ports = await freePorts();
      const password = 'correct horse battery';
      const settings = [
        ...['--data', data, '--host', '127.0.0.1', '--log-level', 'warn'],
        ...['--http-port', String(ports.http), '--udp-port', String(ports.udp), '--tcp-port', String(ports.tcp)],
        ...['--operator-email', 'op@example.net', '--operator-password', password],
      ];
      // On the machine's own Node it runs only if that is new enough, and says so otherwise.
      if (OWN_NODE !== process.execPath) {
        const old = await run(OWN_NODE, [chamber, 'serve', ...settings], { env }).catch((error: unknown) => error);
        expect(old).toMatchObject({ code: 1, stderr: expect.stringContaining('chamber serve needs Node 24') });
      }
      const child = spawn(process.execPath, [chamber, 'serve', ...settings], { cwd: root.path, env, stdio: 'inherit' });
      const ended = new Promise<number | null>((resolve) => void child.once('exit', resolve));
      try {
        const url = `http://127.0.0.1:${ports.http}`;
        await eventually('the cloud', async () => (await fetch(`${url}/readyz`)).status === 200, 30_000);
        const page = await fetch(url, { headers: { accept: 'text/html' } });
        const text = await page.text();
        const [, asset = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(text) ?? [];
        expect((await fetch(url + asset)).status).toBe(200);
        expect((await fetch(`${url}/v1/docs/static/swagger-ui.css`)).status).toBe(200);

        const client = new Particle({ baseUrl: url });
        const { body } = await client.login({ username: 'op@example.net', password });
        const device = newDeviceIdentity();
        const key = { deviceId: device.deviceId, key: device.publicKeyPem, algorithm: 'ecc' } as const;
        await new Particle({ baseUrl: url, auth: body.access_token }).sendPublicKey(key);
        const told = (await (await fetch(`${url}/v1/server-key`)).json()) as { public_key: string };
        const connected = powerOn(server, device, {
          server: { address: '127.0.0.1', port: ports.udp },
          serverSpki: spkiFromPem(told.public_key),
        });
        await connected.connect();
        await connected.disconnect();
      } finally {
        child.kill('SIGTERM');
      }
      expect(await ended).toBe(0);
    },
  },
]);
