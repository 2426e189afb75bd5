import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import pg from 'pg';

const LOCAL_SERVER = 'postgres://postgres@127.0.0.1:5432/postgres';
const PACKAGED_SERVERS = '/usr/lib/postgresql';

export interface PostgresServer {
  readonly url: string;
  /** In words, for the line that says which server the tests use. */
  readonly origin: string;
  /** Ends a server that `findPostgres` started; does nothing to one that was there. */
  stop(): void;
}

/**
 * A PostgreSQL server where tests may create databases: the one of CHAMBER_TEST_POSTGRES, else one on this machine that trusts us, else one
 * started from the installed programs in a temporary folder.
 * @throws Error when CHAMBER_TEST_POSTGRES is set and does not answer: a wrong setting must not look like an absent server.
 */
export async function findPostgres(): Promise<PostgresServer | undefined> {
  const configured = process.env.CHAMBER_TEST_POSTGRES;
  if (configured !== undefined && configured !== '') {
    if (await answers(configured)) return { url: configured, origin: 'CHAMBER_TEST_POSTGRES', stop() {} };
    throw new Error('the PostgreSQL server of CHAMBER_TEST_POSTGRES does not answer');
  }
  if (await answers(LOCAL_SERVER)) return { url: LOCAL_SERVER, origin: 'the local server', stop() {} };
  return startPostgres();
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    await client.end();
    return true;
  } catch {
    return false;
  }
}

async function startPostgres(): Promise<PostgresServer | undefined> {
  const programs = findPrograms();
  const user = serverUser();
  if (programs === undefined || user === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'cloud-chamber-postgres-'));
  const data = join(folder, 'data');
  if (user !== 'self') chownSync(folder, user.uid, user.gid);
  const run = (program: string, args: string[]): boolean =>
    spawnSync(join(programs, program), args, { cwd: folder, stdio: 'ignore', ...(user === 'self' ? {} : user) })
      .status === 0;
  const port = await freePort();
  // No sync: nothing here outlives the tests, and the kill tests are about SQLite.
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off`;
  const started =
    run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C']) &&
    run('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start']);
  const stop = (): void => {
    run('pg_ctl', ['-D', data, '-m', 'immediate', 'stop']);
    rmSync(folder, { recursive: true, force: true });
  };
  if (started)
    return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, origin: 'one started for this run', stop };
  stop();
  return undefined;
}

/** The folder with initdb and pg_ctl: somewhere on PATH, else the newest version where Debian keeps them. */
function findPrograms(): string | undefined {
  const versions = existsSync(PACKAGED_SERVERS) ? readdirSync(PACKAGED_SERVERS) : [];
  const packaged = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(PACKAGED_SERVERS, version, 'bin'));
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...packaged];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl')));
}

/** initdb refuses root, so root runs the server as `postgres` or `nobody`. */
function serverUser(): { uid: number; gid: number } | 'self' | undefined {
  if (process.getuid?.() !== 0) return 'self';
  for (const name of ['postgres', 'nobody']) {
    const uid = Number(spawnSync('id', ['-u', name], { encoding: 'utf8' }).stdout);
    const gid = Number(spawnSync('id', ['-g', name], { encoding: 'utf8' }).stdout);
    if (uid > 0 && gid > 0) return { uid, gid };
  }
  return undefined;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
