import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type StorePlace, temporaryFolder } from '@cloudchamber/testkit';
import { spkiFromPem } from '@cloudchamber/wire';
import { eventually } from './eventually.ts';
import { freePorts, type Ports } from './free-ports.ts';
import { Program } from './program.ts';

export interface Account {
  readonly username: string;
  readonly password: string;
}

export interface ServerOptions {
  /** Where its data is; a fresh temporary folder with SQLite when absent. */
  readonly place?: StorePlace;
  /** More settings. */
  readonly env?: Readonly<Record<string, string>>;
}

const HOST = '127.0.0.1';
/** A bound on hanging. */
const START_MS = 60_000;
const STOP_MS = 5_000;

/** Starts `npm run serve` on free ports with an operator account and open sign-up; resolves when `/readyz` says that it is ready. */
export async function startServer({ place, env = {} }: ServerOptions = {}): Promise<CloudServer> {
  const folder = place === undefined ? await temporaryFolder() : undefined;
  const server = new CloudServer({
    ports: await freePorts(),
    place: place ?? { dataDir: folder?.path ?? '' },
    env,
    remove: async () => folder?.remove(),
  });
  try {
    await server.start();
    return server;
  } catch (error) {
    await server.dispose();
    throw error;
  }
}

interface ServerParts {
  readonly ports: Ports;
  readonly place: StorePlace;
  readonly env: Readonly<Record<string, string>>;
  readonly remove: () => Promise<void>;
}

/** A cloud in a process of its own. It can be killed and started again on the same data and the same ports. */
export class CloudServer {
  readonly url: string;
  readonly device: { readonly address: string; readonly port: number };
  /** Where devices on TCP call. */
  readonly tcpDevice: { readonly address: string; readonly port: number };
  readonly place: StorePlace;
  readonly operator: Account = { username: 'operator@example.net', password: randomBytes(12).toString('hex') };
  readonly #parts: ServerParts;
  #program: Program | undefined;
  #publicKey: Uint8Array | undefined;

  constructor(parts: ServerParts) {
    this.#parts = parts;
    this.place = parts.place;
    this.url = `http://${HOST}:${parts.ports.http}`;
    this.device = { address: HOST, port: parts.ports.udp };
    this.tcpDevice = { address: HOST, port: parts.ports.tcp };
  }

  /** The cloud's public key, 91 bytes of SPKI; it has one from its first start on. */
  get publicKey(): Uint8Array {
    if (this.#publicKey === undefined) throw new Error('the server was never ready');
    return this.#publicKey;
  }

  get program(): Program {
    if (this.#program === undefined) throw new Error('the server does not run');
    return this.#program;
  }

  /** Starts it on its data and ports. */
  async start(): Promise<void> {
    const { ports, place, env } = this.#parts;
    const program = new Program({
      command: ['packages/cloud/src/main.ts'],
      cwd: place.dataDir,
      env: {
        CHAMBER_DATA: place.dataDir,
        CHAMBER_HOST: HOST,
        CHAMBER_HTTP_PORT: String(ports.http),
        CHAMBER_UDP_PORT: String(ports.udp),
        CHAMBER_TCP_PORT: String(ports.tcp),
        CHAMBER_OPERATOR_EMAIL: this.operator.username,
        CHAMBER_OPERATOR_PASSWORD: this.operator.password,
        CHAMBER_SIGNUP: 'open',
        CHAMBER_LOG_LEVEL: 'warn',
        CHAMBER_RATE_LIMITS: 'off',
        ...(place.databaseUrl !== undefined && { DATABASE_URL: place.databaseUrl }),
        ...env,
      },
    });
    this.#program = program;
    const ready = async (): Promise<boolean> => {
      if (program.exit !== undefined) return true;
      return (await fetch(`${this.url}/readyz`)).status === 200;
    };
    await eventually('the server to be ready', ready, START_MS);
    if (program.exit !== undefined) throw new Error(`the server ended while it started\n${program.stderr}`);
    const key = (await (await fetch(`${this.url}/v1/server-key`)).json()) as { public_key: string };
    this.#publicKey = spkiFromPem(key.public_key);
  }

  /** Kills it without any warning, and waits until it is gone. */
  async kill9(): Promise<void> {
    this.program.signal('SIGKILL');
    await this.program.exited;
    this.#program = undefined;
  }

  /** Ends it as a supervisor does. @throws Error when it doesn't end within seconds with code 0 */
  async stop(): Promise<void> {
    const { program } = this;
    this.#program = undefined;
    await program.end('SIGTERM', STOP_MS);
  }

  /** Ends it, as `stop` does, when it runs, and deletes its data. */
  async dispose(): Promise<void> {
    try {
      if (this.#program?.exit === undefined) await this.#program?.end('SIGTERM', STOP_MS);
    } finally {
      this.#program = undefined;
      await this.#parts.remove();
    }
  }

  /** One figure of `/metrics`, with its labels as they stand there; 0 when it isn't there yet. */
  async metric(series: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
    return line === undefined ? 0 : Number(line.slice(series.length + 1));
  }

  /** The most memory that the process has had resident so far. */
  async peakBytes(): Promise<number> {
    const status = await readFile(`/proc/${this.program.pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  }
}
