// Bundles the cloud with its libraries into a folder: its program, that of backups, the thread of SQLite, and the console and pages of the API's documentation beside it. For the
// packed command line alone; from a checkout the cloud runs as it is.
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './made-from.mjs';

const cloud = join(root, 'packages', 'cloud');

/** What a file says instead, so that it finds its neighbours where they are in the bundle; each must be there. */
const instead = [
  ['/cloud/src/store/sqlite/sqlite-thread.ts', './sqlite-worker.ts', './sqlite-worker.js'],
  ['/cloud/src/run-process.ts', '../../console/dist', './console'],
  [
    '/@fastify/swagger-ui/index.js',
    "path.join(__dirname, './static/logo.svg')",
    "path.join(__dirname, 'api-pages', 'logo.svg')",
  ],
  ['/@fastify/swagger-ui/lib/routes.js', "path.join(__dirname, '..', 'static')", "path.join(__dirname, 'api-pages')"],
];

/** @param folder where it goes; the console must be built */
export async function bundleServer(folder) {
  const { build } = await import('rolldown');
  const { version } = JSON.parse(readFileSync(join(cloud, 'package.json'), 'utf8'));
  const found = new Set();
  await build({
    input: {
      main: join(cloud, 'src', 'main.ts'),
      'backup-main': join(cloud, 'src', 'backup-main.ts'),
      'sqlite-worker': join(cloud, 'src', 'store', 'sqlite', 'sqlite-worker.ts'),
    },
    platform: 'node',
    external: [/^node:/, 'pg-native'],
    transform: { target: 'node24' },
    plugins: [
      {
        name: 'places-in-the-bundle',
        load: (id) =>
          id.endsWith('/cloud/src/version.ts') ? `export const version = ${JSON.stringify(version)};` : null,
        transform(code, id) {
          let changed = code;
          for (const [path, from, to] of instead) {
            if (!id.endsWith(path)) continue;
            if (!changed.includes(from)) throw new Error(`${id} has no ${from} any more`);
            changed = changed.replaceAll(from, to);
            found.add(path);
          }
          return changed === code ? null : changed;
        },
      },
    ],
    output: {
      dir: folder,
      format: 'esm',
      entryFileNames: '[name].js',
      // Beside each other: what says where it is means this folder.
      chunkFileNames: '[name]-[hash].js',
      banner: 'const __dirname = import.meta.dirname, __filename = import.meta.filename;',
    },
    logLevel: 'warn',
  });
  for (const [path] of instead) if (!found.has(path)) throw new Error(`${path} is not in the bundle of the cloud`);
  cpSync(join(root, 'packages', 'console', 'dist'), join(folder, 'console'), { recursive: true });
  cpSync(join(root, 'node_modules', '@fastify', 'swagger-ui', 'static'), join(folder, 'api-pages'), {
    recursive: true,
    dereference: true,
  });
}
