import { fork } from 'node:child_process';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { ServerProcess } from '../server-process.ts';

export interface SseFigures {
  readonly readers: number;
  /** Events that reached readers, over all of them. */
  readonly perSecond: number;
  /** CPU of the whole server process for one event to one reader, its share of the durable publish over HTTP included. */
  readonly cpuMicros: number;
  /** The same for one `res.write` of a frame of that size, in a process that does nothing else. */
  readonly bareMicros: number;
}

const IN_FLIGHT = 64;
/** Streams that the server lets a token or an address have. */
const READERS_EACH = 100;
const MARK = Buffer.from('event: bench');

/**
 * Events published over HTTP, each to all readers of the account's stream; ends when every reader has every event.
 * @param deliveries events times readers
 */
export async function measureSse(server: ServerProcess, readers: number, deliveries: number): Promise<SseFigures> {
  const events = Math.ceil(deliveries / readers);
  const bareMicros = await measureBare(readers, events);
  const url = `${server.url}/v1/devices/events/bench`;
  const stream = async (at: number, token: string, onFrames: (count: number) => void) => {
    const address = `192.0.2.${Math.floor(at / READERS_EACH)}`;
    return openStream(url, { authorization: `Bearer ${token}`, 'x-forwarded-for': address }, onFrames);
  };
  const tokens = await Promise.all(Array.from({ length: Math.ceil(readers / READERS_EACH) }, () => server.newToken()));
  const count = new Countdown(events * readers);
  const streams = await Promise.all(
    Array.from({ length: readers }, (_, at) =>
      stream(at, tokens[Math.floor(at / READERS_EACH)] ?? '', (frames) => count.take(frames)),
    ),
  );
  const before = await server.figures();
  const started = performance.now();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < events) await server.post('/v1/devices/events', { name: 'bench', data: `${next++}`, private: true });
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  await count.done;
  const seconds = (performance.now() - started) / 1000;
  const after = await server.figures();
  for (const close of streams) close();
  const reached = events * readers;
  return {
    readers,
    perSecond: reached / seconds,
    cpuMicros: ((after.cpuSeconds - before.cpuSeconds) * 1e6) / reached,
    bareMicros,
  };
}

async function measureBare(readers: number, events: number): Promise<number> {
  const child = fork(fileURLToPath(new URL('../bare-stream-process.ts', import.meta.url)));
  const answer = (): Promise<{ port?: number; cpuMicros?: number }> =>
    new Promise((resolve) => child.once('message', (message) => resolve(message as { port?: number })));
  try {
    const { port } = await answer();
    const count = new Countdown(events * readers);
    const url = `http://127.0.0.1:${port}/`;
    const streams = await Promise.all(
      Array.from({ length: readers }, () => openStream(url, {}, (frames) => count.take(frames))),
    );
    const measured = answer();
    child.send(events);
    const { cpuMicros = Number.NaN } = await measured;
    await count.done;
    for (const close of streams) close();
    return cpuMicros / (events * readers);
  } finally {
    child.kill();
  }
}

class Countdown {
  readonly done: Promise<void>;
  readonly #finish: () => void;
  #left: number;

  constructor(count: number) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.done = promise;
    this.#finish = resolve;
    this.#left = count;
  }

  take(count: number): void {
    this.#left -= count;
    if (this.#left <= 0) this.#finish();
  }
}

function openStream(
  url: string,
  headers: Readonly<Record<string, string>>,
  onFrames: (count: number) => void,
): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const call = request(url, { headers, agent: false }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`stream: ${response.statusCode}`));
      let rest: Buffer = Buffer.alloc(0);
      response.on('data', (bytes: Buffer) => {
        const text = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
        onFrames(countMarks(text));
        // A mark that is split over two chunks counts with the second.
        rest = text.subarray(Math.max(0, text.length - MARK.length + 1));
      });
      resolve(() => call.destroy());
    });
    call.on('error', () => {});
    call.end();
  });
}

function countMarks(bytes: Buffer): number {
  let found = 0;
  for (let at = bytes.indexOf(MARK); at !== -1; at = bytes.indexOf(MARK, at + MARK.length)) found += 1;
  return found;
}
