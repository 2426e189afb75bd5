// What every npm script of this project goes through: install what is missing, then run the task on the pinned Node.
// Plain JavaScript for any Node from 20, because it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');
const windows = process.platform === 'win32';

/** Commands of a task, run one after the other; a string is a program of node_modules, run on the pinned Node. */
const tasks = {
  start: [['scripts/build-console.mjs'], ['scripts/build-cli.mjs'], ['packages/demo/src/main.ts']],
  serve: [['scripts/build-console.mjs'], ['scripts/build-cli.mjs'], ['packages/cloud/src/main.ts']],
  'virtual-device': [['packages/virtual-device/src/main.ts']],
  bench: [['scripts/build-console.mjs'], ['scripts/build-cli.mjs'], ['bench/main.ts']],
  chamber: [['scripts/build-cli.mjs'], ['packages/cli/bin/chamber.cjs']],
  'build-cli': [['scripts/build-cli.mjs', '--force']],
  'build-console': [['scripts/build-console.mjs', '--force']],
  test: [
    ['scripts/install-interop.mjs'],
    ['scripts/install-clients.mjs'],
    ['scripts/install-browsers.mjs'],
    ['scripts/install-terminal-tools.mjs'],
    ['scripts/build-console.mjs'],
    ['scripts/build-cli.mjs'],
    ['node_modules/vitest/vitest.mjs', 'run'],
  ],
  e2e: [
    ['scripts/install-interop.mjs'],
    ['scripts/install-clients.mjs'],
    ['scripts/install-browsers.mjs'],
    ['scripts/install-terminal-tools.mjs'],
    ['scripts/build-console.mjs'],
    ['scripts/build-cli.mjs'],
    ['node_modules/vitest/vitest.mjs', 'run', '--project', 'e2e'],
  ],
  verify: [
    ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
    ['node_modules/typescript/bin/tsc', '-p', '.'],
    ['node_modules/typescript/bin/tsc', '-p', 'packages/console'],
    ['scripts/check-imports.mjs'],
    ['node_modules/knip/bin/knip.js'],
  ],
};

function installed() {
  const stamp = join(root, 'node_modules', '.package-lock.json');
  const lock = join(root, 'package-lock.json');
  return existsSync(stamp) && (!existsSync(lock) || statSync(stamp).mtimeMs >= statSync(lock).mtimeMs);
}

function install() {
  process.stderr.write('Installing dependencies ...\n');
  const npm = process.env.npm_execpath;
  // Not `npm ci`: it refuses to run where the registry lacks an optional package for some other platform. The versions are those of the lock file all the same.
  // Development dependencies too, also where NODE_ENV is production: the pinned Node and what builds the console are among them.
  const command = ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund'];
  const options = { cwd: root, stdio: ['ignore', 2, 2] };
  const done = npm
    ? spawnSync(process.execPath, [npm, ...command], options)
    : spawnSync('npm', command, { ...options, shell: windows });
  if (done.status !== 0) {
    fail('npm install failed: see its messages above. It needs Node 20 or later, npm, and an npm registry.');
  }
}

/** The Node that package.json pins, or the one that runs this when it is new enough. */
function pinnedNode() {
  const pinned = join(bin, windows ? 'node.cmd' : 'node');
  if (existsSync(pinned) && spawnSync(pinned, ['--version'], { shell: windows }).status === 0) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return fail(
    'The pinned Node 24 (npm package "node") is not installed: its install script was probably blocked.\n' +
      'Allow it with "npm install-scripts approve node" and "npm rebuild node", or run this with Node 24 or later.',
  );
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function run(node, command, extra, cwd) {
  const [script, ...args] = command;
  return new Promise((resolve) => {
    const path = process.env.PATH ?? '';
    const child = spawn(node, [join(root, script), ...args, ...extra], {
      cwd,
      stdio: 'inherit',
      shell: windows,
      env: { ...process.env, PATH: `${bin}${windows ? ';' : ':'}${path}` },
    });
    const forward = (signal) => child.kill(signal);
    process.on('SIGINT', forward);
    process.on('SIGTERM', forward);
    child.on('exit', (code, signal) => {
      process.off('SIGINT', forward);
      process.off('SIGTERM', forward);
      resolve(signal ? 128 + (signal === 'SIGINT' ? 2 : 15) : (code ?? 1));
    });
  });
}

/** What people install from the cloud: packed aside, so that nothing waits for it. */
function packAside(node) {
  spawn(node, [join(root, 'scripts', 'pack-cli.mjs')], { cwd: root, stdio: 'ignore', shell: windows }).unref();
}

const [name, ...extra] = process.argv.slice(2);
const called = process.env.INIT_CWD ?? process.cwd();
const task = tasks[name];
if (!task) fail(`Unknown task "${name}". There are: ${Object.keys(tasks).join(', ')}.`);
if (!installed()) install();
const node = pinnedNode();
for (const command of task) {
  const last = command === task.at(-1);
  if (last && (name === 'start' || name === 'serve')) packAside(node);
  // npm runs scripts in the project's folder: files that chamber is told of are in the caller's.
  const code = await run(node, command, last ? extra : [], last && name === 'chamber' ? called : root);
  if (code !== 0) process.exit(code);
}
