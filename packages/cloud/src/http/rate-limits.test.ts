import { defineRoute, okBody, type RateLimit } from '@cloudchamber/contract';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RateLimits } from './rate-limits.ts';
import { registerRoute } from './register-route.ts';
import { type TestServer, testServer } from './test-server.ts';

describe('RateLimits', () => {
  const limit = { count: 3, seconds: 300 };
  let clock: VirtualClock;
  let limits: RateLimits;
  beforeEach(() => {
    clock = new VirtualClock();
    limits = new RateLimits(clock);
  });
  const take = (who = 'ann', what = 'log in') => limits.take(what, who, limit);

  it('takes as many as the limit says, and says when more are taken', () => {
    for (let n = 0; n < 3; n++) take();
    clock.advance(100_500);
    expect(() => take()).toThrow('Only 3 of these requests are taken in 300 seconds; try again in 200 seconds');
    clock.advance(199_499);
    expect(() => take()).toThrow('try again in 1 seconds');
    clock.advance(1);
    for (let n = 0; n < 3; n++) take();
    expect(() => take()).toThrow('try again in 300 seconds');
  });

  it('counts everybody and everything alone', () => {
    for (let n = 0; n < 3; n++) take();
    for (let n = 0; n < 3; n++) take('ben');
    for (let n = 0; n < 3; n++) take('ann', 'sign up');
    expect(() => take()).toThrow();
  });

  it('remembers 20,000 windows and forgets the one that began first', () => {
    for (let n = 0; n < 3; n++) take();
    for (let n = 0; n < 19_999; n++) take(`somebody ${n}`);
    expect(limits.size).toBe(20_000);
    expect(() => take()).toThrow();
    take('one more');
    expect(limits.size).toBe(20_000);
    take();
  });
});

const hourly: RateLimit = { per: 'user', count: 2, seconds: 3600 };
const shared: RateLimit = { per: 'address', count: 3, seconds: 300, together: 'opens' };

function route<const A extends 'public' | 'user'>(operation: string, access: A, limit?: RateLimit) {
  const path = `/v1/${operation}`;
  const responses = { 200: okBody };
  return defineRoute({ operation, tag: 'test', method: 'GET', path, summary: 'Test', access, limit, responses });
}

describeStores('limits of requests', (open) => {
  let clock: VirtualClock;
  let server: TestServer | undefined;
  beforeEach(() => {
    clock = new VirtualClock();
  });
  afterEach(() => server?.fastify.close());

  const start = async (options: { rateLimits?: boolean; trustProxy?: readonly string[] }) => {
    server = await testServer(await open(), {
      clock,
      ...options,
      routes: () => [
        (app) => {
          registerRoute(app, route('one', 'public', shared), () => ({ ok: true as const }));
          registerRoute(app, route('two', 'public', shared), () => ({ ok: true as const }));
          registerRoute(app, route('own', 'user', hourly), () => ({ ok: true as const }));
          registerRoute(app, route('free', 'public'), () => ({ ok: true as const }));
        },
      ],
    });
    return server;
  };
  const statusFrom = async (remoteAddress: string, url: string, headers = {}) =>
    (await server?.fastify.inject({ url, remoteAddress, headers }))?.statusCode;

  it('answers 429 with the time to wait, in a body that clients understand', async () => {
    const { fastify } = await start({ rateLimits: true });
    for (const url of ['/v1/one', '/v1/two', '/v1/one']) expect(await statusFrom('192.0.2.1', url)).toBe(200);
    const reply = await fastify.inject({ url: '/v1/two', remoteAddress: '192.0.2.1' });
    expect([reply.statusCode, reply.headers['retry-after'], reply.headers['access-control-allow-origin']]).toEqual([
      429,
      '300',
      '*',
    ]);
    expect(reply.json()).toEqual({
      error: 'too_many_requests',
      error_description: 'Only 3 of these requests are taken in 300 seconds; try again in 300 seconds',
    });
    expect(await statusFrom('192.0.2.1', '/v1/free')).toBe(200);
    expect(await statusFrom('192.0.2.2', '/v1/two')).toBe(200);
    clock.advance(300_000);
    expect(await statusFrom('192.0.2.1', '/v1/two')).toBe(200);
  });

  it('counts the addresses of an IPv6 network as one', async () => {
    await start({ rateLimits: true });
    for (const host of ['1', '2', '3']) expect(await statusFrom(`2001:db8:0:1::${host}`, '/v1/one')).toBe(200);
    expect(await statusFrom('2001:db8:0:1:9:9:9:9', '/v1/one')).toBe(429);
    expect(await statusFrom('2001:db8:0:2::1', '/v1/one')).toBe(200);
  });

  it('counts an account wherever it comes from', async () => {
    const { addUser } = await start({ rateLimits: true });
    const [ann, ben] = [await addUser('ann@example.net'), await addUser('ben@example.net')];
    for (const address of ['192.0.2.1', '192.0.2.2'])
      expect(await statusFrom(address, '/v1/own', ann.headers)).toBe(200);
    expect(await statusFrom('192.0.2.3', '/v1/own', ann.headers)).toBe(429);
    expect(await statusFrom('192.0.2.1', '/v1/own', ben.headers)).toBe(200);
  });

  it('takes 10,000 requests of an address in five minutes, unknown paths among them', async () => {
    await start({ rateLimits: true });
    for (let n = 0; n < 10_000; n++) await statusFrom('192.0.2.1', n % 2 === 0 ? '/v1/free' : '/v1/nothing');
    expect(await statusFrom('192.0.2.1', '/v1/free')).toBe(429);
    expect(await statusFrom('192.0.2.1', '/v1/nothing')).toBe(429);
    expect(await statusFrom('192.0.2.2', '/v1/free')).toBe(200);
  });

  it('limits nothing when it is off', async () => {
    await start({ rateLimits: false });
    for (let n = 0; n < 4; n++) expect(await statusFrom('192.0.2.1', '/v1/one')).toBe(200);
  });

  const from = (forwarded: string) => ({ 'x-forwarded-for': forwarded });

  it("believes a trusted proxy's X-Forwarded-For, and nobody else's", async () => {
    await start({ rateLimits: true, trustProxy: ['10.0.0.0/8'] });
    for (let n = 1; n <= 4; n++) expect(await statusFrom('10.1.1.1', '/v1/one', from(`192.0.2.${n}`))).toBe(200);
    for (let n = 1; n <= 3; n++) expect(await statusFrom('192.0.2.99', '/v1/one', from(`192.0.2.${n}`))).toBe(200);
    expect(await statusFrom('192.0.2.99', '/v1/one', from('192.0.2.5'))).toBe(429);
    expect(await statusFrom('10.1.1.1', '/v1/one', from('192.0.2.50, 192.0.2.99'))).toBe(429);
  });

  it('believes no X-Forwarded-For by default', async () => {
    await start({ rateLimits: true });
    for (let n = 1; n <= 3; n++) expect(await statusFrom('127.0.0.1', '/v1/one', from(`192.0.2.${n}`))).toBe(200);
    expect(await statusFrom('127.0.0.1', '/v1/one', from('192.0.2.9'))).toBe(429);
  });
});
