import type { Access, Route } from '@cloudchamber/contract';
import { routes } from '@cloudchamber/contract';
import type { DeviceCommands } from '@cloudchamber/gateway';
import { seededEntropy, silentLogger, systemClock } from '@cloudchamber/kernel';
import { describeStores } from '@cloudchamber/testkit';
import type { InjectOptions } from 'fastify';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { InProcessBus } from '../../bus/index.ts';
import { LiveHub } from '../../domain/events/index.ts';
import { UpdateJournal } from '../../domain/firmware/index.ts';
import { ServerKeyRing } from '../../domain/server-keys/index.ts';
import { createSecretBox } from '../../store/index.ts';
import { type TestServer, testServer } from '../test-server.ts';
import { accountRouteModule } from './accounts.ts';
import { addressRouteModule } from './addresses.ts';
import { deviceRouteModule } from './devices.ts';
import { eventRouteModule } from './events.ts';
import { keyRouteModule } from './keys.ts';
import { serviceRouteModule } from './service.ts';

/** No device is connected. */
const commands = { isOnline: () => false } as unknown as DeviceCommands;

const BAD_TOKEN = { authorization: `Bearer ${'0'.repeat(40)}` };

/** Who is let past the door of a route, by what it declares (design section 9.6). */
const DOOR: Record<Access, { nobody: boolean; badToken: boolean; user: boolean }> = {
  public: { nobody: true, badToken: true, user: true },
  basic: { nobody: false, badToken: false, user: true },
  token: { nobody: false, badToken: false, user: true },
  operator: { nobody: false, badToken: false, user: false },
};

describeStores('every route of the contract', (open) => {
  let server: TestServer;
  beforeAll(async () => {
    const bus = new InProcessBus(silentLogger);
    const publicUrl = 'http://127.0.0.1:8080';
    const metrics = new Registry();
    const store = await open();
    const entropy = seededEntropy(9);
    const secrets = createSecretBox(entropy.bytes(32), entropy);
    const serverKeys = await ServerKeyRing.open({ store, clock: systemClock, entropy, secrets });
    const updates = await UpdateJournal.open({ store, bus, commands, clock: systemClock, log: silentLogger });
    server = await testServer(store, {
      bus,
      metrics,
      routes: (_ambient, services) => [
        accountRouteModule(services, async () => ({ wifi: 0, cellular: 0 })),
        deviceRouteModule({ bus, commands, updates, publicUrl }),
        eventRouteModule({ bus, hub: new LiveHub(bus), publicUrl }),
        keyRouteModule({ serverKeys, udpPort: 5684, tcpPort: 5683 }),
        addressRouteModule({ publicUrl, deviceHost: 'devices.example.net', udpPort: 5684, tcpPort: 5683 }),
        serviceRouteModule({ metrics, probes: {} }),
      ],
    });
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
