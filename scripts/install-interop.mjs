// Puts Particle's own DTLS library where the interop tests look for it: a test-only peer that is compiled on this machine. It needs a C compiler and this
// machine's own Node headers (nothing is downloaded but the npm package); without them the interop tests are skipped, and this says so.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = 'node-mbed-dtls@3.0.0-rc.14';
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, '.interop');
const manifest = join(folder, 'package.json');

function loads() {
  try {
    createRequire(manifest)('node-mbed-dtls');
    return true;
  } catch {
    return false;
  }
}

/** The folder whose `include/node` has the headers: the one npm is told of, or that of a Node on the PATH. */
function headers() {
  const onPath = (process.env.PATH ?? '').split(delimiter).map((bin) => dirname(bin));
  const candidates = [process.env.npm_config_nodedir, ...onPath];
  return candidates.find((prefix) => prefix && existsSync(join(prefix, 'include', 'node', 'node_api.h')));
}

function skip(why) {
  process.stderr.write(`INTEROP TESTS WILL BE SKIPPED: ${PACKAGE} is not installed: ${why}\n`);
  process.exit(0);
}

if (loads()) process.exit(0);
const nodedir = headers();
if (nodedir === undefined) skip('no Node headers (include/node) beside any Node on the PATH');
mkdirSync(folder, { recursive: true });
writeFileSync(manifest, '{ "private": true, "allowScripts": { "node-mbed-dtls": true } }\n');
const command = ['install', '--no-save', '--no-audit', '--no-fund', PACKAGE];
const npm = process.env.npm_execpath;
const env = { ...process.env, npm_config_nodedir: nodedir, npm_config_workspaces: 'false' };
const done = npm
  ? spawnSync(process.execPath, [npm, ...command], { cwd: folder, env, encoding: 'utf8' })
  : spawnSync('npm', command, { cwd: folder, env, encoding: 'utf8', shell: process.platform === 'win32' });
if (done.status !== 0 || !loads()) skip(`it could not be built: ${(done.stderr ?? '').trim().split('\n').at(-1)}`);
process.stderr.write(`${PACKAGE} was built for the interop tests\n`);
