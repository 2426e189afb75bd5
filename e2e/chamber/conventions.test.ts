import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { json, type ScriptedCloud, startScriptedCloud } from './scripted-cloud.ts';
import { openShells, type Shell, type Shells } from './terminal.ts';

const CHAMBER = fileURLToPath(new URL('../../packages/cli/bin/chamber.cjs', import.meta.url));
const TOKEN = 'f'.repeat(40);

let shells: Shells;
let cloud: ScriptedCloud;
let shell: Shell;
beforeAll(async () => {
  [shells, cloud] = await Promise.all([openShells(), startScriptedCloud()]);
  shell = await shells.open({ apiUrl: cloud.url, access_token: TOKEN });
});
afterAll(async () => {
  await Promise.all([shells?.[Symbol.asyncDispose](), cloud?.[Symbol.asyncDispose]()]);
});

const refusal = (error: string, description: string) => ({ ok: false, error, error_description: description });

describe('exit codes', () => {
  it.each([
    [1, 'failure', 400, 'invalid_request'],
    [3, 'login', 401, 'invalid_token'],
    [4, 'forbidden', 403, 'permission_denied'],
    [5, 'not-found', 404, 'not_found'],
    [6, 'offline', 408, 'timed out'],
    [7, 'rate-limited', 429, 'too_many'],
    [8, 'server', 500, 'server_error'],
    [8, 'server', 503, 'unavailable'],
  ])('%d (%s) for status %d', async (code, kind, status, error) => {
    cloud.answer(json(status, refusal(error, `Why it is ${status}`), status === 429 ? { 'retry-after': '17' } : {}));
    const outcome = await shell.chamber(['whoami']);
    expect(outcome).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(`Error: Why it is ${status}`) });
    if (status === 429) expect(outcome.stderr).toContain('Try again in 17 seconds.');

    const machine = await shell.chamber(['whoami', '--json']);
    expect(machine).toMatchObject({ code, stderr: '' });
    expect(JSON.parse(machine.stdout)).toEqual({
      ok: false,
      error: expect.objectContaining({
        kind,
        status,
        exit_code: code,
        request_id: 'req-4711',
        message: `Why it is ${status}`,
      }),
    });
  });

  it('0 and one envelope when it is done', async () => {
    cloud.answer(json(200, { username: 'ann@example.net' }));
    expect(await shell.chamber(['whoami'])).toMatchObject({ code: 0, stdout: 'ann@example.net\n', stderr: '' });
    expect(await shell.json(['whoami'])).toMatchObject({ username: 'ann@example.net' });
  });

  it.each([
    ['an unknown command', ['lst'], /unknown command 'lst'/],
    ['an unknown flag', ['whoami', '--jsn'], /unknown option '--jsn'/],
    ['too many words', ['whoami', 'me'], /too many arguments/],
    ['an address that is none', ['whoami', '--api-url', 'localhost:8080'], /is a URL such as/],
    ['a profile that cannot be one', ['whoami', '--profile', '../../etc/passwd'], /cannot be the name of a profile/],
  ])('2 for %s', async (_what, args, words) => {
    const outcome = await shell.chamber(args);
    expect(outcome).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(words) });
    const machine = await shell.chamber([...args, '--json']);
    expect(machine.code).toBe(2);
    expect(JSON.parse(machine.stdout)).toMatchObject({ ok: false, error: { kind: 'usage', exit_code: 2 } });
  });

  it('3 when nobody is logged in, without asking the cloud', async () => {
    const fresh = await shells.open({ apiUrl: cloud.url });
    const before = cloud.asked.length;
    expect(await fresh.chamber(['whoami'])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('chamber login'),
    });
    expect(cloud.asked.length).toBe(before);
  });

  it('130 at Ctrl-C, while the cloud is silent', async () => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    cloud.answer(() => resolve());
    expect(await shell.chamber(['whoami'], { interruptAfter: asked })).toEqual({ code: 130, stdout: '', stderr: '' });
    const again = Promise.withResolvers<void>();
    cloud.answer(() => again.resolve());
    const machine = await shell.chamber(['whoami', '--json'], { interruptAfter: again.promise });
    expect(machine.code).toBe(130);
    expect(JSON.parse(machine.stdout)).toMatchObject({ ok: false, error: { kind: 'interrupted', exit_code: 130 } });
  });
});

describe('bad surroundings', () => {
  it('a web page in place of the cloud is said to be one', async () => {
    for (const status of [200, 502]) {
      cloud.answer((_request, reply) =>
        reply.writeHead(status, { 'content-type': 'text/html' }).end('<html><h1>Hello</h1>'),
      );
      const { code, stderr } = await shell.chamber(['whoami']);
      expect({ code, stderr }).toMatchObject({ code: 8, stderr: expect.stringContaining('is a web page') });
      expect(stderr).not.toContain('<h1>');
    }
  });

  it('an address where nothing listens is named', async () => {
    const nobody = await shells.open({ apiUrl: 'http://127.0.0.1:1', access_token: TOKEN });
    const { code, stderr } = await nobody.chamber(['whoami']);
    expect(code).toBe(8);
    expect(stderr).toContain('http://127.0.0.1:1 cannot be reached: nothing listens there');
    expect(stderr).toContain('chamber config');
  });

  it('a host that does not exist is named', async () => {
    const { code, stderr } = await shell.chamber(['whoami'], {
      env: { CHAMBER_API_URL: 'http://no-such-host.invalid', CHAMBER_ACCESS_TOKEN: TOKEN },
    });
    expect(code).toBe(8);
    expect(stderr).toMatch(/no-such-host\.invalid cannot be reached: (there is no host|its name cannot)/);
  });

  it('something else that listens there is told apart', async () => {
    const other = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { code, stderr } = await shell.chamber(['whoami'], {
      env: { CHAMBER_API_URL: `http://127.0.0.1:${port}`, CHAMBER_ACCESS_TOKEN: TOKEN },
    });
    other.close();
    expect({ code, stderr }).toMatchObject({ code: 8, stderr: expect.stringContaining('does not speak HTTP') });
  });

  it('a reply that is cut off is the server’s fault', async () => {
    cloud.answer((_request, reply) => {
      reply.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      reply.write('{"user');
      reply.destroy();
    });
    expect(await shell.chamber(['whoami'])).toMatchObject({
      code: 8,
      stderr: expect.stringContaining('cannot be reached'),
    });
  });

  it('settings that cannot be read are named', async () => {
    const broken = await shells.open({ apiUrl: cloud.url });
    const path = join(broken.home, '.particle', 'local.config.json');
    await writeFile(path, '{"apiUrl":');
    expect(await broken.chamber(['whoami'])).toMatchObject({ code: 1, stderr: expect.stringContaining(path) });
    const folder = await shells.open();
    await mkdir(join(folder.home, '.particle', 'profile.json'), { recursive: true });
    expect(await folder.chamber(['whoami'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('profile.json'),
    });
  });

  it('a full disk is said to be full', async () => {
    cloud.answer(json(200, { username: 'ann@example.net' }));
    const { code, stderr } = await piped('node "$CHAMBER" whoami > /dev/full; echo "code $?" >&2');
    expect(code).toBe(0);
    expect(stderr).toContain('The disk is full');
    expect(stderr).toContain('code 1');
  });

  it('a reader that goes away is no failure', async () => {
    const device = { id: 'e00fce68a1b2c3d4e5f60718', name: 'lamp', connected: true, functions: ['a'], variables: {} };
    cloud.answer(
      json(
        200,
        Array.from({ length: 20_000 }, () => device),
      ),
    );
    const { stdout, stderr } = await piped('{ node "$CHAMBER" list; echo "code $?" >&2; } | head -n 2');
    expect(stdout.trim().split('\n')).toHaveLength(2);
    expect(stderr).toContain('code 0');
    expect(stderr).not.toContain('EPIPE');
  });
});

describe('secrets', () => {
  it('are not told by -v, which tells the request and its id', async () => {
    cloud.answer(json(200, { username: 'ann@example.net' }));
    const { stderr, stdout } = await shell.chamber(['whoami', '-v']);
    expect(stderr).toMatch(/GET \/v1\/user 200 req-4711 \d+ ms/);
    expect(stdout + stderr).not.toContain(TOKEN);
  });

  it('of one cloud are not sent to another', async () => {
    const vendor = await shells.open({ access_token: TOKEN, username: 'ann@example.net' });
    const before = cloud.asked.length;
    const outcome = await vendor.chamber(['whoami', '--api-url', cloud.url]);
    expect(outcome).toMatchObject({ code: 3, stderr: expect.stringContaining('for another cloud') });
    expect(cloud.asked.slice(before)).toEqual([]);
    await vendor.chamber(['whoami', '--api-url', cloud.url], { env: { CHAMBER_ACCESS_TOKEN: 'e'.repeat(40) } });
    expect(cloud.asked.slice(before).map(({ authorization }) => authorization)).toEqual([`Bearer ${'e'.repeat(40)}`]);
  });
});

describe('colours', () => {
  it('are not written where nobody sees them', async () => {
    const { stderr } = await shell.chamber(['whoami', '--api-url', 'http://127.0.0.1:1']);
    expect(stderr).not.toContain('\u001b');
  });
});

/** A line of bash, in which `$CHAMBER` is the program. */
function piped(line: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { PATH = '' } = process.env;
  const child = spawn('bash', ['-c', line], {
    cwd: shell.folder,
    env: { PATH, HOME: shell.home, CHAMBER },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
