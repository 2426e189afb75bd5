import { request } from 'node:http';
import type { ServerProcess } from '../server-process.ts';

export interface SseFigures {
  readonly clients: number;
  /** Events that reached clients, over all of them. */
  readonly perSecond: number;
  readonly cpuMicros: number;
}

const CLIENTS = 100;
const IN_FLIGHT = 64;

/** Events published over HTTP, each to all clients of the account's stream; ends when every client has every event. */
export async function measureSse(server: ServerProcess, events: number): Promise<SseFigures> {
  let received = 0;
  let finished = (): void => {};
  const done = new Promise<void>((resolve) => (finished = resolve));
  const streams = await Promise.all(
    Array.from({ length: CLIENTS }, () =>
      openStream(server, (frames) => {
        received += frames;
        if (received >= events * CLIENTS) finished();
      }),
    ),
  );
  const before = await server.figures();
  const started = performance.now();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < events) await server.post('/v1/devices/events', { name: 'bench', data: `${next++}`, private: true });
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  await done;
  const seconds = (performance.now() - started) / 1000;
  const after = await server.figures();
  for (const close of streams) close();
  return {
    clients: CLIENTS,
    perSecond: received / seconds,
    cpuMicros: ((after.cpuSeconds - before.cpuSeconds) * 1e6) / received,
  };
}

function openStream(server: ServerProcess, onFrames: (count: number) => void): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const call = request(
      `${server.url}/v1/devices/events/bench`,
      { headers: { authorization: `Bearer ${server.token}` }, agent: false },
      (response) => {
        if (response.statusCode !== 200) return reject(new Error(`stream: ${response.statusCode}`));
        response.on('data', (bytes: Buffer) => onFrames(count(bytes, 'event: bench')));
        resolve(() => call.destroy());
      },
    );
    call.on('error', () => {});
    call.end();
  });
}

/** A frame head split over two chunks is rare and would be missed: the count then never ends, so the run shows it. */
function count(bytes: Buffer, mark: string): number {
  let found = 0;
  for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + mark.length)) found += 1;
  return found;
}
