import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type Particle from 'particle-api-js';
import { afterAll, beforeAll, expect } from 'vitest';
import { signUp } from '../harness/api-client.ts';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';
import { describeRows } from './rows.ts';
import { openShells, type Shell, type Shells } from './terminal.ts';

let server: CloudServer;
let shells: Shells;
let ann: Particle;
let shell: Shell;
beforeAll(async () => {
  [server, shells] = await Promise.all([startServer(), openShells()]);
  ann = await signUp(server, { username: 'ann@example.net', password: 'staple battery horse' });
  shell = await shells.open({ apiUrl: server.url, access_token: ann.auth ?? '' });
});
afterAll(async () => {
  await shell?.chamber(['virtual', 'stop', '--all']);
  await Promise.all([server?.dispose(), shells?.[Symbol.asyncDispose]()]);
});

interface Listed {
  readonly name: string;
  readonly running: boolean;
  readonly pid: number | null;
}

async function statesOf(prefix: string): Promise<Record<string, string>> {
  const { body } = await ann.listDevices({});
  const devices = body as readonly { name: string; online: boolean; platform_id: number }[];
  const found = devices.filter(({ name }) => name.startsWith(prefix));
  return Object.fromEntries(found.map(({ name, online, platform_id: platform }) => [name, `${platform} ${online}`]));
}

const running = async (): Promise<string[]> =>
  ((await shell.json(['virtual', 'list'])) as Listed[]).filter((listed) => listed.running).map(({ name }) => name);

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const start = (name: string, ...more: string[]): string[] => ['virtual', 'start', '--name', name, ...more];

describeRows('Virtual devices', [
  {
    ids: ['virtual start', 'virtual list', 'virtual stop'],
    what: 'devices of two generations run in the background: online, called, listed, stopped with Goodbye, offline; the next start is the same devices',
    async run() {
      const args = start('pair', '--detach', '--count', '2', '--behaviour', 'tinker');
      args.push('--device-profile', 'device-os-2.3,device-os-6.2');
      const begun = await shell.chamber(args);
      expect(begun).toMatchObject({ code: 0, stderr: '' });
      expect(begun.stdout).toMatch(/^pair-1 \([0-9a-f]{24}\) is online\npair-2 \([0-9a-f]{24}\) is online\n$/);
      const states = await statesOf('pair-');
      expect(Object.values(states).every((state) => state.endsWith(' true'))).toBe(true);
      expect(new Set(Object.values(states)).size).toBe(2);
      const list = (await shell.json(['list'])) as { readonly name: string; readonly online: boolean }[];
      expect(list.filter(({ online }) => online).map(({ name }) => name)).toEqual(
        expect.arrayContaining(['pair-1', 'pair-2']),
      );
      expect(await shell.chamber(['call', 'pair-2', 'digitalWrite', 'D7,HIGH'])).toMatchObject({
        code: 0,
        stdout: '1\n',
      });

      const all = (await shell.json(['virtual', 'list'])) as Listed[];
      const listed = all.find(({ name }) => name === 'pair');
      expect(listed).toMatchObject({ running: true, count: 2, cloud: server.url, since: expect.stringMatching(/Z$/) });
      const pid = listed?.pid ?? 0;
      const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      expect(words).not.toContain(ann.auth);
      const table = await shell.chamber(['virtual', 'list']);
      expect(table.stdout).toMatch(new RegExp(`^pair +running +${pid} +2 +${server.url} `, 'm'));

      const stopped = await shell.chamber(['virtual', 'stop', 'pair']);
      expect(stopped).toMatchObject({ code: 0, stdout: `Stopped pair (process ${pid})\n` });
      expect(Object.values(await statesOf('pair-')).every((state) => state.endsWith(' false'))).toBe(true);
      const log = await readFile(join(shell.home, '.particle', 'virtual', 'pair', 'log'), 'utf8');
      expect(log).toContain('saying Goodbye ...');
      expect(log).not.toContain(ann.auth);
      expect((await shell.chamber(['virtual', 'list'])).stdout).toMatch(/^pair +stopped +- /m);

      const again = await shell.chamber(args);
      expect(again.stdout).toBe(begun.stdout);
      expect(await shell.json(['virtual', 'stop', '--all'])).toMatchObject([{ name: 'pair' }]);
      expect(await running()).toEqual([]);
    },
  },
  {
    ids: ['virtual start'],
    what: 'in the foreground it runs until Ctrl-C, says Goodbye, and ends with 130; its folder is its own meanwhile',
    async run() {
      const others: Promise<readonly [unknown, unknown]>[] = [];
      const outcome = await new Promise<Awaited<ReturnType<Shell['chamber']>>>((resolve, reject) => {
        let done = (): void => {};
        const interruptAfter = new Promise<void>((interrupt) => {
          done = interrupt;
        });
        shell
          .chamber(start('here'), {
            interruptAfter,
            interruptWhen: (stdout) => {
              if (stdout.includes('is online') && others.length === 0) {
                others.push(
                  Promise.all([
                    shell.chamber(start('here')),
                    shell.chamber(start('other', '--detach', '--state', join(shell.home, '.particle/virtual/here'))),
                  ]).finally(done),
                );
              }
              return false;
            },
          })
          .then(resolve, reject);
      });
      expect(outcome).toMatchObject({ code: 130, stderr: expect.stringContaining('saying Goodbye ...') });
      expect(outcome.stdout).toMatch(/^here-1 \([0-9a-f]{24}\) is online\n$/);
      const [sameName, sameState] = (await others[0]) ?? [];
      expect(sameName).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('under the name "here" already'),
      });
      expect(sameState).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('is in use by process') });
      expect(Object.values(await statesOf('here-'))).toEqual(['32 false']);
      expect(await running()).not.toContain('here');
    },
  },
  {
    ids: ['virtual start'],
    what: 'a cloud that is not there ends with 8, a token that it does not know with 3, a wrong value with 2, and devices that it does not know with 6',
    async run() {
      const nowhere = ['--api-url', 'http://127.0.0.1:1'];
      for (const more of [[], ['--detach']]) {
        const outcome = await shell.chamber([...start('lost', ...more), ...nowhere]);
        expect(outcome).toMatchObject({
          code: 8,
          stdout: '',
          stderr: expect.stringContaining('cannot reach the cloud'),
        });
      }
      const env = { CHAMBER_ACCESS_TOKEN: '0'.repeat(40) };
      expect(await shell.chamber(start('lost', '--detach'), { env })).toMatchObject({ code: 3, stdout: '' });
      const wrong = await shell.chamber(start('lost', '--detach', '--device-profile', 'device-os-9'));
      expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no profile "device-os-9"') });
      const stranger = await shells.open({ apiUrl: server.url });
      const unknown = await stranger.chamber(start('lost', '--detach', '--wait', '3'));
      expect(unknown).toMatchObject({
        code: 6,
        stdout: '',
        stderr: expect.stringContaining('it does not know the device'),
      });
      expect(unknown.stderr).toContain('Not logged in');
      expect(await stranger.json(['virtual', 'list'])).toMatchObject([{ name: 'lost', running: false }]);
    },
  },
  {
    ids: ['virtual stop', 'virtual list'],
    what: 'a pid file whose process is gone, or is another by now, is removed; nothing to stop ends with 5 and tells what runs',
    async run() {
      expect(await shell.chamber(start('kept', '--detach'))).toMatchObject({ code: 0 });
      const none = await shell.chamber(['virtual', 'stop']);
      expect(none).toMatchObject({ code: 5, stdout: '', stderr: expect.stringContaining('These run: kept.') });
      const file = join(shell.home, '.particle', 'virtual', 'kept', 'pid.json');
      const noted = JSON.parse(await readFile(file, 'utf8')) as { pid: number };
      process.kill(noted.pid, 'SIGKILL');
      const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      try {
        const pid = other.pid ?? 0;
        await writeFile(file, JSON.stringify({ ...noted, pid }));
        await writeFile(join(shell.home, '.particle', 'virtual', 'kept', 'lock'), String(pid));
        expect(await shell.chamber(['virtual', 'stop', 'kept'])).toMatchObject({ code: 5, stdout: '' });
        await expect(readFile(file)).rejects.toThrow('ENOENT');
        expect(lives(pid)).toBe(true);
        expect(await shell.chamber(start('kept', '--detach'))).toMatchObject({ code: 0 });
        const killed = JSON.parse(await readFile(file, 'utf8')) as { pid: number };
        process.kill(killed.pid, 'SIGKILL');
        expect(await shell.chamber(start('kept', '--detach'))).toMatchObject({ code: 0 });
        expect(await shell.chamber(['virtual', 'stop', '--all'])).toMatchObject({ code: 0 });
        expect(await shell.chamber(['virtual', 'stop', '--all'])).toMatchObject({ code: 5, stdout: '' });
      } finally {
        other.kill('SIGKILL');
      }
    },
  },
]);
