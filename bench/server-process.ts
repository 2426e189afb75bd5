import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Target } from './load-device.ts';

const MAIN = fileURLToPath(new URL('../packages/cloud/src/main.ts', import.meta.url));
const COLLECT = new URL('./collect-on-signal.ts', import.meta.url).href;
const OPERATOR = { email: 'operator@bench.invalid', password: 'bench bench bench' };
const READY_MS = 30_000;

export interface ServerFigures {
  /** CPU seconds of the whole process since it started, all threads. */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** The cloud as `npm run serve` starts it, on free ports and a data folder of its own. */
export class ServerProcess {
  readonly url: string;
  /** Where devices connect. */
  readonly udp: Target;
  readonly tcp: Target;
  readonly token: string;
  /** Whose token that is. */
  readonly account = { username: OPERATOR.email, password: OPERATOR.password };
  readonly #child: ChildProcess;
  readonly #dataDir: string;

  private constructor(
    child: ChildProcess,
    dataDir: string,
    facts: Pick<ServerProcess, 'url' | 'udp' | 'tcp' | 'token'>,
  ) {
    this.#child = child;
    this.#dataDir = dataDir;
    this.url = facts.url;
    this.udp = facts.udp;
    this.tcp = facts.tcp;
    this.token = facts.token;
  }

  static async start(): Promise<ServerProcess> {
    const dataDir = await mkdtemp(join(tmpdir(), 'chamber-bench-'));
    const [httpPort = 0, udpPort = 0, tcpPort = 0] = [18_080, 25_684, 27_684].map(
      (first) => first + Math.floor(Math.random() * 1000),
    );
    const child = spawn(process.execPath, ['--expose-gc', '--import', COLLECT, MAIN], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        CHAMBER_DATA: dataDir,
        CHAMBER_HOST: '127.0.0.1',
        CHAMBER_HTTP_PORT: String(httpPort),
        CHAMBER_UDP_PORT: String(udpPort),
        CHAMBER_TCP_PORT: String(tcpPort),
        CHAMBER_OPERATOR_EMAIL: OPERATOR.email,
        CHAMBER_OPERATOR_PASSWORD: OPERATOR.password,
        CHAMBER_LOG_LEVEL: 'warn',
        CHAMBER_RATE_LIMITS: 'off',
        CHAMBER_TRUST_PROXY: '127.0.0.1',
        CHAMBER_OUTBOUND_ALLOW: '127.0.0.1',
        DATABASE_URL: '',
      },
    });
    const url = `http://127.0.0.1:${httpPort}`;
    await untilReady(url, child);
    const keyOf = async (algorithm: 'ecc' | 'rsa'): Promise<Uint8Array> =>
      new Uint8Array(await (await fetch(`${url}/v1/server-key?format=der&algorithm=${algorithm}`)).arrayBuffer());
    const host = '127.0.0.1';
    const udp: Target = { transport: 'udp', host, port: udpPort, serverSpki: await keyOf('ecc') };
    const tcp: Target = { transport: 'tcp', host, port: tcpPort, serverSpki: await keyOf('rsa') };
    return new ServerProcess(child, dataDir, { url, udp, tcp, token: await logIn(url) });
  }

  /** Another token of the operator. */
  newToken(): Promise<string> {
    return logIn(this.url);
  }

  async figures(): Promise<ServerFigures> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? Number.NaN);
    return { cpuSeconds: value('process_cpu_seconds_total'), residentBytes: value('process_resident_memory_bytes') };
  }

  /** Figures after garbage collections. */
  async settledFigures(): Promise<ServerFigures> {
    for (let times = 0; times < 3; times++) {
      this.#child.kill('SIGUSR2');
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
    return this.figures();
  }

  /** Forgets the most memory that the process ever had resident, so that `peakBytes` counts from now on. */
  async forgetPeak(): Promise<void> {
    await writeFile(`/proc/${this.#child.pid}/clear_refs`, '5');
  }

  /** The most memory that the process has had resident. */
  async peakBytes(): Promise<number> {
    const status = await readFile(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  }

  get(path: string): Promise<unknown> {
    return this.#ask('GET', path);
  }

  post(path: string, body: unknown): Promise<unknown> {
    return this.#ask('POST', path, JSON.stringify(body));
  }

  put(path: string, body: unknown): Promise<unknown> {
    return this.#ask('PUT', path, JSON.stringify(body));
  }

  /** A product of the operator's for devices of the virtual device's platform. @returns its id */
  async createProduct(name: string): Promise<number> {
    const product = { name, description: '', platform_id: 32 };
    return ((await this.post('/v1/user/products', { product })) as { product: { id: number } }).product.id;
  }

  /** Gives the product a version of its firmware; nothing is released. */
  async uploadFirmware(product: number, version: number, image: Buffer): Promise<void> {
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(image)]), 'firmware.bin');
    form.set('version', String(version));
    form.set('title', `version ${version}`);
    await this.#ask('POST', `/v1/products/${product}/firmware`, form);
  }

  async #ask(method: string, path: string, body?: string | FormData): Promise<unknown> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.token}` };
    if (typeof body === 'string') headers['content-type'] = 'application/json';
    const response = await fetch(`${this.url}${path}`, { method, headers, body });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /** Sends an image to a device; resolves when the transfer has begun. */
  async flash(deviceId: string, image: Buffer): Promise<void> {
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(image)]), 'firmware.bin');
    await this.#ask('PUT', `/v1/devices/${deviceId}`, form);
  }

  /** Registers a device and claims it for the operator. */
  async register(device: { readonly id: string; readonly publicKey: string }): Promise<void> {
    const pem = `-----BEGIN PUBLIC KEY-----\n${device.publicKey}\n-----END PUBLIC KEY-----\n`;
    await this.post('/v1/operator/devices', { id: device.id, public_key: pem, platform_id: 32, owner: OPERATOR.email });
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await gone;
    await rm(this.#dataDir, { recursive: true, force: true });
  }
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const end = performance.now() + READY_MS;
  while (performance.now() < end) {
    if (child.exitCode !== null) throw new Error('the server ended before it was ready');
    const ready = await fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the server was not ready in time');
}

async function logIn(url: string): Promise<string> {
  const response = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'password',
      username: OPERATOR.email,
      password: OPERATOR.password,
      client_id: 'particle',
      client_secret: 'particle',
    }),
  });
  if (!response.ok) throw new Error(`log-in: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { access_token: string }).access_token;
}
