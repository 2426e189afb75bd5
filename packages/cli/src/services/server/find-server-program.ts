import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CliError } from '../../failure/cli-error.ts';

/** A program of the cloud, and what runs it. */
export interface ServerProgram {
  /** A Node of version 24 or later. */
  readonly node: string;
  /** The program's file. */
  readonly script: string;
}

const LEAST_NODE = 24;

/** What is run, and for which command; the cloud itself, when left out. */
interface Wanted {
  readonly program: 'main' | 'backup-main';
  /** Without `chamber` in front. */
  readonly command: string;
}

interface Here {
  /** A file of this package. */
  readonly file: string;
  /** This Node, and its version such as `24.1.0`. */
  readonly node: string;
  readonly version: string;
}

const here = (): Here => ({
  file: fileURLToPath(import.meta.url),
  node: process.execPath,
  version: process.versions.node,
});

/**
 * Where a program of the cloud is: beside the command line when it was installed, in the folder of Cloud Chamber otherwise.
 * @throws CliError when there is none, or no Node that is new enough for it
 */
export function findServerProgram(
  { program, command }: Wanted = { program: 'main', command: 'serve' },
  { file, node, version }: Here = here(),
): ServerProgram {
  const script = scriptAbove(dirname(file), program);
  if (script === undefined) {
    throw new CliError('failure', 'The program of the cloud is not beside this chamber', {
      next: 'Install chamber anew, or run "npm run serve" in the folder of Cloud Chamber.',
    });
  }
  if (Number.parseInt(version, 10) >= LEAST_NODE) return { node, script };
  const installed = nodeOfPackage(script);
  if (installed !== undefined) return { node: installed, script };
  throw new CliError('failure', `chamber ${command} needs Node ${LEAST_NODE} or later; this is ${version}`, {
    next: `Run it as: npx -p node@${LEAST_NODE} -- node "${join(packageOf(script), 'bin', 'chamber.cjs')}" ${command}`,
  });
}

/** From dist/server of the installed package, or src of the cloud's in a checkout. */
function scriptAbove(folder: string, program: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, 'bin', 'chamber.cjs'))) {
      const places = [join(at, 'dist', 'server', `${program}.js`), join(at, '..', 'cloud', 'src', `${program}.ts`)];
      return places.find((place) => existsSync(place));
    }
    if (dirname(at) === at) return undefined;
  }
}

function packageOf(script: string): string {
  const [inDist] = script.split(/[/\\]dist[/\\]server[/\\]/);
  return inDist !== undefined && inDist !== script ? inDist : join(dirname(script), '..', '..', 'cli');
}

/** The npm package `node` of that version, when it is installed and has its program. */
function nodeOfPackage(script: string): string | undefined {
  const require = createRequire(script);
  try {
    const about: unknown = require('node/package.json');
    const version = typeof about === 'object' && about !== null && 'version' in about ? String(about.version) : '';
    const found = join(dirname(require.resolve('node/package.json')), 'bin', 'node');
    return Number.parseInt(version, 10) >= LEAST_NODE && existsSync(found) ? found : undefined;
  } catch {
    return undefined;
  }
}
