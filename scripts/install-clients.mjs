// Puts the published clients that are programs of their own into e2e/clients, in the versions of the lock file there. Only tests use them; where they can't be
// installed, those tests are skipped, and this says so.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'e2e', 'clients');
const lock = join(folder, 'package-lock.json');
/** npm writes it last, so that it is missing after an installation that was cut short. */
const stamp = join(folder, 'node_modules', '.package-lock.json');

if (existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(lock).mtimeMs) process.exit(0);
process.stderr.write('Installing particle-cli for its tests ...\n');
const command = ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'error'];
const npm = process.env.npm_execpath;
const env = { ...process.env, npm_config_workspaces: 'false' };
const done = npm
  ? spawnSync(process.execPath, [npm, ...command], { cwd: folder, env, encoding: 'utf8' })
  : spawnSync('npm', command, { cwd: folder, env, encoding: 'utf8', shell: process.platform === 'win32' });
if (done.status !== 0) {
  const why = (done.stderr ?? '').trim().split('\n').slice(0, 2).join(' ') || String(done.error);
  process.stderr.write(`PARTICLE-CLI TESTS WILL BE SKIPPED: it is not installed: ${why}\n`);
}
