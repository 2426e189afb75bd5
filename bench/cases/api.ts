import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { generateP256 } from '@cloudchamber/wire';
import { HttpPeer } from '../http-peer.ts';
import { median } from '../percentile.ts';
import type { Scale } from '../scale.ts';
import type { ServerProcess } from '../server-process.ts';

export interface ApiFigures {
  /** What was asked for, in words. */
  readonly what: string;
  /** As many as the server answers. */
  readonly perSecond: number;
  /** CPU of the whole server process for one request, then. */
  readonly cpuMicros: number;
  /** The same at `PACE` requests a second, which leaves every server idle in between. */
  readonly pacedCpuMicros: number;
}

export interface ApiReport {
  /** A Fastify route that does nothing but answer with the same object. */
  readonly bare: ApiFigures;
  readonly requests: readonly ApiFigures[];
}

const CONNECTIONS = 32;
/** Requests a second of the stretch that is not a flood. */
export const PACE = 1000;
const DEVICES = 25;
/** Devices that variables are asked of: each takes 65,536 messages in some four minutes and no more (RFC 7252 section 4.4). */
export const ASKED_DEVICES = 8;

interface Measured {
  /** Asked in turn by the connections. */
  readonly urls: readonly URL[];
  readonly headers: Readonly<Record<string, string>>;
  /** CPU seconds of the process so far. */
  readonly cpuSeconds: () => Promise<number>;
}

/**
 * Authenticated requests over keep-alive connections, in turn with a bare route in a process of its own; the median of the repeats counts. Each is
 * measured as fast as it goes and at one pace for all: a flood flatters the fastest, since a reply that finds its client still busy wakes nobody,
 * and waking costs the sender some 10 to 30 µs.
 */
export async function measureApi(
  server: ServerProcess,
  deviceIds: readonly string[],
  scale: Scale,
): Promise<ApiReport> {
  for (let n = deviceIds.length; n < DEVICES; n++) await registerIdle(server, n);
  const headers = { authorization: `Bearer ${server.token}` };
  const cpuSeconds = async (): Promise<number> => (await server.figures()).cpuSeconds;
  const of = (...paths: string[]): Measured => ({
    urls: paths.map((path) => new URL(`${server.url}${path}`)),
    headers,
    cpuSeconds,
  });
  const device = `/v1/devices/${deviceIds[0]}`;
  const bare = await startBare(await (await fetch(`${server.url}${device}`, { headers })).json(), device);
  try {
    const cases: readonly (readonly [string, Measured])[] = [
      ['bare Fastify route with the same reply as the next (the limit)', bare.measured],
      ['GET one device', of(device)],
      [`GET list of ${DEVICES} devices`, of('/v1/devices')],
      ['GET variable of a device', of(...deviceIds.map((id) => `/v1/devices/${id}/ratio`))],
    ];
    const rounds: ApiFigures[][] = cases.map(() => []);
    for (let repeat = 0; repeat < scale.repeats; repeat++) {
      for (const [at, [what, measured]] of cases.entries())
        rounds[at]?.push(await measure(what, measured, scale.seconds));
    }
    const [limit, ...requests] = rounds.map(middle);
    if (limit === undefined) throw new Error('nothing was measured');
    return { bare: limit, requests };
  } finally {
    bare.stop();
  }
}

/** A device of the account that isn't connected. */
async function registerIdle(server: ServerProcess, n: number): Promise<void> {
  const id = `1d1e${n.toString(16).padStart(20, '0')}`;
  await server.register({ id, publicKey: Buffer.from(generateP256().spki).toString('base64') });
}

async function measure(what: string, { urls, headers, cpuSeconds }: Measured, seconds: number): Promise<ApiFigures> {
  const peers: HttpPeer[] = [];
  while (peers.length < CONNECTIONS) for (const url of urls) peers.push(await HttpPeer.open(url, headers));
  const stretch = async (send: typeof flood) => {
    const before = await cpuSeconds();
    const started = performance.now();
    const requests = await send(peers, seconds);
    const elapsed = (performance.now() - started) / 1000;
    const cpu = (await cpuSeconds()) - before;
    return { perSecond: requests / elapsed, cpuMicros: (cpu * 1e6) / requests };
  };
  try {
    await flood(peers, 0.5);
    const flooded = await stretch(flood);
    const { cpuMicros: pacedCpuMicros } = await stretch(pace);
    return { what, ...flooded, pacedCpuMicros };
  } finally {
    for (const peer of peers) peer.close();
  }
}

/** Every connection asks again as soon as it was answered. @returns how many requests were answered */
async function flood(peers: readonly HttpPeer[], seconds: number): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let requests = 0;
  const worker = async (peer: HttpPeer): Promise<void> => {
    while (performance.now() < end) {
      await peer.get();
      requests += 1;
    }
  };
  await Promise.all(peers.map(worker));
  return requests;
}

/** `PACE` requests a second, over whichever connections are free. @returns how many were sent, all answered */
async function pace(peers: readonly HttpPeer[], seconds: number): Promise<number> {
  const started = performance.now();
  const free = [...peers];
  const answers: Promise<unknown>[] = [];
  for (let sent = 0; sent < PACE * seconds; ) {
    const due = ((performance.now() - started) / 1000) * PACE;
    while (sent < due && sent < PACE * seconds) {
      const peer = free.pop();
      if (peer === undefined) break;
      answers.push(peer.get().then(() => free.push(peer)));
      sent += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return (await Promise.all(answers)).length;
}

function middle(figures: readonly ApiFigures[]): ApiFigures {
  return {
    what: figures[0]?.what ?? '',
    perSecond: median(figures.map(({ perSecond }) => perSecond)),
    cpuMicros: median(figures.map(({ cpuMicros }) => cpuMicros)),
    pacedCpuMicros: median(figures.map(({ pacedCpuMicros }) => pacedCpuMicros)),
  };
}

interface BareMessage {
  readonly port?: number;
  readonly cpu?: NodeJS.CpuUsage;
}

async function startBare(
  body: unknown,
  path: string,
): Promise<{ readonly measured: Measured; readonly stop: () => void }> {
  const child = fork(fileURLToPath(new URL('../bare-http-process.ts', import.meta.url)));
  const ask = (message: object): Promise<BareMessage> =>
    new Promise((resolve) => {
      child.once('message', (answer) => resolve(answer as BareMessage));
      child.send(message);
    });
  const { port } = await ask(body as object);
  const cpuSeconds = async (): Promise<number> => {
    const { cpu } = await ask({});
    return ((cpu?.user ?? 0) + (cpu?.system ?? 0)) / 1e6;
  };
  const url = new URL(`http://127.0.0.1:${port}${path}`);
  return { measured: { urls: [url], headers: {}, cpuSeconds }, stop: () => child.kill() };
}
