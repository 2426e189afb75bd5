import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeServerKeyFile, generateP256, sha256 } from '@cloudchamber/wire';
import type Particle from 'particle-api-js';
import { afterAll, beforeAll, expect } from 'vitest';
import { logIn, signUp } from '../harness/api-client.ts';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';
import { addDevice, newDeviceIdentity, powerOn } from '../harness/devices.ts';
import { describeRows } from './rows.ts';
import { openShells, type Shell, type Shells } from './terminal.ts';

let server: CloudServer;
let shells: Shells;
let client: Particle;
let operator: Shell;
let stranger: Shell;
beforeAll(async () => {
  [server, shells] = await Promise.all([
    startServer({ env: { CHAMBER_DEVICE_HOST: '$id.udp.example.net' } }),
    openShells(),
  ]);
  client = await logIn(server);
  const ann = await signUp(server, { username: 'ann@example.net', password: 'correct horse' });
  operator = await shells.open({ apiUrl: server.url, access_token: client.auth ?? '' });
  stranger = await shells.open({ apiUrl: server.url, access_token: ann.auth ?? '' });
});
afterAll(async () => {
  await Promise.all([server?.dispose(), shells?.[Symbol.asyncDispose]()]);
});

describeRows('Server', [
  {
    ids: ['CLI-67', 'CON-23', 'CON-24'],
    what: '`server keys` makes the file that points a device at this cloud, by a name with `$id`, an address, and a port of its own',
    async run() {
      const file = join(operator.folder, 'server-ecc.der');
      const saved = await operator.chamber(['server', 'keys']);
      const address = `udp://$id.udp.example.net:${server.device.port}`;
      expect(saved).toEqual({ code: 0, stdout: `${file}: key and address ${address}, 320 bytes\n`, stderr: '' });
      expect(decodeServerKeyFile(await readFile(file))).toEqual({
        spki: new Uint8Array(server.publicKey),
        address: { host: '$id.udp.example.net', port: server.device.port },
      });
      const rsa = await operator.json([
        ...['server', 'keys', 'save', '--algorithm', 'rsa', '--host', '192.0.2.10', '--port', '9000'],
        ...['--out', 'tcp.der'],
      ]);
      expect(rsa).toMatchObject({ address: 'tcp://192.0.2.10:9000', bytes: 512, algorithm: 'rsa' });
      const written = decodeServerKeyFile(await readFile(join(operator.folder, 'tcp.der')));
      expect(written.address).toEqual({ host: '192.0.2.10', port: 9000 });
      expect(written.spki).toHaveLength(294);
      const bad = await operator.chamber(['server', 'keys', '--host', '2001:db8::1']);
      expect(bad).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--host is an IPv4 address') });
      const here = await operator.chamber(['server', 'keys', '--host', '127.0.0.1']);
      expect(here).toMatchObject({ code: 0, stderr: expect.stringContaining('this machine only') });
    },
  },
  {
    ids: ['CLI-67'],
    what: '`server keys list|rotate|retire` change the key of the cloud, for operators',
    async run() {
      const refused = await stranger.chamber(['server', 'keys', 'list']);
      expect(refused).toMatchObject({ code: 4, stdout: '' });
      const [first] = (await operator.json(['server', 'keys', 'list'])) as { id: string; fingerprint: string }[];
      expect(first?.fingerprint).toBe(sha256(server.publicKey).toString('hex'));
      const next = (await operator.json(['server', 'keys', 'rotate', '--algorithm', 'ecc'])) as { id: string };
      const shown = await operator.chamber(['server', 'keys', 'list']);
      expect(shown.stdout).toMatch(/^ID +ALGORITHM +FINGERPRINT +MADE +DEVICES +STATE\n/);
      expect(shown.stdout).toMatch(new RegExp(`^${next.id} +ecc +[0-9a-f]{16} .* 0 +in use$`, 'm'));
      const asked = await operator.chamber(['server', 'keys', 'retire', next.id, '--force']);
      expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
      const retired = await operator.chamber(['server', 'keys', 'retire', next.id]);
      expect(retired).toEqual({ code: 0, stdout: `${next.id} is retired.\n`, stderr: '' });
      expect((await operator.chamber(['server', 'keys', 'retire', 'ffffffffffffffffffffffff'])).code).toBe(5);
    },
  },
  {
    ids: ['CON-23'],
    what: '`server provision` makes a device and its key known, from PEM and DER, and it connects',
    async run() {
      const { deviceId, identity, publicKeyPem } = newDeviceIdentity();
      await operator.write('device.pub.pem', publicKeyPem);
      const args = ['server', 'provision', deviceId, 'device.pub.pem'];
      expect(await stranger.chamber(args)).toMatchObject({ code: 1, stderr: expect.stringContaining('no file') });
      await stranger.write('device.pub.pem', publicKeyPem);
      expect(await stranger.chamber(args)).toMatchObject({ code: 4, stdout: '' });
      const done = await operator.chamber([...args, '--owner', 'ann@example.net', '--name', 'fig', '--platform', '12']);
      expect(done).toEqual({
        code: 0,
        stdout: `The device ${deviceId} is known for ann@example.net, and may connect with its key.\n`,
        stderr: '',
      });
      const device = powerOn(server, { deviceId, identity, publicKeyPem });
      await device.connect();
      await device.disconnect();

      const other = generateP256();
      const id = randomBytes(12).toString('hex');
      await operator.write('device.pub.der', other.spki);
      expect(await operator.json(['server', 'provision', id, 'device.pub.der'])).toMatchObject({ id });
      await operator.write('private.der', privateKey());
      const secret = await operator.chamber(['server', 'provision', id, 'private.der']);
      expect(secret).toMatchObject({ code: 2, stderr: expect.stringContaining('holds a private key') });
      const nobody = await operator.chamber([
        'server',
        'provision',
        id,
        'device.pub.der',
        '--owner',
        'who@example.net',
      ]);
      expect(nobody.code).toBe(5);
    },
  },
  {
    ids: ['CLI-67'],
    what: '`server status` shows version, addresses, operators and figures; 8 when the cloud is down',
    async run() {
      const device = await addDevice(server, client, 'echo');
      const status = await operator.json(['server', 'status']);
      expect(status).toMatchObject({
        url: server.url,
        version: '0.1.0',
        ready: true,
        operators: [server.operator.username],
        first_run: false,
        devices_online: 1,
        device_addresses: expect.arrayContaining([`udp://$id.udp.example.net:${server.device.port}`]),
      });
      const publishing = setInterval(() => void device.publish('tick', '1'), 100);
      const busy = (await operator.json(['server', 'status'])) as { events_per_second: number };
      clearInterval(publishing);
      expect(busy.events_per_second).toBeGreaterThan(2);
      const seen = await stranger.chamber(['server', 'status']);
      expect(seen.stdout).toContain('Operators:      told to operators alone\n');
      await device.disconnect();
      const nowhere = await shells.open({ apiUrl: 'http://127.0.0.1:9' });
      expect(await nowhere.chamber(['server', 'status'])).toMatchObject({
        code: 8,
        stdout: '',
        stderr: expect.stringContaining('nothing listens there'),
      });
    },
  },
]);

function privateKey(): Buffer {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'der', type: 'sec1' });
}
