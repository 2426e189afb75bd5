import { type Route, routes } from '@cloudchamber/contract';
import { Validator } from '@seriousme/openapi-schema-validator';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../store/store.ts';
import { registerRoute } from './register-route.ts';
import { testServer } from './test-server.ts';

interface Shown {
  readonly description: string;
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly requestBody?: { readonly content: Record<string, { readonly example?: unknown }> };
  readonly responses: Record<string, ShownResponse>;
  readonly 'x-permission'?: string;
  readonly 'x-callers': readonly string[];
}

interface ShownResponse {
  readonly description: string;
  readonly content?: Record<string, { example?: unknown; examples?: Record<string, { value: { error?: string } }> }>;
}

/** Nothing of this asks the store. */
const store = {} as unknown as Store;
let fastify: FastifyInstance;
let document: { readonly paths: Record<string, Record<string, Shown & { operationId: string }>> };

beforeAll(async () => {
  const unused = () => {
    throw new Error('not called');
  };
  const server = await testServer(store, {
    routes: () => [
      (app) => {
        for (const route of routes) registerRoute(app, route as Route, unused);
      },
    ],
  });
  fastify = server.fastify;
  document = (await fastify.inject('/v1/openapi.json')).json();
});
afterAll(() => fastify?.close());

function shown(route: Route): Shown {
  const all = Object.values(document.paths).flatMap((path) => Object.values(path));
  const found = all.find(({ operationId }) => operationId === route.operation);
  if (found === undefined) throw new Error(`${route.operation} is not in the document`);
  return found;
}

function errorsShown({ responses }: Shown, status: number): (string | undefined)[] {
  const examples = responses[status]?.content?.['application/json']?.examples ?? {};
  return Object.values(examples).map(({ value }) => value.error);
}

describe('/v1/openapi.json', () => {
  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(document as unknown as Record<string, unknown>);
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  it('refers to nothing that it does not hold', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
    const held = (path: string): unknown =>
      path.split('/').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
    expect(new Set(references).size).toBeGreaterThan(2);
    expect([...new Set(references)].filter((path) => held(path) === undefined)).toEqual([]);
  });

  describe.each(routes.map((route) => [route.operation, route] as const))('%s', (_operation, route) => {
    it('says who may call it', () => {
      const operation = shown(route);
      expect(operation['x-permission']).toBe(route.scope);
      if (route.scope !== undefined) expect(operation.description).toContain(`\`${route.scope}\``);
      expect(operation['x-callers'].length > 0).toBe(route.access !== 'public');
    });

    it('says how it may refuse', () => {
      const operation = shown(route);
      expect(errorsShown(operation, 429)).toContain('too_many_requests');
      if (route.access !== 'public') {
        expect(errorsShown(operation, 400)).toContain('invalid_request');
        expect(errorsShown(operation, 401)).toEqual(expect.arrayContaining(['invalid_token', 'invalid_token']));
      }
      if (['user', 'owner', 'product', 'organization', 'operator'].includes(route.access)) {
        expect(errorsShown(operation, 403).length).toBeGreaterThan(0);
      }
      if (route.body) expect(errorsShown(operation, 413)).toContain('payload_too_large');
      for (const [status, means] of Object.entries(route.errors ?? {})) {
        expect(operation.responses[status]?.description).toContain(means);
      }
    });

    it.skipIf(route.access === 'public')('shows what it answers when there is no token', async () => {
      const url = route.path.replace(/:[A-Za-z]+|\*/g, 'x');
      const reply = await fastify.inject({ method: route.method, url });
      const examples = shown(route).responses[reply.statusCode]?.content?.['application/json']?.examples ?? {};
      expect(Object.values(examples).map(({ value }) => value)).toContainEqual(reply.json());
    });

    it('shows its success and its examples', () => {
      const operation = shown(route);
      for (const status of Object.keys(route.responses)) expect(operation.responses).toHaveProperty(status);
      if (route.example?.body !== undefined) {
        for (const media of Object.values(operation.requestBody?.content ?? {})) {
          expect(media.example).toEqual(route.example.body);
        }
      }
      const [success] = Object.keys(route.responses);
      const media = Object.values(operation.responses[success ?? '']?.content ?? {});
      if (route.example?.response !== undefined) expect(media[0]?.example).toEqual(route.example.response);
    });

    it('names the parameters of its path', () => {
      const operation = shown(route);
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path').length;
      expect(inPath).toBe([...route.path.matchAll(/:[A-Za-z]+|\*/g)].length);
    });
  });
});

describe('the pages', () => {
  it('load nothing from other hosts', async () => {
    const page = await fastify.inject('/v1/docs');
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/https?:|upgrade-insecure-requests|script-src[^;]*unsafe/);
    const addresses = [...page.body.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address ?? '');
    expect(addresses.length).toBeGreaterThan(3);
    for (const address of addresses) {
      expect(address).toMatch(/^(\.\/|\/v1\/docs\/)/);
      expect((await fastify.inject(address.replace(/^\.\//, '/v1/docs/'))).statusCode).toBe(200);
    }
  });

  it('show this document and ask no other host to validate it', async () => {
    const script = (await fastify.inject('/v1/docs/static/swagger-initializer.js')).body;
    expect(script).toContain('"validatorUrl":null');
    expect((await fastify.inject('/v1/docs/json')).json()).toEqual(document);
  });

  it('are where /docs leads to', async () => {
    const reply = await fastify.inject('/docs');
    expect([reply.statusCode, reply.headers.location]).toEqual([302, '/v1/docs']);
  });
});
