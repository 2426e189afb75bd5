import { describe, expect, it } from 'vitest';
import { routes } from './routes.ts';

const of = (method: string, path: string) =>
  routes.find((route) => route.method === method && route.path === path)?.limit;

describe('limits of section 4.1 of the API notes', () => {
  it.each([
    ['POST', '/oauth/token'],
    ['GET', '/v1/access_tokens'],
    ['DELETE', '/v1/access_tokens/:token'],
    ['POST', '/v1/users'],
    ['DELETE', '/v1/user'],
    ['POST', '/v1/user/password-reset'],
    ['PUT', '/v1/user/password-reset'],
  ])('%s %s: 100 in five minutes from one address', (method, path) => {
    expect(of(method, path)).toMatchObject({ per: 'address', count: 100, seconds: 300 });
  });

  const streams = routes.filter((route) => route.produces === 'text/event-stream');

  it.each(streams.map((route) => [route.path, route] as const))('%s: 100 openings', (path, { limit }) => {
    const together = /^\/v1\/events(\/|$)/.test(path) ? 'prefixed streams' : 'streams';
    expect(limit).toEqual({ per: 'address', count: 100, seconds: 300, together });
  });

  it('serial numbers: 50 in an hour by one account', () => {
    expect(of('GET', '/v1/serial_numbers/:serialNumber')).toEqual({ per: 'user', count: 50, seconds: 3600 });
  });
});
