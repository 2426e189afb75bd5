// Builds the console into packages/console/dist when something that it is made from has changed, or with --force. Also writes each file compressed,
// so that the server has nothing to compress.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { digestOf, filesIn, isMadeFrom, root, writeStamp } from './made-from.mjs';

const folder = join(root, 'packages', 'console');
const dist = join(folder, 'dist');

/** Of everything that the build reads: sources, the contract, and the versions of its libraries. */
const from = digestOf([
  ...filesIn(join(folder, 'src')),
  ...filesIn(join(folder, 'public')),
  ...filesIn(join(root, 'packages', 'contract', 'src')),
  ...['index.html', 'vite.config.ts', 'operation-paths.ts', 'package.json'].map((name) => join(folder, name)),
  join(root, 'package-lock.json'),
]);

const COMPRESSED = /\.(js|css|html|svg)$/;

function compress() {
  for (const path of filesIn(dist).filter((name) => COMPRESSED.test(name))) {
    const content = readFileSync(path);
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
    writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
  }
}

if (process.argv.includes('--force') || !isMadeFrom(dist, from)) {
  process.stderr.write('Building the console ...\n');
  rmSync(dist, { recursive: true, force: true });
  const { build } = await import('vite');
  await build({ configFile: join(folder, 'vite.config.ts'), logLevel: 'warn' });
  compress();
  writeStamp(dist, from);
}
