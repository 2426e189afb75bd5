import { Agent, type IncomingMessage, request } from 'node:http';
import { relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describeStorePlaces } from '@cloudchamber/testkit';
import { afterEach, expect, it } from 'vitest';
import { clientOf } from './harness/api-client.ts';
import { type CloudServer, startServer } from './harness/cloud-server.ts';
import { eventually } from './harness/eventually.ts';
import { Program } from './harness/program.ts';
import { StreamClient } from './harness/stream-client.ts';

/** How often readers are cut; 1,000 is the full run. */
const CUTS = Number(process.env.E2E_STREAM_CUTS ?? 150);
const READERS = 40;
const CUT_EVERY_MS = 20;
const EVENTS_PER_SECOND = 500;
const TICK_MS = 10;

const MANY_READERS = 200;
/** Readers of one token and address; the server lets each have 100. */
const READERS_EACH = 50;
/** Control characters take six bytes each in a frame. */
const FAT_DATA = '\u0001'.repeat(1000);
const MOST_FAT_EVENTS = 4000;
const MOST_HEAP_BYTES = 300 * 1024 * 1024;

const GROUP_EVENTS = 10_000;
const ROOT = fileURLToPath(new URL('../', import.meta.url));
const GROUP_READER = relative(ROOT, fileURLToPath(new URL('./harness/group-reader-process.ts', import.meta.url)));

describeStorePlaces('event streams', (newPlace) => {
  let server: CloudServer;
  let agent: Agent;
  const cleanUp: (() => void)[] = [];

  afterEach(async () => {
    for (const undo of cleanUp.splice(0)) undo();
    agent?.destroy();
    await server?.dispose();
  });

  const start = async () => {
    server = await startServer({ place: await newPlace(), env: { CHAMBER_TRUST_PROXY: '127.0.0.1' } });
    agent = new Agent({ keepAlive: true, maxSockets: 32 });
    return logIn();
  };
  const logIn = async () => (await clientOf(server).login(server.operator)).body.access_token;
  const publish = (token: string, data: string) =>
    new Promise<void>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const call = request(`${server.url}/v1/devices/events`, { method: 'POST', headers, agent }, (response) => {
        response.resume().once('end', () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`publishing answered ${response.statusCode}`));
        });
      });
      call.once('error', reject);
      call.end(JSON.stringify({ name: 'e2e', data }));
    });
  const reader = async (token: string, address?: string) => {
    const url = `${server.url}/v1/devices/events`;
    const client = new StreamClient({ url, token, lastId: '0', ...(address !== undefined && { address }) });
    cleanUp.push(() => client.cut());
    await client.connect();
    return client;
  };
  const expectAll = async (clients: readonly StreamClient[], count: number) => {
    const shortest = () => Math.min(...clients.map(({ ids }) => ids.length));
    await eventually(`every reader to have ${count} events`, () => shortest() >= count, 30_000).catch(() => {});
    const [first] = clients;
    const ascending = [...new Set(first?.ids)].map(Number).sort((a, b) => a - b);
    const wrong = clients.filter(
      ({ ids }) => ids.length !== count || ids.some((id, at) => Number(id) !== ascending[at]),
    );
    expect([ascending.length, wrong.length]).toEqual([count, 0]);
  };

  it('lose and double nothing for readers that are cut and come back', { timeout: CUTS * 100 + 60_000 }, async () => {
    const token = await start();
    const clients = await Promise.all(Array.from({ length: READERS }, () => reader(token)));
    let published = 0;
    let cuts = 0;
    const publishing: Promise<void>[] = [];
    const began = performance.now();
    const publisher = async () => {
      while (cuts < CUTS) {
        const due = ((performance.now() - began) / 1000) * EVENTS_PER_SECOND;
        for (; published < due; published++) publishing.push(publish(token, `${published}`));
        await pause(TICK_MS);
      }
    };
    const busy = new Set<StreamClient>();
    const returning: Promise<void>[] = [];
    const cutter = async () => {
      for (; cuts < CUTS; cuts++) {
        const idle = clients.filter((client) => !busy.has(client));
        const client = idle[Math.floor(Math.random() * idle.length)];
        if (client !== undefined) {
          busy.add(client);
          client.cut();
          const comeBack = async () => {
            await pause(Math.random() * 300);
            await client.connect();
            busy.delete(client);
          };
          returning.push(comeBack());
        }
        await pause(CUT_EVERY_MS);
      }
    };
    await Promise.all([publisher(), cutter()]);
    await Promise.all([...publishing, ...returning]);
    const seconds = (performance.now() - began) / 1000;
    await expectAll(clients, published);
    console.info(
      `${returning.length} cuts of ${READERS} readers under ${Math.round(published / seconds)} events/s: ${published} events, each once for every reader`,
    );
  });

  it('cut one reader that is too slow, and spare the others', { timeout: 120_000 }, async () => {
    const tokens = [await start(), await logIn(), await logIn(), await logIn()];
    const [token = ''] = tokens;
    const clients = await Promise.all(
      Array.from({ length: MANY_READERS - 1 }, (_, at) => {
        const who = Math.floor(at / READERS_EACH);
        return reader(tokens[who] ?? token, `192.0.2.${who}`);
      }),
    );
    const slow = await SlowReader.open(server, token);
    cleanUp.push(() => slow.close());
    const before = await heapOf(server);
    let peak = before;
    let published = 0;
    // Until more was published than the system's own buffers and the server's budget hold.
    const isCut = async () => (await server.metric('chamber_event_streams')) < MANY_READERS;
    while (published < MOST_FAT_EVENTS && !(await isCut())) {
      published += 50;
      await Promise.all(Array.from({ length: 50 }, () => publish(token, FAT_DATA)));
      await eventually('the others', () => clients.every(({ ids }) => ids.length >= published), 60_000);
      peak = Math.max(peak, await heapOf(server));
    }
    await expectAll(clients, published);
    const text = await slow.rest();
    const lastId = [...text.matchAll(/^id: (\d+)\n\n/gm)].at(-1)?.[1] ?? '0';
    const again = new StreamClient({ url: `${server.url}/v1/devices/events`, token, lastId });
    cleanUp.push(() => again.cut());
    await again.connect();
    const missing = published - [...text.matchAll(/^id: (\d+)\n\n/gm)].length;
    await eventually('the slow reader to have the rest', () => again.ids.length >= missing);
    console.info(
      `${published} events of 6 KB to ${MANY_READERS} readers, one at 1 KB/s: it was cut with ${missing} events to come, which it got when it came back; ` +
        `heap ${mb(before)} MB before, ${mb(peak)} MB at most`,
    );
    expect(missing).toBeGreaterThan(0);
    expect(again.ids).toHaveLength(missing);
    expect(peak).toBeLessThan(MOST_HEAP_BYTES);
  });

  it('share events between the programs of a consumer group, one of which is killed', {
    timeout: 120_000,
  }, async () => {
    const token = await start();
    const group = `${server.url}/v1/event-groups/workers`;
    const program = () => {
      const made = new Program({
        command: [GROUP_READER],
        cwd: server.place.dataDir,
        env: {
          GROUP_URL: `${server.url}/v1/devices/events?group=workers&ack=explicit`,
          ACK_URL: `${group}/ack`,
          TOKEN: token,
        },
      });
      cleanUp.push(() => made.signal('SIGKILL'));
      return made;
    };
    const victim = program();
    const survivor = program();
    for (const one of [victim, survivor]) await eventually('a reader', () => one.stdout.includes('open\n'), 20_000);
    let published = 0;
    const worker = async () => {
      while (published < GROUP_EVENTS) await publish(token, `${published++}`);
    };
    const publishing = Promise.all(Array.from({ length: 16 }, worker));
    await eventually('the first thousands', () => published > GROUP_EVENTS / 3, 60_000);
    victim.signal('SIGKILL');
    await victim.exited;
    await publishing;
    const headers = { authorization: `Bearer ${token}` };
    const drained = async () => {
      const { group: state } = (await (await fetch(group, { headers })).json()) as { group: { lag: number } };
      return state.lag === 0;
    };
    await eventually('everything to be acknowledged', drained, 60_000);
    await eventually('the last reply', () => acknowledgedBy(survivor) + acknowledgedBy(victim) > GROUP_EVENTS - 51);
    const got = [gotBy(victim), gotBy(survivor)];
    const all = new Set(got.flat());
    const acknowledged = acknowledgedBy(victim) + acknowledgedBy(survivor);
    console.info(
      `${GROUP_EVENTS} events to two readers, one killed: ${got.map(({ length }) => length).join(' and ')} received, ` +
        `${got.flat().length - all.size} of them twice, ${acknowledgedBy(victim)} and ${acknowledgedBy(survivor)} acknowledged`,
    );
    expect(gotBy(victim).length).toBeGreaterThan(0);
    expect(all.size).toBe(GROUP_EVENTS);
    // The victim may have died before it could print the answer to its last acknowledgement, of 50 events at most.
    expect(acknowledged).toBeLessThanOrEqual(GROUP_EVENTS);
    expect(acknowledged).toBeGreaterThanOrEqual(GROUP_EVENTS - 50);
  });
});

const mb = (bytes: number) => Math.round(bytes / 1024 / 1024);
const heapOf = async (server: CloudServer) =>
  (await server.metric('nodejs_heap_size_used_bytes')) + (await server.metric('nodejs_external_memory_bytes'));

function gotBy(program: Program): string[] {
  return [...program.stdout.matchAll(/^got (.*)$/gm)].flatMap(([, ids = '']) => ids.split(' '));
}

function acknowledgedBy(program: Program): number {
  return [...program.stdout.matchAll(/^acknowledged (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Reads 1 KB a second. */
class SlowReader {
  readonly #response: IncomingMessage;
  readonly #timer: NodeJS.Timeout;
  #text = '';

  private constructor(response: IncomingMessage) {
    this.#response = response;
    response.on('error', () => {});
    this.#timer = setInterval(() => {
      this.#text += response.read(1024)?.toString() ?? '';
    }, 1000);
  }

  static open(server: CloudServer, token: string): Promise<SlowReader> {
    const headers = { authorization: `Bearer ${token}`, 'x-forwarded-for': '192.0.2.200', 'last-event-id': '0' };
    return new Promise((resolve, reject) => {
      request(`${server.url}/v1/devices/events`, { headers, agent: false }, (response) =>
        resolve(new SlowReader(response)),
      )
        .once('error', reject)
        .end();
    });
  }

  /** Reads what is left as fast as it comes. @returns everything that came */
  async rest(): Promise<string> {
    clearInterval(this.#timer);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#response.once('close', resolve).on('data', (bytes: Buffer) => {
      this.#text += bytes.toString();
    });
    await promise;
    return this.#text;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#response.destroy();
  }
}
