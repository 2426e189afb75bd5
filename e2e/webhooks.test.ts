import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { describeStorePlaces } from '@cloudchamber/testkit';
import type { Fleet } from '@cloudchamber/virtual-device';
import type Particle from 'particle-api-js';
import { afterEach, expect, it } from 'vitest';
import { selfSignedCertificate } from '../packages/cloud/test/outbound/self-signed-certificate.ts';
import { logIn } from './harness/api-client.ts';
import { type CloudServer, startServer } from './harness/cloud-server.ts';
import { addDevice, powerOnFleet, registerFleet } from './harness/devices.ts';
import { eventually } from './harness/eventually.ts';
import { PublishLedger } from './harness/publish-ledger.ts';
import { WebhookEndpoint } from './harness/webhook-endpoint.ts';

const EVENTS = Number(process.env.E2E_WEBHOOK_EVENTS ?? 1500);
const DEVICES = Number(process.env.E2E_WEBHOOK_DEVICES ?? 20);
const KILLS = Number(process.env.E2E_WEBHOOK_KILLS ?? 2);
const PUBLISH_EVERY_MS = 100;
/** The endpoint is away for so long, once in each life of the server. */
const OUTAGE_MS = 1500;
/** Enough for what 20 s timeouts hold up, and for a slow machine. */
const DRAIN_MS = 120_000 + EVENTS * 10;

const ALLOWED = { CHAMBER_OUTBOUND_ALLOW: '127.0.0.1' };
const SECRET = `whsec_${randomBytes(24).toString('base64')}`;

/** Attempts of one integration at once. */
const MOST_UNDER_WAY = 12;

interface History {
  readonly events: readonly unknown[];
  readonly meta: { readonly next: string | null };
}

interface Counts {
  readonly operations: readonly { readonly kind: string; readonly count: number }[];
}

interface Page {
  readonly deliveries: readonly { readonly id: string; readonly last_error: string | null }[];
  readonly meta: { readonly waiting: number; readonly failed: number };
}

describeStorePlaces('webhooks', (newPlace) => {
  let server: CloudServer | undefined;
  let fleet: Fleet | undefined;
  let endpoint: WebhookEndpoint | undefined;
  afterEach(async () => {
    await fleet?.stop(0);
    await server?.dispose();
    await endpoint?.close();
    fleet = undefined;
    server = undefined;
    endpoint = undefined;
  });

  const bodyOf = async <Body>(reply: Promise<{ body: unknown }>) => (await reply).body as Body;
  const create = async (client: Particle, data: Record<string, unknown>): Promise<string> =>
    (await bodyOf<{ id: string }>(client.post({ uri: '/v1/integrations', data }))).id;
  const deliveries = (client: Particle, id: string, state: string) =>
    bodyOf<Page>(client.get({ uri: `/v1/integrations/${id}/deliveries?state=${state}&limit=1000` }));

  /** How many of the ledger's events the log has. */
  const countStored = async (client: Particle): Promise<number> => {
    let stored = 0;
    for (let after: string | null = '0'; after !== null; ) {
      const uri: string = `/v1/user/history?prefix=ledger&order=asc&limit=1000&after=${after}`;
      const page: History = await bodyOf<History>(client.get({ uri }));
      stored += page.events.length;
      after = page.meta.next;
    }
    return stored;
  };

  it('reach an endpoint that fails in every way, through kills of the server', {
    timeout: 180_000 + EVENTS * 20,
  }, async () => {
    server = await startServer({ place: await newPlace(), env: ALLOWED });
    endpoint = new WebhookEndpoint(SECRET);
    await endpoint.open();
    const operator = await logIn(server);
    const hook = await create(operator, { event: 'ledger', url: endpoint.url, signing_secret: SECRET });
    const members = await registerFleet(operator, server.operator.username, DEVICES);
    const ledger = new PublishLedger();
    const begin = performance.now();
    for (let life = 0; life <= KILLS; life++) {
      fleet = await powerOnFleet(server, members);
      const enough = (life + 1) * (EVENTS / (KILLS + 1));
      const last = life === KILLS;
      const publishing = ledger.publishFrom(fleet.devices, PUBLISH_EVERY_MS, () => last && ledger.sent >= enough);
      await eventually(
        'half of the events of this life',
        () => ledger.sent >= enough - EVENTS / (KILLS + 1) / 2,
        600_000,
      );
      await endpoint.close();
      await pause(OUTAGE_MS);
      await endpoint.open();
      await eventually('the events of this life', () => ledger.sent >= enough, 600_000);
      if (!last) await server.kill9();
      await fleet.stop(0);
      await publishing;
      if (!last) await server.start();
    }
    const published = performance.now();
    const { received } = endpoint;
    const target = endpoint;
    /** What the endpoint had of an event and answered in full, by the event's data. */
    const accepted = (): Set<string> =>
      new Set([...received.values()].filter((event) => event.accepted > 0).map(({ data }) => data));
    const client = operator;
    target.behaves = true;
    // What waits for a minute or more is not waited for; what the cloud gave up is replayed: replies that are too long.
    await eventually(
      'every event to arrive',
      async () => {
        const failed = await deliveries(client, hook, 'failed');
        for (const { last_error: error } of failed.deliveries) expect(error).toMatch(/more than|longer|too/i);
        if (failed.meta.failed > 0) await client.post({ uri: `/v1/integrations/${hook}/replay`, data: { error: 'a' } });
        const waiting = await deliveries(client, hook, 'waiting');
        if (waiting.meta.waiting < 200) {
          for (const { id } of waiting.deliveries) {
            await client.post({ uri: `/v1/integrations/${hook}/deliveries/${id}/replay`, data: {} }).catch(() => {});
          }
          await pause(1000);
        }
        return waiting.meta.waiting === 0 && failed.meta.failed === 0;
      },
      DRAIN_MS,
    );
    const drained = performance.now();
    const there = accepted();
    const lost = [...ledger.acknowledged].filter((data) => !there.has(data));
    const ids = new Map<string, Set<string>>();
    let requests = 0;
    for (const [id, event] of received) {
      requests += event.requests;
      ids.set(event.data, (ids.get(event.data) ?? new Set()).add(id));
    }
    const accepts = [...received.values()].reduce((sum, event) => sum + event.accepted, 0);
    const doubled = accepts - there.size;
    const stored = await countStored(client);
    const { operations } = await bodyOf<Counts>(client.get({ uri: '/v1/user/data_operations?by=month&group=kind' }));
    const counted = operations.filter(({ kind }) => kind === 'publish').reduce((sum, { count }) => sum + count, 0);
    const memory = await server.peakBytes();
    console.info(
      `${DEVICES} devices, ${KILLS} kills: ${ledger.sent} events sent, ${ledger.acknowledged.size} acknowledged, ${there.size} delivered by ${requests} requests, ` +
        `${lost.length} lost, ${doubled} taken twice; ${stored} in the history, ${counted} counted; published in ${Math.round(published - begin)} ms, all delivered ${Math.round(drained - published)} ms later; ` +
        `${Math.round(memory / 1e6)} MB at most; ${JSON.stringify(target.manners)}`,
    );
    expect(lost).toEqual([]);
    // What was stored is what was delivered and what was counted.
    expect([stored, counted]).toEqual([received.size, received.size]);
    expect(there.size).toBe(new Set([...received.values()].map(({ data }) => data)).size);
    // One in a hundred; a kill may repeat what was under way.
    expect(doubled).toBeLessThanOrEqual(Math.max(there.size / 100, KILLS * MOST_UNDER_WAY));
    expect(target.wrong).toEqual([]);
    // One event has one id, in all its requests.
    expect([...ids].filter(([, several]) => several.size > 1)).toEqual([]);
    expect(ledger.acknowledged.size).toBeGreaterThan(EVENTS / 2);
    for (const manner of ['error', 'later', 'cut', 'short', 'garbage', 'huge', 'silent', 'drip']) {
      expect(target.manners[manner], manner).toBeGreaterThan(0);
    }
  });

  it('tell of bad certificates, and arrive once the owner accepts them', async () => {
    server = await startServer({ place: await newPlace(), env: ALLOWED });
    const heard: string[] = [];
    const tls = createTlsServer(selfSignedCertificate('elsewhere.example'), (request, response) => {
      heard.push(String(request.headers['webhook-id']));
      response.end('received');
    });
    tls.listen(0, '127.0.0.1');
    await once(tls, 'listening');
    const address = tls.address();
    const url = `https://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
    try {
      const client = await logIn(server);
      const hook = await create(client, { event: 'reading', url });
      const device = await addDevice(server, client, 'echo');
      await device.publish('reading', '21.6');
      const waiting = await eventually('the first attempt to fail', async () => {
        const [first] = (await deliveries(client, hook, 'waiting')).deliveries;
        return first?.last_error === null ? undefined : first;
      });
      expect(waiting.last_error).toMatch(/certificate/i);
      expect(heard).toEqual([]);
      const data = { event: 'reading', url, rejectUnauthorized: false };
      await client.put({ uri: `/v1/integrations/${hook}`, data });
      await client.post({ uri: `/v1/integrations/${hook}/deliveries/${waiting.id}/replay`, data: {} });
      await eventually('the request', () => heard.length > 0);
      await eventually('the delivery to be done', async () => {
        const { meta } = await deliveries(client, hook, 'waiting');
        return meta.waiting === 0 && meta.failed === 0;
      });
      expect(new Set(heard).size).toBe(1);
      await device.disconnect();
    } finally {
      tls.closeAllConnections();
      tls.close();
    }
  });
});
