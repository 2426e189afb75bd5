import { createHmac, createVerify, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { seconds, systemClock } from '@cloudchamber/kernel';
import { VirtualClock } from '@cloudchamber/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { OutboundClient } from '../../outbound/index.ts';
import type { SecretBox, StoredEvent } from '../../store/index.ts';
import type { OpenIntegration } from '../integrations/index.ts';
import { parseSettings } from '../integrations/integration-settings.ts';
import { IntegrationTargets } from './delivery-targets.ts';
import { PubSubPublisher } from './pub-sub-target.ts';
import { runOnce } from './run-once.ts';

const DEVICE = 'd'.repeat(24);
const SECRET = `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`;
const AT = Date.UTC(2026, 1, 3, 8, 15, 22, 118);

const EVENT: StoredEvent = {
  sequence: 4711,
  ownerId: 'ann',
  productId: null,
  deviceId: DEVICE,
  publisher: DEVICE,
  name: 'temp/in',
  data: Buffer.from('21.6'),
  contentFormat: 0,
  ttlSeconds: 60,
  publishedAt: AT,
};

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server on this machine. */
async function serve(answer: (request: Seen, response: ServerResponse) => void) {
  const seen: Seen[] = [];
  const server: Server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { method = '', url = '', headers } = request;
    const whole = { method, path: url, headers, body: Buffer.concat(parts).toString() };
    seen.push(whole);
    answer(whole, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return { seen, url: `http://127.0.0.1:${port}` };
}

function setUp(options: { allow?: string[]; endpoint?: string; credentials?: string; clock?: VirtualClock } = {}) {
  const { allow = ['127.0.0.1'], endpoint, credentials, clock = new VirtualClock(AT) } = options;
  const outbound = new OutboundClient({ allow, clock: systemClock });
  closing.push(() => outbound.close());
  const parts = { outbound, clock };
  const pubSub = new PubSubPublisher({ ...parts, endpoint, credentials });
  const nothing = { seal: () => new Uint8Array(), open: () => new Uint8Array() } as unknown as SecretBox;
  return new IntegrationTargets({ ...parts, pubSub, secrets: nothing, store: {} as never });
}

function integration(input: Record<string, unknown>): OpenIntegration {
  const owner = { kind: 'user', id: 'ann' } as const;
  return { id: 'a'.repeat(24), owner, settings: parseSettings({ event: 'temp', ...input }, owner) };
}

const send = (targets: IntegrationTargets, input: Record<string, unknown>, event: StoredEvent = EVENT) =>
  targets.open(integration(input)).prepare(event).send();

describe('webhooks', () => {
  it('are signed so that anybody with the secret can verify it, the same id in each attempt', async () => {
    const { seen, url } = await serve((_request, response) => response.writeHead(200).end('thanks'));
    const targets = setUp();
    const hook = { url: `${url}/in`, signing_secret: SECRET };
    const first = await send(targets, hook);
    await send(targets, hook);
    expect(first).toMatchObject({ ok: true, status: 200, error: null, body: 'thanks' });
    for (const { headers, body } of seen) {
      const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = headers;
      expect([id, at]).toEqual([`${'a'.repeat(24)}-4711`, String(Math.floor(AT / 1000))]);
      const key = Buffer.from('0123456789abcdef01234567');
      const mac = createHmac('sha256', key)
        .update(`${String(id)}.${String(at)}.${body}`)
        .digest('base64');
      expect(signature).toBe(`v1,${mac}`);
    }
    expect(new Set(seen.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(seen[0]?.body).toContain('data=21.6');
  });

  it('publish the reply, and show request and reply in the log without secrets', async () => {
    const { url } = await serve(({ headers }, response) => {
      response.writeHead(201, { 'x-echo': String(headers.authorization) }).end(`you said ${headers.authorization}`);
    });
    const input = {
      url: `${url}/in?x=1`,
      auth: { bearer: 'do-not-tell' },
      json: { celsius: '{{PARTICLE_EVENT_VALUE}}' },
    };
    const outcome = await send(setUp(), input);
    expect(outcome.events.map(({ name, data }) => [name, Buffer.from(data).toString()])).toEqual([
      ['hook-response/temp/in/0', 'you said Bearer do-not-tell'],
    ]);
    expect(outcome.requestText).toMatch(/^POST \/in\?x=1 HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\n/);
    expect(outcome.requestText).toContain('"celsius":"21.6"');
    expect(outcome.responseText).toMatch(/^HTTP\/1\.1 201 Created\r\n/);
    for (const text of [outcome.requestText, outcome.responseText, outcome.body]) {
      expect(text).toContain('[[SENSITIVE]]');
      expect(text).not.toContain('do-not-tell');
    }
  });

  it.each([
    [404, 'durable', { again: 'later', retryAfterMs: null }],
    [410, 'durable', { again: 'never' }],
    [410, 'compatible', { again: 'later' }],
    [302, 'durable', { again: 'later' }],
    [429, 'durable', { again: 'later', retryAfterMs: seconds(7) }],
  ])('fail by a status of %i (%s)', async (status, mode, expected) => {
    const headers = { location: 'http://127.0.0.1:1/', ...(status === 429 && { 'retry-after': '7' }) };
    const { url } = await serve((_request, response) => response.writeHead(status, headers).end('no'));
    const error = `error status ${status} from 127.0.0.1`;
    expect(await send(setUp(), { url, mode })).toMatchObject({ ok: false, status, error, events: [], ...expected });
  });

  it('fail for good where nobody may go, and later where nobody answers', async () => {
    const forbidden = await send(setUp({ allow: [] }), { url: 'http://127.0.0.1:9/' });
    expect(forbidden).toMatchObject({ ok: false, status: null, again: 'never' });
    const { url } = await serve(({ path }, response) => {
      if (path === '/cut') response.socket?.destroy();
      else response.writeHead(200).end('x'.repeat(2_000_000));
    });
    expect(await send(setUp(), { url: `${url}/cut` })).toMatchObject({ ok: false, again: 'later' });
    expect(await send(setUp(), { url: `${url}/huge` })).toMatchObject({ ok: false, again: 'never' });
  });

  it('are no failure when the response template cannot be made of the reply', async () => {
    const { url } = await serve((_request, response) =>
      response.writeHead(200).end(JSON.stringify({ a: Array(60_000).fill(1) })),
    );
    expect(await send(setUp(), { url, responseTemplate: '{{#a}}{{.}}{{/a}}' })).toMatchObject({ ok: true, events: [] });
  });

  it('are run once for a test', async () => {
    const { url } = await serve((_request, response) => response.writeHead(200).end('pong'));
    const targets = setUp();
    expect(await runOnce(targets, integration({ url }), EVENT)).toMatchObject({
      ok: true,
      status: 200,
      body: 'pong',
      error: null,
    });
    const wrong = await runOnce(targets, integration({ url: '{{{PARTICLE_EVENT_VALUE}}}' }), EVENT);
    expect(wrong).toMatchObject({ ok: false, status: null, error: expect.stringContaining('url') });
  });
});

describe('Google Cloud Pub/Sub', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const topic = 'projects/my-project/topics/readings';
  const hook = { integration_type: 'GoogleCloudPubSub', topic };

  /** Speaks the two calls that a publisher makes, and checks what it is told. */
  async function google() {
    let given = 0;
    const state = { refuseToken: false, refusePublish: 0 };
    const { seen, url } = await serve(({ path, body, headers }, response) => {
      const reply = (status: number, value: unknown) => response.writeHead(status).end(JSON.stringify(value));
      if (path === '/token') {
        const form = new URLSearchParams(body);
        const [head = '', claims = '', signature = ''] = String(form.get('assertion')).split('.');
        const good = createVerify('sha256')
          .update(`${head}.${claims}`)
          .verify(publicKey, Buffer.from(signature, 'base64url'));
        const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
        const wanted = {
          iss: 'me@my-project.iam.gserviceaccount.com',
          scope: 'https://www.googleapis.com/auth/pubsub',
          aud: `${url}/token`,
          iat: expect.any(Number),
          exp: read(claims).iat + 3600,
        };
        expect([good, form.get('grant_type'), read(head), read(claims)]).toEqual([
          true,
          'urn:ietf:params:oauth:grant-type:jwt-bearer',
          { alg: 'RS256', typ: 'JWT', kid: 'key1' },
          wanted,
        ]);
        if (state.refuseToken) return reply(400, { error: 'invalid_grant' });
        given += 1;
        return reply(200, { access_token: `token${given}`, expires_in: 3600 });
      }
      if (state.refusePublish > 0) {
        state.refusePublish -= 1;
        return reply(401, {});
      }
      expect(headers.authorization).toBe(`Bearer token${given}`);
      return reply(200, { messageIds: ['1'] });
    });
    const credentials = JSON.stringify({
      client_email: 'me@my-project.iam.gserviceaccount.com',
      private_key: pem,
      private_key_id: 'key1',
      token_uri: `${url}/token`,
    });
    return { seen, url, credentials, state };
  }

  it('gets messages with data in Base64 and attributes, with a token that is used again', async () => {
    const { seen, url, credentials } = await google();
    const clock = new VirtualClock(AT);
    const targets = setUp({ endpoint: url, credentials, clock });
    const outcomes = await Promise.all([1, 2, 3].map(() => send(targets, hook)));
    expect(outcomes.every(({ ok, events }) => ok && events.length === 0)).toBe(true);
    expect(outcomes[0]?.requestText).not.toContain('token1');
    expect(seen.filter(({ path }) => path === '/token')).toHaveLength(1);
    const [publish] = seen.filter(({ path }) => path === `/v1/${topic}:publish`);
    expect(JSON.parse(publish?.body ?? '')).toEqual({
      messages: [
        {
          data: Buffer.from('21.6').toString('base64'),
          attributes: { device_id: DEVICE, event: 'temp/in', published_at: '2026-02-03T08:15:22.118Z' },
        },
      ],
    });
    clock.advance(seconds(3541));
    await send(targets, hook, { ...EVENT, data: null });
    expect(seen.filter(({ path }) => path === '/token')).toHaveLength(2);
    expect(JSON.parse(seen.at(-1)?.body ?? '').messages[0]).not.toHaveProperty('data');
  });

  it('fetches another token when one is refused, and says why when it gets none', async () => {
    const { url, credentials, state } = await google();
    const targets = setUp({ endpoint: url, credentials });
    state.refusePublish = 1;
    expect(await send(targets, hook)).toMatchObject({
      ok: false,
      error: 'error status 401 from 127.0.0.1',
      again: 'later',
    });
    expect(await send(targets, hook)).toMatchObject({ ok: true });
    const other = setUp({ endpoint: url, credentials });
    state.refuseToken = true;
    const error = 'Google gave no token for the service account: error status 400';
    expect(await send(other, hook)).toMatchObject({ ok: false, error, again: 'later' });
    state.refuseToken = false;
    expect(await send(other, hook)).toMatchObject({ ok: true });
  });

  it('needs no token at an emulator, and says what is missing at Google', async () => {
    const { seen, url } = await serve((_request, response) => response.writeHead(200).end('{}'));
    expect(await send(setUp({ endpoint: url }), hook)).toMatchObject({ ok: true });
    expect(seen[0]?.headers.authorization).toBeUndefined();
    expect(await send(setUp(), hook)).toMatchObject({
      ok: false,
      again: 'later',
      error: expect.stringContaining('CHAMBER_PUBSUB_CREDENTIALS'),
    });
  });

  it.each(['', 'not json', '{}', JSON.stringify({ client_email: 'a', private_key: 'no key' })])(
    'takes no service account of %j',
    (credentials) => {
      expect(() => setUp({ credentials })).toThrow(/key file of Google/);
    },
  );
});
