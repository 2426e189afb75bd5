import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeServerKeyFile } from '@cloudchamber/wire';
import { afterAll, beforeAll, expect } from 'vitest';
import { clientOf } from '../harness/api-client.ts';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';
import { describeRows } from './rows.ts';
import { type Bench, openBench } from './scripted-usb/bench.ts';
import { type Outcome, openShells, type Shell, type Shells } from './terminal.ts';

const ID = '0123456789abcdef78901234';
const NOTE = 'Against a scripted device; never run on hardware';
/** Where a device with DTLS keeps its own key, and the cloud's. */
const OWN = [1, 3106, 192] as const;
const SERVER = [1, 3298, 320] as const;

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
  file(name: string): Promise<Buffer>;
}

/** The operator at a desk with one device. */
async function desk(device: Parameters<Bench['plugIn']>[0] | undefined = { id: ID }): Promise<Desk> {
  const { body } = await clientOf(server).login(server.operator);
  const shell = await shells.open({ apiUrl: server.url, access_token: body.access_token });
  const bench = await openBench(join(shell.home, 'usb'));
  if (device !== undefined) bench.plugIn(device);
  return {
    ...bench,
    shell,
    chamber: (...args) => shell.chamber(args, bench.typing),
    file: (name) => readFile(join(shell.folder, name)),
  };
}

const publicOf = (der: Buffer, type: 'sec1' | 'pkcs1') =>
  createPublicKey(createPrivateKey({ key: der, format: 'der', type })).export({ format: 'pem', type: 'spki' });

describeRows('Keys', [
  {
    ids: ['CLI-63', 'CLI-69'],
    what: '`keys new [name]` makes `<name>.der`, for its owner alone, and `<name>.pub.pem`, without openssl',
    note: NOTE,
    async run() {
      const { chamber, file, shell } = await desk();
      expect(await chamber('keys', 'new')).toMatchObject({
        code: 0,
        stdout: `New key ${ID}.der created for device ${ID}\n`,
      });
      const made = await file(`${ID}.der`);
      expect(publicOf(made, 'sec1')).toBe((await file(`${ID}.pub.pem`)).toString());
      expect((await stat(join(shell.folder, `${ID}.der`))).mode & 0o777).toBe(0o600);
      expect((await chamber('keys', 'new', 'mykey')).stdout).toBe(`New key mykey.der created for device ${ID}\n`);
      expect((await chamber('keys', 'new')).code).toBe(2);
      expect(await file(`${ID}.der`)).toEqual(made);
      const rsa = await shell.chamber(['keys', 'new', 'other', '--protocol', 'tcp']);
      expect(rsa).toMatchObject({ code: 0, stdout: 'New key other.der created\n' });
      expect(publicOf(await file('other.der'), 'pkcs1')).toBe((await file('other.pub.pem')).toString());
    },
  },
  {
    ids: ['CLI-64'],
    what: '`keys load` saves the key that is there, and writes the other; the device restarts',
    note: NOTE,
    async run() {
      const { chamber, file, fill, memory, state } = await desk();
      await chamber('keys', 'new', 'first');
      await chamber('keys', 'new', 'second');
      const [first, second] = [await file('first.der'), await file('second.der')];
      fill(ID, 1, 3106, first);
      const { stdout, stderr, code } = await chamber('keys', 'load', 'second.der');
      expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: 'Key second.der written to device\n' });
      expect(stderr).toContain(`Saved existing key to backup_ec_${ID}.der\n`);
      expect(await file(`backup_ec_${ID}.der`)).toEqual(first);
      const held = memory(ID, ...OWN);
      expect(held.subarray(0, second.length)).toEqual(second);
      expect(new Set(held.subarray(second.length))).toEqual(new Set([0xff]));
      expect(state(ID)).toMatchObject({ mode: 'normal', restarts: 2 });
      await chamber('keys', 'new', 'tcp', '--protocol', 'tcp');
      expect(await chamber('keys', 'load', 'tcp.der')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('needs P-256'),
      });
      expect((await chamber('keys', 'load', 'nothing')).code).toBe(5);
      expect(memory(ID, ...OWN)).toEqual(held);
    },
  },
  {
    ids: ['CLI-65'],
    what: '`keys save [file]` saves the key of the device, and its public half',
    note: NOTE,
    async run() {
      const { chamber, file, fill, state } = await desk({ id: ID, platformId: 6, mode: 'dfu' });
      expect((await chamber('keys', 'save')).code).toBe(1);
      await chamber('keys', 'new', 'made', '--protocol', 'tcp');
      fill(ID, 1, 34, await file('made.der'));
      expect(await chamber('keys', 'save')).toMatchObject({
        code: 0,
        stdout: `Saved existing key to ${ID}.der\n`,
      });
      expect((await chamber('keys', 'save', 'backup.der')).stdout).toBe('Saved existing key to backup.der\n');
      expect(await file('backup.der')).toEqual(await file('made.der'));
      expect(await file(`${ID}.pub.pem`)).toEqual(await file('made.pub.pem'));
      expect((await chamber('keys', 'save', 'backup')).code).toBe(2);
      expect((await chamber('keys', 'save', 'backup', '--force')).code).toBe(0);
      expect(state(ID)).not.toHaveProperty('restarts');
    },
  },
  {
    ids: ['CLI-66'],
    what: '`keys send [id] [file]` registers the public half, without USB when both are given',
    note: NOTE,
    async run() {
      const { chamber, shell } = await desk();
      await shell.chamber(['keys', 'new', 'device', '--protocol', 'udp']);
      const sent = await shell.chamber(['keys', 'send', 'E00FCE68A1B2C3D4E5F60799', 'device.der']);
      expect(sent).toEqual({
        code: 0,
        stdout: 'submitting public key succeeded!\n',
        stderr: 'attempting to add a new public key for device e00fce68a1b2c3d4e5f60799\n',
      });
      expect(await chamber('keys', 'send')).toMatchObject({
        code: 5,
        stderr: expect.stringContaining(`no file ${ID}.pub.pem`),
      });
      await chamber('keys', 'new');
      expect((await chamber('keys', 'send')).stderr).toContain(`for device ${ID}\n`);
      expect((await shell.chamber(['keys', 'send', ID, 'device.der', '--profile', 'other'])).code).toBe(3);
    },
  },
  {
    ids: ['CLI-67', 'CON-23', 'CON-24'],
    what: '`keys server` writes key, host and port of the cloud or of a file; the device stays in DFU mode',
    note: NOTE,
    async run() {
      const { chamber, memory, state, shell, file } = await desk();
      const loopback = await chamber('keys', 'server');
      expect(loopback).toMatchObject({ code: 2, stderr: expect.stringContaining('--host') });
      expect(state(ID).mode).toBe('normal');
      expect((await chamber('keys', 'server', '--host', '192.168.1.10')).code).toBe(0);
      const held = decodeServerKeyFile(memory(ID, ...SERVER));
      expect(Buffer.from(held.spki)).toEqual(Buffer.from(server.publicKey));
      expect(held.address?.host).toBe('192.168.1.10');
      expect(state(ID).mode).toBe('dfu');
      const made = ['keys', 'server', '--host', '$id.udp.example.net', '--port', '9000', '--output', 'my_server.der'];
      expect((await shell.chamber(made)).code).toBe(0);
      expect((await file('my_server.der')).length).toBe(320);
      expect((await chamber('keys', 'server', 'my_server.der')).stdout).toContain('udp://$id.udp.example.net:9000');
      expect(decodeServerKeyFile(memory(ID, ...SERVER)).address).toEqual({ host: '$id.udp.example.net', port: 9000 });
      expect((await chamber('keys', 'server', 'my_server.der', '--host', '10.0.0.300')).code).toBe(2);
      expect((await chamber('keys', 'server', 'my_server.der', '--host', '10.0.0.3')).code).toBe(0);
      expect((await chamber('keys', 'address')).stdout).toBe('udp://10.0.0.3:9000\n');
      expect(state(ID).mode).toBe('dfu');
    },
  },
  {
    ids: ['CLI-68', 'CON-24'],
    what: '`keys address` prints protocol, host and port, and the default where nothing was written',
    note: NOTE,
    async run() {
      const { chamber, state } = await desk();
      expect(await chamber('keys', 'address')).toMatchObject({ code: 0, stdout: 'udp://$id.udp.particle.io:5684\n' });
      expect(state(ID)).toMatchObject({ mode: 'normal', restarts: 2 });
    },
  },
  {
    ids: ['CLI-62'],
    what: '`keys doctor [id]` gives the device a new key pair and the cloud its public half, and asks before',
    note: NOTE,
    async run() {
      const { chamber, file, fill, memory, state } = await desk();
      await chamber('keys', 'new', 'old');
      fill(ID, 1, 3106, await file('old.der'));
      expect((await chamber('keys', 'doctor', '--host', '192.168.1.10')).code).toBe(2);
      expect(state(ID)).not.toHaveProperty('restarts');
      const healed = await chamber('keys', 'doctor', ID, '--host', '192.168.1.10', '--yes');
      expect(healed.code, healed.stderr).toBe(0);
      expect(await file(`backup_ec_${ID}.der`)).toEqual(await file('old.der'));
      const made = await file(`${ID}_ec_new.der`);
      expect(memory(ID, ...OWN).subarray(0, made.length)).toEqual(made);
      expect(decodeServerKeyFile(memory(ID, ...SERVER)).address?.host).toBe('192.168.1.10');
      expect(healed.stderr).toContain('submitting public key succeeded!');
      expect(state(ID)).toMatchObject({ mode: 'normal', restarts: 2 });
    },
  },
  {
    ids: ['CLI-64'],
    what: 'a device that is unplugged while its key is written ends with 6',
    note: NOTE,
    async run() {
      const { chamber } = await desk({ id: ID, mode: 'dfu', unplugAfterBlocks: 1 });
      await chamber('keys', 'new', 'key', '--protocol', 'udp');
      expect(await chamber('keys', 'load', 'key')).toMatchObject({
        code: 6,
        stderr: expect.stringContaining('went away from USB'),
      });
    },
  },
]);
