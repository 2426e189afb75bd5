// Builds the command line into packages/cli/dist when something that it is made from has changed, or with --force. What it needs of this repository and of its
// libraries is in the files; only what has native parts stays outside, and is looked for when a command needs it.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, filesIn, isMadeFrom, root, writeStamp } from './made-from.mjs';

const folder = join(root, 'packages', 'cli');
const dist = join(folder, 'dist');
const packages = ['cli', 'contract', 'kernel', 'virtual-device', 'wire'];

/** Of everything that the build reads. */
const from = digestOf([
  ...packages.flatMap((name) => filesIn(join(root, 'packages', name, 'src'))),
  join(folder, 'package.json'),
  join(root, 'scripts', 'build-cli.mjs'),
  join(root, 'package-lock.json'),
]);

if (process.argv.includes('--force') || !isMadeFrom(dist, from)) {
  process.stderr.write('Building chamber ...\n');
  rmSync(dist, { recursive: true, force: true });
  const { build } = await import('rolldown');
  const { operations } = await import('../packages/contract/src/index.ts');
  const paths = Object.entries(operations).map(([name, { method, path }]) => [name, [method, path]]);
  const table = JSON.stringify(Object.fromEntries(paths));
  await build({
    input: { main: join(folder, 'src', 'main.ts') },
    platform: 'node',
    external: [/^node:/, 'serialport', 'particle-usb', 'usb'],
    transform: { target: 'node20' },
    plugins: [
      {
        name: 'operation-paths',
        load: (id) => (id.endsWith('/cli/src/cloud/operation-paths.ts') ? `export const paths = ${table};` : null),
      },
      {
        // For commands that are programs of their own, which there are none of; it takes long to load.
        name: 'commander-starts-nothing',
        transform: (code, id) =>
          id.includes('/commander/lib/') ? code.replace("require('node:child_process')", '{}') : null,
      },
    ],
    output: { dir: dist, format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
    // What many commands need is in the main file, and some name it where they load the rest.
    checks: { ineffectiveDynamicImport: false },
    logLevel: 'warn',
  });
  writeStamp(dist, from);
}
