// Packs the command line with the cloud in it into packages/cli/dist-pack/chamber-<version>.tgz when something that it is made from has changed, or with
// --force: an npm package that needs nothing of this repository, and no compiler. Both must be built.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleServer } from './bundle-server.mjs';
import { digestOf, filesIn, isMadeFrom, root, writeStamp } from './made-from.mjs';

const README = `# chamber

The command line of Cloud Chamber, a device cloud for your own machines. "chamber --help" lists its commands; "chamber serve" runs a cloud and needs Node 24.
`;

const folder = join(root, 'packages', 'cli');
const out = join(folder, 'dist-pack');
const packages = ['cli', 'cloud', 'contract', 'gateway', 'kernel', 'virtual-device', 'wire'];
for (const dist of [join(folder, 'dist'), join(root, 'packages', 'console', 'dist')]) {
  if (!existsSync(dist)) {
    process.stderr.write(`There is no ${dist}: run "npm run build-console" and "npm run build-cli" first.\n`);
    process.exit(1);
  }
}

const from = digestOf([
  ...packages.flatMap((name) => filesIn(join(root, 'packages', name, 'src'))),
  ...['cli', 'cloud'].map((name) => join(root, 'packages', name, 'package.json')),
  ...filesIn(join(root, 'packages', 'console', 'dist')),
  ...['bundle-server.mjs', 'pack-cli.mjs', 'build-cli.mjs'].map((name) => join(root, 'scripts', name)),
  join(folder, 'bin', 'chamber.cjs'),
  join(root, 'package-lock.json'),
]);
const { version, description, license, type, bin, engines, optionalDependencies } = JSON.parse(
  readFileSync(join(folder, 'package.json'), 'utf8'),
);
const packed = join(out, `chamber-${version}.tgz`);

if (process.argv.includes('--force') || !existsSync(packed) || !isMadeFrom(out, from)) {
  process.stderr.write('Packing chamber ...\n');
  const stage = join(out, `stage-${process.pid}`);
  try {
    mkdirSync(stage, { recursive: true });
    const about = { name: 'chamber', version, description, license, type, bin, engines, optionalDependencies };
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify(about, null, 2)}\n`);
    cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'));
    writeFileSync(join(stage, 'README.md'), README);
    cpSync(join(folder, 'bin'), join(stage, 'bin'), { recursive: true });
    cpSync(join(folder, 'dist'), join(stage, 'dist'), {
      recursive: true,
      filter: (path) => !path.endsWith('.made-from'),
    });
    await bundleServer(join(stage, 'dist', 'server'));
    rmSync(join(stage, 'dist', 'server', 'console', '.made-from'), { force: true });
    const npm = process.env.npm_execpath;
    const command = ['pack', '--ignore-scripts', '--silent', '--pack-destination', stage];
    const options = { cwd: stage, stdio: ['ignore', 'ignore', 'inherit'] };
    const done = npm
      ? spawnSync(process.execPath, [npm, ...command], options)
      : spawnSync('npm', command, { ...options, shell: process.platform === 'win32' });
    if (done.status !== 0) throw new Error('npm pack failed');
    // Whole or not at all: the cloud may be sending the one before.
    renameSync(join(stage, `chamber-${version}.tgz`), packed);
    writeStamp(out, from);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}
process.stdout.write(`${packed}\n`);
