import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openStore } from '@cloudchamber/cloud/store';
import { silentLogger, systemClock } from '@cloudchamber/kernel';
import { type TemporaryFolder, temporaryFolder } from '@cloudchamber/testkit';
import Particle from 'particle-api-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './harness/eventually.ts';
import { freePorts, type Ports } from './harness/free-ports.ts';
import { Program } from './harness/program.ts';
import { runInShell } from './harness/shell.ts';

const START_MS = 20_000;
const STOP_MS = 8_000;

interface DemoFile {
  readonly email: string;
  readonly password: string;
  readonly access_token: string;
  readonly devices: readonly { readonly id: string; readonly name: string; readonly kind: string }[];
}

let folder: TemporaryFolder;
let ports: Ports;
let url: string;
let demo: Program;
let file: DemoFile;

/** `npm start` without npm; resolves when it has said that everything runs. */
async function npmStart(): Promise<Program> {
  const program = new Program({
    command: ['scripts/run.mjs', 'start'],
    cwd: folder.path,
    env: {
      CHAMBER_DATA: folder.path,
      CHAMBER_HTTP_PORT: String(ports.http),
      CHAMBER_UDP_PORT: String(ports.udp),
      CHAMBER_TCP_PORT: String(ports.tcp),
    },
    asGroup: true,
  });
  const said = () => program.exit !== undefined || program.stdout.includes('Ctrl-C here stops the cloud.');
  try {
    await eventually('the demo to run', said, START_MS);
    if (program.exit !== undefined) throw new Error(`the demo ended while it started\n${program.stderr}`);
    return program;
  } catch (error) {
    program.signal('SIGKILL');
    throw error;
  }
}

const readDemoFile = async (): Promise<DemoFile> =>
  JSON.parse(await readFile(join(folder.path, 'demo.json'), 'utf8')) as DemoFile;

const curlLines = ({ stdout }: Program): string[] =>
  stdout.split('\n').flatMap((line) => (line.trim().startsWith('curl ') ? [line.trim()] : []));

beforeAll(async () => {
  folder = await temporaryFolder();
  ports = await freePorts();
  url = `http://127.0.0.1:${ports.http}`;
  demo = await npmStart();
  file = await readDemoFile();
});
afterAll(async () => {
  demo?.signal('SIGKILL');
  await folder?.remove();
});

describe('npm start, the first time', () => {
  it('prints the address of the API and an account that logs in', async () => {
    expect(demo.stdout).toContain(url);
    expect(demo.stdout).toContain(file.email);
    expect(demo.stdout).toContain(file.password);
    const client = new Particle({ baseUrl: url });
    const { statusCode } = await client.login({ username: file.email, password: file.password });
    expect(statusCode).toBe(200);
  });

  it('has three devices online, as demo.json says', async () => {
    expect(file).toEqual({
      email: expect.stringContaining('@'),
      password: expect.stringMatching(/^.{16,}$/),
      access_token: expect.stringMatching(/^[0-9a-f]{40}$/),
      devices: ['tinker', 'weather', 'echo'].map((kind) => ({
        id: expect.stringMatching(/^[0-9a-f]{24}$/),
        name: expect.any(String),
        kind,
      })),
    });
    const { mode } = await stat(join(folder.path, 'demo.json'));
    expect(mode & 0o777).toBe(0o600);
    const { body } = await new Particle({ baseUrl: url, auth: file.access_token }).listDevices({});
    const online = (body as { id: string; name: string; online: boolean }[]).map(({ id, name, online }) => ({
      id,
      name,
      online,
    }));
    const expected = file.devices.map(({ id, name }) => ({ id, name, online: true }));
    expect(online).toHaveLength(3);
    expect(online).toEqual(expect.arrayContaining(expected));
  });

  it('prints two curl lines that work as they stand', async () => {
    const [read, stream, ...others] = curlLines(demo);
    expect(others).toEqual([]);
    const variable = JSON.parse(await runInShell(read ?? '', 5_000));
    expect(variable).toMatchObject({ name: 'temperature', result: expect.any(Number), coreInfo: { connected: true } });
    const shown = await runInShell(stream ?? '', 20_000, (output) =>
      /event: weather\ndata: .*\nid: \d+\n\n/.test(output),
    );
    expect(shown).toMatch(/^:ok\n\n/);
    const [, data] = /event: weather\ndata: (.*)\nid: \d+\n\n/.exec(shown) ?? [];
    expect(JSON.parse(data ?? '')).toMatchObject({ coreid: file.devices.find(({ kind }) => kind === 'weather')?.id });
  });

  it('says what to do when its port is taken', async () => {
    const other = await temporaryFolder();
    const second = new Program({
      command: ['scripts/run.mjs', 'start'],
      cwd: other.path,
      env: { CHAMBER_DATA: other.path, CHAMBER_HTTP_PORT: String(ports.http), CHAMBER_UDP_PORT: String(ports.udp) },
      asGroup: true,
    });
    const { code } = await second.exited;
    await other.remove();
    expect(code).toBe(1);
    expect(second.stderr).toContain('EADDRINUSE');
    expect(second.stderr).toContain('CHAMBER_UDP_PORT=');
  });
});

describe('Ctrl-C', () => {
  it('ends the demo with code 0 and leaves no process behind', async () => {
    await demo.end('SIGINT', STOP_MS);
    expect(demo.groupIsAlive).toBe(false);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it('lets the devices say goodbye first', async () => {
    const store = await openStore({ dataDir: folder.path, clock: systemClock, log: silentLogger });
    try {
      for (const { id } of file.devices) {
        const status = await store.events.read({ deviceId: id, namePrefix: 'spark/status', limit: 10 });
        expect(status.map(({ data }) => Buffer.from(data ?? []).toString())).toEqual(['online', 'offline']);
      }
    } finally {
      await store.close();
    }
  });
});

describe('npm start, once more', () => {
  it('reuses the account and the devices', async () => {
    demo = await npmStart();
    expect(await readDemoFile()).toEqual(file);
    expect(demo.stdout).toContain(file.password);
    const [read] = curlLines(demo);
    expect(JSON.parse(await runInShell(read ?? '', 5_000))).toMatchObject({ name: 'temperature' });
    const { body } = await new Particle({ baseUrl: url, auth: file.access_token }).listDevices({});
    expect(body).toHaveLength(3);
    await demo.end('SIGINT', STOP_MS);
    expect(demo.groupIsAlive).toBe(false);
  });
});
