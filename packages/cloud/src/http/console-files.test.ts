import { mkdir, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { defineRoute } from '@cloudchamber/contract';
import { temporaryFolder } from '@cloudchamber/testkit';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Store } from '../store/store.ts';
import { registerRoute } from './register-route.ts';
import { testServer } from './test-server.ts';

const INDEX = '<!doctype html><title>The console</title>';
const SCRIPT = 'console.log("hello".repeat(3));\n'.repeat(20);
const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
const NO_ROUTE = { error: 'not_found', error_description: 'There is no such route' };

const echo = defineRoute({
  operation: 'echo',
  tag: 'test',
  method: 'POST',
  path: '/verify',
  summary: 'Takes only POST',
  access: 'public',
  responses: { 200: z.object({ ok: z.boolean() }) },
});

/** Nothing here asks the store. */
const store = { check: async () => {} } as unknown as Store;
const start = async (consoleDir?: string): Promise<FastifyInstance> => {
  const routes = () => [(app: Parameters<typeof registerRoute>[0]) => registerRoute(app, echo, () => ({ ok: true }))];
  return (await testServer(store, { routes, ...(consoleDir !== undefined && { consoleDir }) })).fastify;
};

describe('the console', () => {
  let app: FastifyInstance;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let dist = '';
  beforeAll(async () => {
    folder = await temporaryFolder();
    dist = join(folder.path, 'dist');
    await mkdir(join(dist, 'assets'), { recursive: true });
    await writeFile(join(folder.path, 'secret.key'), 'of another folder');
    await writeFile(join(folder.path, 'secret.txt'), 'of another folder');
    await writeFile(join(dist, 'index.html'), INDEX);
    await writeFile(join(dist, '.hidden.txt'), 'of another folder');
    await writeFile(join(dist, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    await writeFile(join(dist, 'assets', 'main-3f2a.js'), SCRIPT);
    await writeFile(join(dist, 'assets', 'main-3f2a.js.gz'), gzipSync(SCRIPT));
    app = await start(dist);
    await app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await app.close();
    await folder.remove();
  });

  it.each(['/', '/devices', '/products/42/devices?filter=a', '/setup?code=x', '/login/', '/v10', '/a/../b'])(
    'is the one page of %s, for a browser',
    async (url) => {
      const reply = await app.inject({ url, headers: BROWSER });
      expect([reply.statusCode, reply.body]).toEqual([200, INDEX]);
      expect(reply.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'content-security-policy':
          "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'",
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
    },
  );

  it('is at / for whatever asks, and answers HEAD without a body', async () => {
    expect((await app.inject('/')).body).toBe(INDEX);
    for (const url of ['/', '/devices']) {
      const reply = await app.inject({ method: 'HEAD', url, headers: BROWSER });
      expect([reply.statusCode, reply.body]).toEqual([200, '']);
      expect(reply.headers['content-length']).toBe(String(INDEX.length));
    }
  });

  it('is not sent again to a browser that has it', async () => {
    const { etag } = (await app.inject({ url: '/', headers: BROWSER })).headers;
    const reply = await app.inject({ url: '/devices', headers: { ...BROWSER, 'if-none-match': String(etag) } });
    expect([reply.statusCode, reply.body]).toEqual([304, '']);
  });

  it.each([
    '/v1',
    '/v1/nothing',
    '/V1/nothing',
    '//v1/nothing',
    '/oauth/nothing',
    '/healthz/x',
    '/metrics/x',
    '/assets',
    '/assets/',
    '/assets/x.js',
  ])('has nothing to do with %s', async (url) => {
    const reply = await app.inject({ url, headers: BROWSER });
    expect([reply.statusCode, reply.json()]).toEqual([404, NO_ROUTE]);
  });

  it('is no answer to programs, to other methods, or where a route takes others', async () => {
    expect((await app.inject('/devices')).json()).toEqual(NO_ROUTE);
    expect((await app.inject({ url: '/devices', headers: { accept: 'application/json' } })).statusCode).toBe(404);
    expect((await app.inject({ method: 'POST', url: '/devices', headers: BROWSER })).json()).toEqual(NO_ROUTE);
    const taken = await app.inject({ url: '/verify', headers: BROWSER });
    expect([taken.statusCode, taken.headers.allow]).toEqual([405, 'POST']);
  });

  it('has files that browsers keep for good, compressed when they take that', async () => {
    const plain = await app.inject('/assets/main-3f2a.js');
    expect([plain.statusCode, plain.body]).toEqual([200, SCRIPT]);
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(plain.headers['content-type']).toMatch(/javascript/);
    expect(plain.headers['content-encoding']).toBeUndefined();
    const packed = await app.inject({ url: '/assets/main-3f2a.js', headers: { 'accept-encoding': 'gzip, br' } });
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', 'content-type': plain.headers['content-type'] });
    expect(packed.headers.vary).toMatch(/accept-encoding/i);
    expect(gunzipSync(packed.rawPayload).toString()).toBe(SCRIPT);
    const head = await app.inject({ method: 'HEAD', url: '/assets/main-3f2a.js' });
    expect([head.statusCode, head.body, head.headers['content-length']]).toEqual([200, '', String(SCRIPT.length)]);
  });

  it('has a few files beside its page, and no others', async () => {
    const icon = await app.inject('/favicon.svg');
    expect([icon.statusCode, icon.headers['content-type']]).toEqual([200, 'image/svg+xml']);
    expect(icon.headers['cache-control']).toBe('no-cache');
    for (const url of ['/robots.txt', '/.hidden.txt', '/index.html']) {
      expect([url, (await app.inject(url)).statusCode]).toEqual([url, 404]);
    }
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.key',
    '/assets/..%2f..%2fsecret.key',
    '/assets/%2e%2e/%2e%2e/secret.key',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.key',
    '/assets/..%5c..%5csecret.key',
    '/assets/..\\..\\secret.key',
    '/assets//../../secret.key',
    '/assets/%00/../../secret.key',
    '/..%2fsecret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/%252e%252e/secret.key',
  ])('gives nothing of other folders: %s', async (path) => {
    const { port } = app.server.address() as AddressInfo;
    // Not by `inject` or `fetch`, which would take the path apart.
    const { status, text } = await new Promise<{ status?: number | undefined; text: string }>((resolve, reject) => {
      http
        .get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }));
        })
        .on('error', reject);
    });
    expect(text).not.toContain('of another folder');
    expect([400, 403, 404]).toContain(status);
  });
});

describe('a console that is not built', () => {
  it.each([undefined, '/nowhere/at/all'])('says how to build it (%s)', async (dir) => {
    const app = await start(dir);
    try {
      for (const url of ['/', '/devices']) {
        const reply = await app.inject({ url, headers: BROWSER });
        expect([reply.statusCode, reply.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8']);
        expect(reply.body).toContain('its console is not built');
        expect(reply.body).toContain('npm start');
        expect(reply.body).toContain('href="/v1/docs"');
      }
      for (const url of ['/assets/x.js', '/favicon.svg', '/v1/nothing']) {
        expect([url, (await app.inject(url)).json()]).toEqual([url, NO_ROUTE]);
      }
    } finally {
      await app.close();
    }
  });

  it('is there once it has been built, without a restart', async () => {
    const { path, remove } = await temporaryFolder();
    const dist = join(path, 'dist');
    const app = await start(dist);
    try {
      expect((await app.inject('/')).statusCode).toBe(503);
      await mkdir(join(dist, 'assets'), { recursive: true });
      await writeFile(join(dist, 'index.html'), INDEX);
      await writeFile(join(dist, 'assets', 'a.js'), SCRIPT);
      expect([(await app.inject('/')).body, (await app.inject('/assets/a.js')).body]).toEqual([INDEX, SCRIPT]);
      await rm(dist, { recursive: true });
      expect((await app.inject('/')).statusCode).toBe(503);
    } finally {
      await app.close();
      await remove();
    }
  });
});
