import { randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { logIn, signUp } from '../harness/api-client.ts';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';
import { powerOn, registerDevice } from '../harness/devices.ts';
import { describeRows } from './rows.ts';
import { openShells, type Shell, type Shells } from './terminal.ts';

let server: CloudServer;
let restored: CloudServer | undefined;
let shells: Shells;
let shell: Shell;
beforeAll(async () => {
  [server, shells] = await Promise.all([startServer(), openShells()]);
  shell = await shells.open({ apiUrl: server.url });
});
afterAll(async () => {
  await Promise.all([server?.dispose(), restored?.dispose(), shells?.[Symbol.asyncDispose]()]);
});

interface Made {
  readonly file: string;
  readonly bytes: number;
  readonly files: number;
}

const data = (): string[] => ['--data', server.place.dataDir];

describeRows('Backup', [
  {
    ids: ['OPS'],
    what: '`backup` copies the data folder while a device publishes; after a kill `restore` makes a new folder of it: the account logs in, the device connects with its key, and what it had published is in the history',
    async run() {
      const account = { username: 'ann@example.net', password: 'correct horse battery' };
      const client = await signUp(server, account);
      const identity = await registerDevice(client, 'fig');
      const device = powerOn(server, identity);
      await device.connect();
      for (let at = 0; at < 20; at++) await device.publish('before', String(at));
      let publishing = true;
      const published = (async () => {
        let count = 0;
        while (publishing) await device.publish('meanwhile', String(count++));
        return count;
      })();
      const made = (await shell.json(['backup', ...data(), '--out', 'b.tar.gz'])) as Made;
      publishing = false;
      expect(await published).toBeGreaterThan(0);
      const file = join(shell.folder, 'b.tar.gz');
      const { mode, size } = await stat(file);
      expect(made).toEqual({ file, bytes: size, files: expect.any(Number) });
      expect(mode & 0o777).toBe(0o600);
      await server.kill9();
      await device.disconnect();

      const done = await shell.chamber(['restore', 'b.tar.gz', '--data', 'new']);
      const folder = join(shell.folder, 'new');
      expect(done).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(`${folder}: ${made.files} files, as of 2`),
      });
      restored = await startServer({ place: { dataDir: folder } });
      expect(restored.publicKey).toEqual(server.publicKey);
      const again = await logIn(restored, account);
      expect((await again.listDevices({})).body).toMatchObject([{ id: identity.deviceId, name: 'fig' }]);
      const ann = await shells.open({ apiUrl: restored.url, access_token: again.auth ?? '' });
      const history = (await ann.json(['events', 'history', 'before', '--oldest-first'])) as { data: string }[];
      expect(history.map((event) => event.data)).toEqual(Array.from({ length: 20 }, (_, at) => String(at)));
      const back = powerOn(restored, identity);
      await back.connect();
      await back.publish('after', randomBytes(4).toString('hex'));
      await back.disconnect();
    },
  },
  {
    ids: ['OPS'],
    what: '`restore` refuses a folder that a running cloud uses, asks before it moves one aside, and takes no file that is cut or no backup',
    async run() {
      const inUse = await shell.chamber(['restore', 'b.tar.gz', '--data', 'new', '--yes']);
      expect(inUse).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('A running cloud uses') });
      await restored?.stop();
      const asked = await shell.chamber(['restore', 'b.tar.gz', '--data', 'new']);
      expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
      const replaced = (await shell.json(['restore', 'b.tar.gz', '--data', 'new', '--yes'])) as { moved_to: string };
      expect(replaced.moved_to).toMatch(/\/new\.before-restore-\d{8}T\d{6}Z$/);
      expect(await readdir(replaced.moved_to)).toContain('chamber.sqlite');
      await shell.write('not.tar.gz', 'no backup');
      const none = await shell.chamber(['restore', 'not.tar.gz', '--data', 'other']);
      expect(none).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('is no backup') });
      expect(await shell.chamber(['restore', 'gone', '--data', 'other'])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('There is no file gone'),
      });
      expect(await readdir(shell.folder)).not.toContain('other');
    },
  },
  {
    ids: ['OPS'],
    what: '`backup` names what is wrong with a folder, and overwrites nothing; with PostgreSQL it says that the database is not in it',
    async run() {
      const nowhere = await shell.chamber(['backup', '--data', 'nowhere']);
      expect(nowhere).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('There is no folder nowhere'),
      });
      const wrong = await shell.chamber(['backup', '--data', shell.home]);
      expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no chamber.sqlite') });
      const there = await shell.chamber(['backup', ...data(), '--out', 'b.tar.gz']);
      expect(there).toMatchObject({ code: 1, stderr: expect.stringContaining('exists already') });
      const within = await shell.chamber(['backup', ...data(), '--out', join(server.place.dataDir, 'b.tar.gz')]);
      expect(within.code).toBe(2);
      const env = { DATABASE_URL: 'postgres://ann:secret@db/cloud' };
      const files = await shell.chamber(['backup', ...data(), '--out', 'files.tar.gz'], { env });
      expect(files).toMatchObject({ code: 0, stderr: expect.stringContaining('pg_dump') });
      expect(files.stdout + files.stderr).not.toContain('secret@');
      const left = await readdir(shell.folder);
      expect(left.filter((name) => name.includes('.part-') || name.includes('.restoring-'))).toEqual([]);
    },
  },
]);
