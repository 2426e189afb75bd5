import net from 'node:net';
import { defineRoute, integerField } from '@cloudchamber/contract';
import { ChamberError, type LogFields, type Logger, silentLogger } from '@cloudchamber/kernel';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DomainError, type DomainErrorKind } from '../domain/domain-error.ts';
import type { Store } from '../store/store.ts';
import { statusByKind } from './error-mapping.ts';
import { registerRoute } from './register-route.ts';
import { serviceRouteModule } from './routes/service.ts';
import { type TestServerOptions, testServer } from './test-server.ts';

const echo = defineRoute({
  operation: 'echo',
  tag: 'test',
  method: 'POST',
  path: '/v1/echo/:name',
  summary: 'Says it back',
  access: 'public',
  params: z.object({ name: z.string() }),
  query: z.object({ page: integerField.optional() }),
  body: z.object({ text: z.string(), times: integerField.optional() }),
  responses: { 200: z.object({ name: z.string(), text: z.string(), times: z.int(), page: z.int() }) },
});

const remove = defineRoute({
  operation: 'remove',
  tag: 'test',
  method: 'DELETE',
  path: '/v1/echo/:name',
  summary: 'Removes it',
  access: 'public',
  body: z.object({ deny: z.string().optional() }),
  responses: { 204: z.undefined() },
});

const broken = defineRoute({
  operation: 'broken',
  tag: 'test',
  method: 'GET',
  path: '/v1/broken/:how',
  summary: 'Fails',
  access: 'public',
  params: z.object({ how: z.string() }),
  responses: { 200: z.object({ ok: z.boolean() }) },
});

const everything = defineRoute({
  operation: 'everything',
  tag: 'test',
  method: 'GET',
  path: '/v1/files/*',
  summary: 'The rest of the path',
  access: 'public',
  params: z.object({ '*': z.string() }),
  responses: { 200: z.object({ rest: z.string() }) },
});

const failures: Record<string, () => unknown> = {
  bug: () => {
    throw new TypeError('secret detail');
  },
  full: () => {
    throw new ChamberError('event_log.full', 'internal', 'too many');
  },
  limited: () => {
    throw new DomainError('limit_exceeded', 'too_many_requests', 'Slow down', { retryAfterSeconds: 7 });
  },
  shape: () => ({ ok: 'yes' }),
};

/** None of these routes asks the store. */
const store = { check: async () => {} } as unknown as Store;
let fastify: FastifyInstance | undefined;
afterEach(() => fastify?.close());

async function start(options: Omit<TestServerOptions, 'routes'> & { probe?: () => Promise<void> } = {}) {
  const metrics = new Registry();
  const server = await testServer(store, {
    ...options,
    metrics,
    routes: () => [
      (app) => {
        registerRoute(app, echo, ({ params, query, body }) => ({
          name: params.name,
          text: body.text,
          times: body.times ?? 1,
          page: query.page ?? 0,
        }));
        registerRoute(app, remove, () => undefined);
        registerRoute(app, everything, ({ params }) => ({ rest: params['*'] }));
        registerRoute(
          app,
          broken,
          ({ params }) => {
            const failure = failures[params.how];
            if (failure === undefined) throw new DomainError(params.how as DomainErrorKind, 'some.code', 'Some words');
            return failure() as { ok: boolean };
          },
          { renderError: (error) => (error.kind === 'conflict' ? { status: 418, body: { mine: true } } : undefined) },
        );
      },
      serviceRouteModule({ metrics, probes: { store: options.probe ?? store.check } }),
    ],
  });
  fastify = server.fastify;
  return server.fastify;
}

const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };

describe('routing', () => {
  it('parses params, query and a JSON body by the contract', async () => {
    const app = await start();
    const reply = await app.inject({ method: 'POST', url: '/v1/echo/ann?page=2', payload: { text: 'hi', times: 3 } });
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toEqual({ name: 'ann', text: 'hi', times: 3, page: 2 });
  });

  it('parses a form like JSON, with text for numbers', async () => {
    const app = await start();
    const reply = await app.inject({ method: 'POST', url: '/v1/echo/ann', headers: form, payload: 'text=hi&times=3' });
    expect(reply.json()).toEqual({ name: 'ann', text: 'hi', times: 3, page: 0 });
  });

  it.each(['/v1/echo/ann/', '/v1/echo/ann/?page=1'])('accepts a trailing slash: %s', async (url) => {
    const app = await start();
    expect((await app.inject({ method: 'POST', url, payload: { text: 'hi' } })).statusCode).toBe(200);
  });

  it('keeps the rest of a path as it is, decoded once', async () => {
    const app = await start();
    expect((await app.inject('/v1/files/a%2Fb//c%2520d')).json()).toEqual({ rest: 'a/b//c%20d' });
  });

  it('takes long names', async () => {
    const app = await start();
    const name = 'n'.repeat(1500);
    const reply = await app.inject({ method: 'POST', url: `/v1/echo/${name}`, payload: { text: 'hi' } });
    expect(reply.json().name).toBe(name);
  });

  it.each([
    ['JSON', json, '{"deny":"true"}'],
    ['form', form, 'deny=true'],
    ['no', {}, undefined],
    ['empty JSON', json, ''],
  ])('takes %s body on DELETE and answers 204 without body', async (_name, headers, payload) => {
    const app = await start();
    const reply = await app.inject({
      method: 'DELETE',
      url: '/v1/echo/ann',
      headers,
      ...(payload !== undefined && { payload }),
    });
    expect(reply.statusCode).toBe(204);
    expect(reply.body).toBe('');
  });

  it('answers an unknown path with a JSON 404', async () => {
    const app = await start();
    const reply = await app.inject('/v1/nothing');
    expect(reply.statusCode).toBe(404);
    expect(reply.json()).toEqual({ error: 'not_found', error_description: 'There is no such route' });
  });

  it('answers an unknown method with a JSON 405 that names the others', async () => {
    const app = await start();
    const reply = await app.inject('/v1/echo/ann/');
    expect(reply.statusCode).toBe(405);
    expect(reply.headers.allow).toBe('POST, DELETE');
    expect(reply.json().error).toBe('method_not_allowed');
  });
});

describe('refusals', () => {
  const post = (payload: string | object, headers: Record<string, string> = json): InjectOptions => ({
    method: 'POST',
    url: '/v1/echo/ann',
    headers,
    payload,
  });

  it.each([
    ['a wrong type', post({ text: 5 }), 'body.text: Invalid input: expected string, received number'],
    ['a missing field', post({}), 'body.text: Invalid input: expected string, received undefined'],
    ['a list for an object', post([1]), 'body: Invalid input: expected object, received array'],
    ['null', post('null'), 'body.text: Invalid input: expected string, received undefined'],
    ['broken JSON', post('{"text":'), 'The body is not valid JSON'],
    ['deep JSON', post(`{"text":${'['.repeat(40)}${']'.repeat(40)}}`), 'The body is nested more than 32 deep'],
    ['a prototype', post('{"text":"x","__proto__":{"a":1}}'), 'The body has a name that is not allowed'],
    ['a prototype in a form', post('__proto__[a]=1', form), 'The form: a field may not be called __proto__'],
    ['a bad query', { ...post({ text: 'x' }), url: '/v1/echo/ann?page=two' }, 'query.page: '],
    ['a bad path', { method: 'GET', url: '/v1/files/%zz' }, 'The path is not a valid URL'],
  ] satisfies [string, InjectOptions, string][])('%s is a 400 that says why', async (_name, request, text) => {
    const app = await start();
    const reply = await app.inject(request);
    expect(reply.statusCode).toBe(400);
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(reply.json().error).toBe('invalid_request');
    expect(reply.json().error_description).toContain(text);
  });

  it('a body over the limit is a JSON 413', async () => {
    const app = await start({ bodyLimitBytes: 100 });
    expect((await app.inject(post({ text: 'x'.repeat(80) }))).statusCode).toBe(200);
    const reply = await app.inject(post({ text: 'x'.repeat(100) }));
    expect(reply.statusCode).toBe(413);
    expect(reply.json().error).toBe('payload_too_large');
  });

  it.each(['text/plain', 'multipart/form-data; boundary=x', 'application/xml'])('%s is a JSON 415', async (type) => {
    const app = await start();
    const reply = await app.inject(post('text=1', { 'content-type': type }));
    expect(reply.statusCode).toBe(415);
    expect(reply.json().error).toBe('unsupported_media_type');
  });

  it.each(Object.entries(statusByKind).filter(([kind]) => kind !== 'conflict'))(
    'the domain kind %s is %i',
    async (kind, status) => {
      const app = await start();
      const reply = await app.inject(`/v1/broken/${kind}`);
      expect(reply.statusCode).toBe(status);
      expect(reply.json()).toEqual({ error: 'some.code', error_description: 'Some words' });
    },
  );

  it('a family may render its own refusals', async () => {
    const app = await start();
    const reply = await app.inject('/v1/broken/conflict');
    expect([reply.statusCode, reply.json()]).toEqual([418, { mine: true }]);
  });

  it('says when to come back', async () => {
    const app = await start();
    const limited = await app.inject('/v1/broken/limited');
    expect([limited.statusCode, limited.headers['retry-after']]).toEqual([429, '7']);
    const full = await app.inject('/v1/broken/full');
    expect([full.statusCode, full.headers['retry-after'], full.json().error]).toEqual([503, '1', 'unavailable']);
  });

  it.each(['bug', 'shape'])('a bug (%s) is a 500 without details, logged under the request id', async (how) => {
    const logged: LogFields[] = [];
    const log: Logger = { ...silentLogger, error: (fields) => void logged.push(fields) };
    const app = await start({ log });
    const reply = await app.inject(`/v1/broken/${how}`);
    expect(reply.statusCode).toBe(500);
    expect(reply.json().error).toBe('internal_error');
    expect(reply.body).not.toContain('secret detail');
    expect(logged).toHaveLength(1);
    expect(logged[0]?.request).toBe(reply.headers['x-request-id']);
    expect(reply.json().error_description).toContain(reply.headers['x-request-id']);
  });

  it('what is not HTTP at all is answered in JSON and closed', async () => {
    const app = await start();
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as net.AddressInfo;
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = net.connect(port, '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)).error).toBe('invalid_request');
  });
});

describe('cross-origin requests', () => {
  it.each(['/v1/echo/ann', '/v1/nothing'])('a preflight to %s is answered 204 with everything allowed', async (url) => {
    const app = await start();
    const reply = await app.inject({
      method: 'OPTIONS',
      url,
      headers: { origin: 'null', 'access-control-request-method': 'DELETE' },
    });
    expect(reply.statusCode).toBe(204);
    expect(reply.headers['access-control-allow-origin']).toBe('*');
    expect(reply.headers['access-control-allow-methods']).toBe('GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS');
    expect(reply.headers['access-control-allow-headers']).toBe(
      'Authorization, Content-Type, Accept, X-Particle-Tool, X-Particle-Project, X-Requested-With, Cache-Control, Last-Event-ID',
    );
    expect(reply.headers['access-control-max-age']).toBe('600');
  });

  it('OPTIONS without an origin is 204 too', async () => {
    const app = await start();
    expect((await app.inject({ method: 'OPTIONS', url: '/v1/echo/ann' })).statusCode).toBe(204);
  });

  it('errors carry the header as well', async () => {
    const app = await start();
    const reply = await app.inject({ method: 'GET', url: '/v1/nothing', headers: { origin: 'https://a.example' } });
    expect(reply.headers['access-control-allow-origin']).toBe('*');
    expect(reply.headers['access-control-expose-headers']).toContain('Retry-After');
  });
});

describe('service routes', () => {
  it('/healthz answers while the process runs', async () => {
    const app = await start();
    expect((await app.inject('/healthz')).json()).toEqual({ ok: true });
  });

  it('/readyz is 200 when every probe passes and 503 with the reason when one does not', async () => {
    const ready = await (await start()).inject('/readyz');
    expect([ready.statusCode, ready.json()]).toEqual([200, { ok: true, checks: { store: 'ok' } }]);
    await fastify?.close();
    const probe = () => Promise.reject(new Error('disk is gone'));
    const broken = await (await start({ probe })).inject('/readyz');
    expect(broken.statusCode).toBe(503);
    expect(broken.json()).toMatchObject({ ok: false, checks: { store: 'disk is gone' } });
  });

  it('/metrics counts requests by route', async () => {
    const app = await start();
    await app.inject('/v1/broken/not_found');
    const reply = await app.inject('/metrics');
    expect(reply.headers['content-type']).toMatch(/^text\/plain/);
    expect(reply.body).toContain(
      'chamber_http_request_seconds_count{method="GET",route="/v1/broken/:how",status="404"} 1',
    );
  });

  it('logs a request without its token', async () => {
    const lines: LogFields[] = [];
    const app = await start({ log: { ...silentLogger, info: (fields) => void lines.push(fields) } });
    const token = '0123456789abcdef0123456789abcdef01234567';
    await app.inject({ url: `/v1/files/x?access_token=${token}`, headers: { authorization: `Bearer ${token}` } });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ method: 'GET', url: '/v1/files/x?access_token=***', status: 200 });
    expect(JSON.stringify(lines)).not.toContain(token);
  });
});

describe('OpenAPI', () => {
  it('describes the routes as they are validated', async () => {
    const app = await start();
    const document = (await app.inject('/v1/openapi.json')).json();
    expect(document.openapi).toBe('3.1.0');
    const operation = document.paths['/v1/echo/{name}'].post;
    expect(operation.operationId).toBe('echo');
    expect(operation.security).toEqual([]);
    expect(Object.keys(operation.requestBody.content)).toEqual([
      'application/json',
      'application/x-www-form-urlencoded',
    ]);
    expect(operation.requestBody.content['application/json'].schema.required).toEqual(['text']);
    expect(Object.keys(operation.responses)).toEqual(['200', '400', '413', '415', '429']);
    expect(operation.responses['400'].content['application/json'].schema.$ref).toBe('#/components/schemas/Error');
    expect(document.paths['/metrics'].get.responses['200'].content).toHaveProperty('text/plain');
    expect(document.paths).not.toHaveProperty('/v1/openapi.json');
  });
});
