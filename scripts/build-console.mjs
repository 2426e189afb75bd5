// Builds the console into packages/console/dist when something that it is made from has changed, or with --force. Also writes each file compressed,
// so that the server has nothing to compress.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'packages', 'console');
const dist = join(folder, 'dist');
const stamp = join(dist, '.made-from');

function filesIn(path) {
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Of everything that the build reads: sources, the contract, and the versions of its libraries. */
function digest() {
  const sources = [
    ...filesIn(join(folder, 'src')),
    ...filesIn(join(folder, 'public')),
    ...filesIn(join(root, 'packages', 'contract', 'src')),
    ...['index.html', 'vite.config.ts', 'operation-paths.ts', 'package.json'].map((name) => join(folder, name)),
    join(root, 'package-lock.json'),
  ].filter((path) => !path.includes('.test.'));
  const hash = createHash('sha256');
  for (const path of sources.sort())
    hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

function isMade(from) {
  try {
    return readFileSync(stamp, 'utf8') === from;
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

const COMPRESSED = /\.(js|css|html|svg)$/;

function compress() {
  for (const path of filesIn(dist).filter((name) => COMPRESSED.test(name))) {
    const content = readFileSync(path);
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
    writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
  }
}

const from = digest();
if (process.argv.includes('--force') || !isMade(from)) {
  process.stderr.write('Building the console ...\n');
  rmSync(dist, { recursive: true, force: true });
  const { build } = await import('vite');
  await build({ configFile: join(folder, 'vite.config.ts'), logLevel: 'warn' });
  compress();
  writeFileSync(stamp, from);
}
