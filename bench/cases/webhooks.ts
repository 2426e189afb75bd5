import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Load } from '../load.ts';
import type { Flooded } from '../load-process.ts';
import type { Scale } from '../scale.ts';
import type { ServerProcess } from '../server-process.ts';
import { connectDevices, registerDevices } from './publish.ts';

interface Rate {
  readonly perSecond: number;
  readonly cpuMicros: number;
}

export interface WebhookFigures {
  /** Events of devices that are committed and delivered to one webhook each, until the last one is delivered. */
  readonly delivered: Rate;
  /** From devices to the log alone, on the same server before that. */
  readonly appended: Rate;
  /** Requests to the same endpoint, by a process that does nothing else. */
  readonly bare: Rate;
}

const DEVICES = 200;
const IN_FLIGHT = 64;
/** Requests that the server has under way for one integration. */
const CONNECTIONS = 12;
const PATIENCE_MS = 120_000;

/** Durable publishes that a webhook gets, beside those that nobody gets and beside bare requests. */
export async function measureWebhooks(server: ServerProcess, load: Load, scale: Scale): Promise<WebhookFigures> {
  await registerDevices(server, load, DEVICES, 1);
  await connectDevices(load);
  await load.tell({ do: 'flood', seconds: 1, inFlight: IN_FLIGHT });
  const endpoint = await HookEndpoint.open();
  try {
    const bare = await measureBare(endpoint.origin, scale.seconds);
    const appended = await measured(server, async () => flood(load, scale));
    await server.post('/v1/integrations', { event: 'sensor', url: `${endpoint.origin}/hook` });
    const before = await endpoint.requests();
    const delivered = await measured(server, async () => {
      const publishes = await flood(load, scale);
      await endpoint.until(before + publishes);
      return publishes;
    });
    return { delivered, appended, bare };
  } finally {
    endpoint.close();
  }
}

async function flood(load: Load, { seconds }: Scale): Promise<number> {
  return (await load.tell<Flooded>({ do: 'flood', seconds, inFlight: IN_FLIGHT })).publishes;
}

async function measured(server: ServerProcess, run: () => Promise<number>): Promise<Rate> {
  const before = await server.figures();
  const started = performance.now();
  const events = await run();
  const seconds = (performance.now() - started) / 1000;
  const after = await server.figures();
  return { perSecond: events / seconds, cpuMicros: ((after.cpuSeconds - before.cpuSeconds) * 1e6) / events };
}

async function measureBare(origin: string, seconds: number): Promise<Rate> {
  const child = fork(fileURLToPath(new URL('../bare-hook-process.ts', import.meta.url)));
  try {
    return await new Promise<Rate>((resolve, reject) => {
      child.once('message', (message) => resolve(message as Rate));
      child.once('exit', () => reject(new Error('the bare requests ended')));
      child.send({ origin, seconds, inFlight: CONNECTIONS });
    });
  } finally {
    child.kill();
  }
}

class HookEndpoint {
  readonly origin: string;
  readonly #child: ReturnType<typeof fork>;

  private constructor(child: ReturnType<typeof fork>, port: number) {
    this.#child = child;
    this.origin = `http://127.0.0.1:${port}`;
  }

  static open(): Promise<HookEndpoint> {
    const child = fork(fileURLToPath(new URL('../hook-endpoint-process.ts', import.meta.url)));
    return new Promise((resolve, reject) => {
      child.once('message', (message) => resolve(new HookEndpoint(child, (message as { port: number }).port)));
      child.once('exit', () => reject(new Error('the endpoint did not start')));
    });
  }

  requests(): Promise<number> {
    return new Promise((resolve) => {
      this.#child.once('message', (message) => resolve((message as { requests: number }).requests));
      this.#child.send('count');
    });
  }

  /** Resolves when so many requests have come. @throws Error when no more come although some are missing */
  async until(requests: number): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    for (let came = await this.requests(); came < requests; came = await this.requests()) {
      if (performance.now() > end) throw new Error(`${requests - came} events were not delivered in time`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  close(): void {
    this.#child.kill();
  }
}
