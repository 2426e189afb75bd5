import type { Access, Route } from '@cloudchamber/contract';
import { routes } from '@cloudchamber/contract';
import { describeStores } from '@cloudchamber/testkit';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { everyRoute } from '../../../test/http/every-route.ts';
import type { TestServer } from '../test-server.ts';

const BAD_TOKEN = { authorization: `Bearer ${'0'.repeat(40)}` };

/** Who is let past the door of a route, by what it declares (design section 9.6). */
const DOOR: Record<Access, { nobody: boolean; badToken: boolean; user: boolean }> = {
  public: { nobody: true, badToken: true, user: true },
  basic: { nobody: false, badToken: false, user: true },
  token: { nobody: false, badToken: false, user: true },
  user: { nobody: false, badToken: false, user: true },
  owner: { nobody: false, badToken: false, user: true },
  product: { nobody: false, badToken: false, user: true },
  organization: { nobody: false, badToken: false, user: true },
  operator: { nobody: false, badToken: false, user: false },
};

describeStores('every route of the contract', (open) => {
  let server: TestServer;
  beforeAll(async () => {
    ({ server } = await everyRoute({ store: await open() }));
  });
  afterAll(() => server.fastify.close());

  it('is registered, and nothing else is', async () => {
    const { paths } = (await server.fastify.inject('/v1/openapi.json')).json();
    const operations = Object.values<Record<string, { operationId: string }>>(paths)
      .flatMap((path) => Object.values(path))
      .map((operation) => operation.operationId);
    expect(operations.toSorted()).toEqual(routes.map((route) => route.operation).toSorted());
  });

  const behind = (closed: (door: (typeof DOOR)[Access]) => boolean) =>
    routes.filter((route) => closed(DOOR[route.access])).map((route) => [route.operation, route] as const);

  it.each(behind((door) => !door.nobody))('%s asks for a token', async (_operation, route) => {
    const reply = await server.fastify.inject(requestFor(route));
    expect([reply.statusCode, reply.json()]).toEqual([
      400,
      { error: 'invalid_request', error_description: 'The access token was not found' },
    ]);
  });

  it.each(behind((door) => !door.badToken))('%s refuses a token that is not one', async (_operation, route) => {
    const reply = await server.fastify.inject({ ...requestFor(route), headers: BAD_TOKEN });
    expect([reply.statusCode, reply.json().error]).toEqual([401, 'invalid_token']);
  });

  it.each(behind((door) => !door.user))('%s refuses an account that is no operator', async (operation, route) => {
    const user = await server.addUser(`${operation.toLowerCase()}@example.net`);
    const reply = await server.fastify.inject({ ...requestFor(route), headers: user.headers });
    expect([reply.statusCode, reply.json().error]).toEqual([403, 'operator_only']);
  });
});

/** The route with something in every place of its path, and no body. */
function requestFor(route: Route): InjectOptions {
  return { method: route.method, url: route.path.replace(/:[A-Za-z]+|\*/g, 'x') };
}
