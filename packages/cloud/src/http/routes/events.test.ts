import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DeviceId } from '@cloudchamber/kernel';
import { seconds, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StreamReader } from '../../../test/http/stream-reader.ts';
import { InProcessBus } from '../../bus/index.ts';
import { issueToken, tokensTopic } from '../../domain/accounts/index.ts';
import { insertDevice } from '../../domain/devices/device-store.ts';
import { LiveHub, liveEvents } from '../../domain/events/index.ts';
import { ProductDirectory } from '../../domain/products/index.ts';
import type { NewEvent, Store } from '../../store/index.ts';
import { DEFAULT_SSE_LIMITS } from '../sse-streams.ts';
import { type TestServer, type TestUser, testServer } from '../test-server.ts';
import { eventRouteModule } from './events.ts';

const ID = 'e00fce68a1b2c3d4e5f60718' as DeviceId;
const OTHER_ID = 'e00fce68ffffffffffffffff' as DeviceId;
const AT = 1_770_106_522_118;

describeStores('event routes', (open) => {
  let store: Store;
  let clock: VirtualClock;
  let bus: InProcessBus;
  let test: TestServer;
  let ann: TestUser;
  let bob: TestUser;
  let agent: http.Agent;
  const readers: StreamReader[] = [];

  beforeEach(async () => {
    clock = new VirtualClock();
    store = await open({ clock });
    bus = new InProcessBus(silentLogger);
    const sseLimits = { ...DEFAULT_SSE_LIMITS, mostPerToken: 3 };
    const hub = new LiveHub(bus, new ProductDirectory(store, bus));
    const routes = () => [eventRouteModule({ bus, hub, publicUrl: 'http://cloud.test', sseLimits })];
    test = await testServer(store, { clock, bus, routes });
    await test.fastify.listen({ port: 0, host: '127.0.0.1' });
    ann = await test.addUser('ann@example.net');
    bob = await test.addUser('bob@example.net');
    agent = new http.Agent();
    await insertDevice(store.db, { id: ID, name: 'pump', platformId: 13, publicKey: null, ownerId: ann.id, at: 0 });
  });
  afterEach(async () => {
    for (const { response } of readers.splice(0)) response.destroy();
    agent.destroy();
    await test.fastify.close();
  });

  const get = (path: string, headers: Record<string, string> = ann.headers) =>
    new Promise<http.IncomingMessage>((resolve, reject) => {
      const { port } = test.fastify.server.address() as AddressInfo;
      http.get({ port, path, headers, agent }, resolve).on('error', reject);
    });
  const stream = async (path: string, headers?: Record<string, string>) => {
    const reader = new StreamReader(await get(path, headers));
    readers.push(reader);
    expect(reader.response.statusCode).toBe(200);
    await reader.until((text) => text.startsWith(':ok\n\n'));
    return reader;
  };
  const happen = (event: Partial<NewEvent>) => {
    const whole = {
      ownerId: ann.id,
      productId: null,
      deviceId: ID,
      publisher: ID,
      name: 'temperature',
      data: Buffer.from('21.6'),
    };
    bus.publish(liveEvents, { ...whole, contentFormat: 0, ttlSeconds: 60, publishedAt: AT, sequence: 1, ...event });
  };
  const names = (text: string) => [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name);
  const publish = async (payload: Record<string, unknown>, user = ann) => {
    const reply = await test.fastify.inject({
      method: 'POST',
      url: '/v1/devices/events',
      headers: user.headers,
      payload,
    });
    return { status: reply.statusCode, body: reply.json() as unknown };
  };

  it('streams frames byte for byte, with the headers that proxies and browsers need', async () => {
    const reader = await stream('/v1/devices/events?nonce=7');
    happen({});
    happen({ name: 'nothing', data: null, publisher: 'api', deviceId: null, ttlSeconds: 5 });
    expect(await reader.until((text) => text.includes('nothing') && text.endsWith('\n\n'))).toBe(
      `:ok\n\nevent: temperature\ndata: {"data":"21.6","ttl":60,"published_at":"2026-02-03T08:15:22.118Z","coreid":"${ID}"}\nid: 1\n\n` +
        'event: nothing\ndata: {"data":null,"ttl":5,"published_at":"2026-02-03T08:15:22.118Z","coreid":"api"}\nid: 1\n\n',
    );
    expect(reader.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
      'access-control-allow-origin': '*',
      connection: 'keep-alive',
    });
  });

  it('takes what follows /events/ as the prefix, decoded once', async () => {
    const events = ['hook/a', 'hook%2Fa', 'hook', 'Hook/a', 'end'];
    const heard = async (path: string) => {
      const reader = await stream(path);
      for (const name of events) happen({ name });
      await clock.settle();
      reader.response.destroy();
      await reader.ended();
      return names(reader.text);
    };
    expect(await heard('/v1/devices/events/hook%2Fa')).toEqual(['hook/a']);
    expect(await heard('/v1/devices/events/hook/a')).toEqual(['hook/a']);
    expect(await heard('/v1/devices/events/hook%252Fa')).toEqual(['hook%2Fa']);
    expect(await heard('/v1/devices/events/')).toEqual(events);
    expect(await heard('/v1/events/hook?nonce=1')).toEqual(['hook/a', 'hook%2Fa', 'hook']);
    expect(await heard(`/v1/devices/${ID}/events/hook%2F`)).toEqual(['hook/a']);
  });

  it('keeps to the device asked for, and to the account', async () => {
    const one = await stream('/v1/devices/pump/events');
    const foreign = await stream('/v1/devices/events', bob.headers);
    happen({ name: 'other', deviceId: OTHER_ID, publisher: OTHER_ID });
    happen({ name: 'api', deviceId: null, publisher: 'api' });
    happen({ name: 'unowned', ownerId: null });
    happen({ name: 'own' });
    await one.until((text) => text.includes('own'));
    expect(names(one.text)).toEqual(['own']);
    expect(foreign.text).toBe(':ok\n\n');
  });

  it('sends something every nine seconds', async () => {
    const reader = await stream('/v1/devices/events');
    clock.advance(seconds(8));
    happen({});
    await reader.until((text) => text.includes('temperature'));
    const length = reader.text.length;
    clock.advance(seconds(8.9));
    await clock.settle();
    expect(reader.text.length).toBe(length);
    clock.advance(seconds(0.1));
    await reader.until((text) => text.length === length + 1);
    clock.advance(seconds(9));
    expect((await reader.until((text) => text.length === length + 2)).slice(length)).toBe('\n\n');
  });

  it('ends with the token that opened it', async () => {
    const reader = await stream('/v1/devices/events');
    const other = await stream('/v1/devices/events', bob.headers);
    bus.publish(tokensTopic, { subjectId: ann.id, tokenIds: [ann.tokenId] });
    expect(await reader.ended()).toBe(':ok\n\n:closed: the token was revoked\n\n');
    expect(other.over).toBe(false);
  });

  it('ends when the token expires', async () => {
    const request = {
      subject: { kind: 'user' as const, id: ann.id },
      clientId: 'particle',
      lifetimeSeconds: 20,
      withRefresh: false,
    };
    const { accessToken } = await issueToken(test.ambient, store.db, request);
    const reader = await stream(`/v1/devices/events?access_token=${accessToken}`, {});
    clock.advance(seconds(19.9));
    await clock.settle();
    expect(reader.over).toBe(false);
    clock.advance(seconds(0.1));
    expect(await reader.ended()).toMatch(/:closed: the token has expired\n\n$/);
  });

  it('ends with a hint when the server stops', async () => {
    const reader = await stream('/v1/devices/events');
    const closing = test.fastify.close();
    expect(await reader.ended()).toBe(':ok\n\n:closed: the server stops\nretry: 2000\n\n');
    agent.destroy();
    await closing;
    expect(clock.pending).toBe(0);
  });

  it('limits streams by token, and counts those that went', async () => {
    const readers = [
      await stream('/v1/devices/events'),
      await stream('/v1/devices/events'),
      await stream('/v1/devices/events'),
    ];
    const refused = await get('/v1/devices/events');
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '10']);
    refused.resume();
    await stream('/v1/devices/events', bob.headers);
    readers[0]?.response.destroy();
    await clock.settle();
    await stream('/v1/devices/events');
  });

  it('refuses in JSON', async () => {
    const refusal = async (url: string, headers: Record<string, string> = ann.headers) => {
      const reply = await test.fastify.inject({ url, headers });
      return { status: reply.statusCode, body: reply.json() as unknown };
    };
    const required = {
      ok: false,
      error: 'event prefix filter is required',
      error_description: 'event prefix filter is required',
    };
    expect(await refusal('/v1/events')).toEqual({ status: 400, body: required });
    expect(await refusal('/v1/events/')).toEqual({ status: 400, body: required });
    expect(await refusal('/v1/devices/events', {})).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect(await refusal('/v1/devices/events', { authorization: 'Bearer nope' })).toMatchObject({ status: 401 });
    expect(await refusal(`/v1/devices/${ID}/events`, bob.headers)).toMatchObject({
      status: 403,
      body: { error: 'Permission Denied' },
    });
    expect(await refusal('/v1/devices/events/%ff')).toMatchObject({ status: 400 });
  });

  it('tells a stream that begins now where it begins, so that it can go on from there', async () => {
    await publish({ name: 'before' });
    const first = await stream('/v1/devices/events');
    const opening = await first.until((text) => /id: \d+\n\n$/.test(text));
    const [position] = (await store.events.read({ limit: 1 })).map(({ sequence }) => sequence);
    expect(opening).toBe(`:ok\n\nid: ${position}\n\n`);
    first.response.destroy();
    await publish({ name: 'between' });
    const second = await stream(`/v1/devices/events?last_event_id=${position}`);
    expect(names(await second.until((text) => text.includes('between')))).toEqual(['between']);
  });

  it('publishes into the log and the streams', async () => {
    const reader = await stream('/v1/devices/events');
    expect(await publish({ name: 'hello', data: 'wörld', ttl: '5', private: 'true' })).toEqual({
      status: 200,
      body: { ok: true },
    });
    expect(await publish({ name: 'bare' })).toMatchObject({ status: 200 });
    await publish({ name: 'theirs' }, bob);
    const text = await reader.until((heard) => heard.includes('bare'));
    expect(text).toContain('event: hello\ndata: {"data":"wörld","ttl":5,');
    expect(text).toContain('"coreid":"api"}');
    expect(text).not.toContain('theirs');
    const kept = await store.events.read({ ownerId: ann.id, limit: 10 });
    expect(kept.map(({ name, publisher, deviceId }) => [name, publisher, deviceId])).toEqual([
      ['hello', 'api', null],
      ['bare', 'api', null],
    ]);
  });

  it('refuses events that are too long, badly named or reserved', async () => {
    const bad: Record<string, unknown>[] = [
      {},
      { name: '' },
      { name: 'x'.repeat(65) },
      { name: 'é'.repeat(33) },
      { name: 'a\nb' },
      { name: 'spark/status' },
      { name: 'Particle-ish' },
      { name: 'a', data: 'é'.repeat(513) },
      { name: 'a', data: { deep: 1 } },
      { name: 'a', ttl: -1 },
      { name: 'a', ttl: 'soon' },
    ];
    for (const payload of bad)
      expect(await publish(payload)).toMatchObject({ status: 400, body: { error: expect.any(String) } });
    expect(await publish({ name: 'x'.repeat(64), data: 'é'.repeat(512) })).toMatchObject({ status: 200 });
    expect(await store.events.read({ limit: 10 })).toHaveLength(1);
  });
});
