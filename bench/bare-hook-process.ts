// The limit that webhooks stand beside: requests of the same size to the same endpoint by the same library, in a process that does nothing else.
import { createRequire } from 'node:module';

interface BareAgent {
  request(options: {
    origin: string;
    path: string;
    method: string;
    headers: Record<string, string>;
    body: string;
  }): Promise<{ readonly body: { dump(): Promise<void> } }>;
}

/** The undici that the cloud makes requests with. */
const { Agent } = createRequire(new URL('../packages/cloud/package.json', import.meta.url))('undici') as {
  Agent: new (options: { connections: number }) => BareAgent;
};

interface BareJob {
  readonly origin: string;
  readonly seconds: number;
  readonly inFlight: number;
}

const headers = {
  'content-type': 'application/x-www-form-urlencoded',
  'webhook-id': '65d0f1a2b3c4d5e6f7081920-48211',
  'webhook-timestamp': '1770106522',
  'webhook-signature': 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  'user-agent': 'CloudChamber/1.0 (compatible; ParticleBot/1.1)',
};
const body = new URLSearchParams({
  event: 'sensor/telemetry',
  data: '{"temp":21.53,"hum":48,"batt":3.91,"seq":10000}       ',
  published_at: '2026-02-03T08:15:22.118Z',
  coreid: 'e00fce68a1b2c3d4e5f60718',
}).toString();

process.once('message', async ({ origin, seconds, inFlight }: BareJob) => {
  const agent = new Agent({ connections: inFlight });
  const request = async (): Promise<void> => {
    const reply = await agent.request({ origin, path: '/bench', method: 'POST', headers, body });
    await reply.body.dump();
  };
  const during = async (length: number): Promise<number> => {
    const end = performance.now() + length * 1000;
    let requests = 0;
    const worker = async (): Promise<void> => {
      for (; performance.now() < end; requests++) await request();
    };
    await Promise.all(Array.from({ length: inFlight }, worker));
    return requests;
  };
  await during(1);
  const before = process.cpuUsage();
  const started = performance.now();
  const requests = await during(seconds);
  const { user, system } = process.cpuUsage(before);
  process.send?.({
    perSecond: (requests * 1000) / (performance.now() - started),
    cpuMicros: (user + system) / requests,
  });
});
