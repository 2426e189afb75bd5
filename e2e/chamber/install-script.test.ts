import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type TemporaryFolder, temporaryFolder } from '@cloudchamber/testkit';
import { afterAll, beforeAll, expect } from 'vitest';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';
import { describeRows } from './rows.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LONG_MS = 240_000;

let server: CloudServer;
let home: TemporaryFolder;
beforeAll(async () => {
  [server, home] = await Promise.all([startServer(), temporaryFolder()]);
  await run(process.execPath, [join(ROOT, 'scripts/pack-cli.mjs')], { cwd: ROOT });
}, LONG_MS);
afterAll(async () => {
  await Promise.all([server?.dispose(), home?.remove()]);
});

/** Without this repository's own programs: npm has its settings beside the Node that it came with. */
const PATH = (process.env.PATH ?? '')
  .split(':')
  .filter((folder) => !folder.includes('node_modules'))
  .join(':');
/** The registry and the certificates that are set up on this machine, and nothing else of its user. */
const npmSettings = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => /^npm_config_(registry|cafile)$|^NODE_EXTRA_CA_CERTS$/i.test(name)),
);
const shell = (line: string) =>
  run('bash', ['-c', line], { env: { ...npmSettings, PATH, HOME: home.path }, cwd: home.path });

describeRows('Installation', [
  {
    ids: ['CLI-01'],
    what: '`bash <( curl -sL URL/install-cli )` puts `chamber` into `~/bin` with a profile for that cloud, twice in a row',
    note: 'For Windows `/install-cli.ps1` installs into `%LOCALAPPDATA%\\particle`; it was never run on one. dfu-util is only named.',
    async run() {
      const line = `bash <(curl -sL ${server.url}/install-cli)`;
      const first = await shell(line);
      expect(first.stdout).toContain('chamber 0.1.0 is installed as ~/bin/chamber.\n');
      expect(first.stdout).toContain('Add ~/bin to your PATH');
      const name = `127.0.0.1-${new URL(server.url).port}`;
      const file = join(home.path, '.particle', `${name}.config.json`);
      expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ apiUrl: server.url });
      await expect(shell('~/bin/chamber whoami')).rejects.toMatchObject({
        code: 3,
        stderr: expect.stringContaining(`You are not logged in at ${server.url}`),
      });
      // What is there stays: the log-in here, and that of another cloud.
      const kept = { apiUrl: server.url, access_token: 'a'.repeat(40) };
      await writeFile(file, JSON.stringify(kept));
      const other = join(home.path, '.particle', 'particle.config.json');
      await writeFile(other, JSON.stringify({ access_token: 'b'.repeat(40) }));
      await shell(line);
      expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(kept);
      expect(JSON.parse(await readFile(other, 'utf8'))).toEqual({ access_token: 'b'.repeat(40) });
    },
  },
  {
    ids: ['CLI-01'],
    what: 'the package and the scripts are files with a size, a tag and no secrets',
    async run() {
      const url = `${server.url}/install-cli/chamber.tgz`;
      const head = await fetch(url, { method: 'HEAD' });
      expect(head.status).toBe(200);
      const whole = await fetch(url);
      expect(String((await whole.arrayBuffer()).byteLength)).toBe(head.headers.get('content-length'));
      const again = await fetch(url, { headers: { 'if-none-match': head.headers.get('etag') ?? '' } });
      expect(again.status).toBe(304);
      const script = await fetch(`${server.url}/install-cli`);
      expect(script.headers.get('content-type')).toMatch(/^text\/x-shellscript/);
      expect(await script.text()).toContain(`cloud='${server.url}'\n`);
      expect((await fetch(`${server.url}/install-cli.ps1`)).status).toBe(200);
    },
  },
]);
