import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from '../percentile.ts';
import type { ServerProcess } from '../server-process.ts';

export interface ChamberStartFigures {
  /** Whole processes, wall time, medians in ms. */
  readonly chamber: number;
  /** `node -e 0`. */
  readonly bare: number;
  /** The same request by a process that runs already, ms. */
  readonly request: number;
  /** A Node process that does nothing but the same request. */
  readonly bareRequest: number;
  readonly rounds: number;
}

const BUILD = fileURLToPath(new URL('../../scripts/build-cli.mjs', import.meta.url));
const CHAMBER = fileURLToPath(new URL('../../packages/cli/bin/chamber.cjs', import.meta.url));
const ONE_REQUEST = `require('node:http').get(process.env.ADDRESS, { headers: { authorization: process.env.AUTHORIZATION } }, (reply) => {
  let text = '';
  reply.on('data', (piece) => { text += piece; }).on('end', () => process.stdout.write(text));
})`;
/** Programs keep what they compiled after their first runs. */
const WARM_UP = 3;

/** \`chamber list --json\` beside a Node that does nothing, and one that makes the same request: in turns, so that each sees the same machine. */
export async function measureChamberStart(server: ServerProcess, rounds: number): Promise<ChamberStartFigures> {
  execFileSync(process.execPath, [BUILD], { stdio: 'inherit' });
  const home = await mkdtemp(join(tmpdir(), 'chamber-start-'));
  const address = `${server.url}/v1/devices`;
  const authorization = `Bearer ${server.token}`;
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    NODE_COMPILE_CACHE: join(home, 'compiled'),
    CHAMBER_API_URL: server.url,
    CHAMBER_ACCESS_TOKEN: server.token,
    ADDRESS: address,
    AUTHORIZATION: authorization,
  };
  const times = { chamber: [] as number[], bare: [] as number[], request: [] as number[], bareRequest: [] as number[] };
  try {
    for (let round = -WARM_UP; round < rounds; round++) {
      const chamber = await timed(() => run([CHAMBER, 'list', '--json'], env));
      const bare = await timed(() => run(['-e', '0'], env));
      const request = await timed(() => ask(address, authorization));
      const bareRequest = await timed(() => run(['-e', ONE_REQUEST], env));
      if (round < 0) continue;
      times.chamber.push(chamber);
      times.bare.push(bare);
      times.request.push(request);
      times.bareRequest.push(bareRequest);
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
  return {
    chamber: median(times.chamber),
    bare: median(times.bare),
    request: median(times.request),
    bareRequest: median(times.bareRequest),
    rounds,
  };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.resume();
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`node ${args.slice(0, 2).join(' ')} ended with ${code}`)),
    );
  });
}

function ask(address: string, authorization: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get(address, { headers: { authorization } }, (reply) => {
      reply.resume().once('end', resolve).once('error', reject);
    }).once('error', reject);
  });
}
