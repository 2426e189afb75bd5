import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { days, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StreamReader } from '../../../test/http/stream-reader.ts';
import { InProcessBus } from '../../bus/index.ts';
import { FirstRun } from '../../domain/accounts/index.ts';
import { LiveHub } from '../../domain/events/index.ts';
import { ProductDirectory } from '../../domain/products/index.ts';
import { type TestServer, testServer } from '../test-server.ts';
import { accountRouteModule } from './accounts.ts';
import { consoleRouteModule } from './console.ts';
import { eventRouteModule } from './events.ts';

const PATH = '/v1/devices/events';
const LOGIN = { username: 'ann@example.net', password: 'correct horse' };

describeStores('event streams by the cookie of the console', (open) => {
  let test: TestServer;
  let clock: VirtualClock;
  let agent: http.Agent;
  let cookie: string;
  let csrf: string;
  const readers: StreamReader[] = [];

  beforeEach(async () => {
    clock = new VirtualClock();
    const store = await open({ clock });
    const bus = new InProcessBus(silentLogger);
    const hub = new LiveHub(bus, new ProductDirectory(store, bus));
    const firstRun = new FirstRun(undefined, async () => {});
    const ports = { deviceHost: 'devices.example.net', udpPort: null, tcpPort: null };
    test = await testServer(store, {
      bus,
      clock,
      routes: (_ambient, accounts) => [
        accountRouteModule(accounts),
        consoleRouteModule({ accounts, firstRun, publicUrl: accounts.publicUrl, ...ports }),
        eventRouteModule({ bus, hub, publicUrl: accounts.publicUrl }),
      ],
    });
    await test.fastify.listen({ port: 0, host: '127.0.0.1' });
    agent = new http.Agent();
    await test.addUser(LOGIN.username);
    const reply = await test.fastify.inject({ method: 'POST', url: '/v1/console/session', payload: LOGIN });
    cookie = String(reply.headers['set-cookie']).split(';')[0] ?? '';
    csrf = reply.json().csrf;
  });
  afterEach(async () => {
    for (const { response } of readers.splice(0)) response.destroy();
    agent.destroy();
    await test.fastify.close();
  });

  const stream = async (headers: Record<string, string> = {}) => {
    const { port } = test.fastify.server.address() as AddressInfo;
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      http.get({ port, path: PATH, headers: { cookie, ...headers }, agent }, resolve).on('error', reject);
    });
    const reader = new StreamReader(response);
    readers.push(reader);
    return reader;
  };
  const opened = async (headers?: Record<string, string>) => {
    const reader = await stream(headers);
    expect(reader.response.statusCode).toBe(200);
    await reader.until((text) => text.startsWith(':ok\n\n'));
    return reader;
  };

  it('are opened, and end when its browser logs out', async () => {
    const { port } = test.fastify.server.address() as AddressInfo;
    const reader = await opened({ origin: `http://localhost:${port}`, 'sec-fetch-site': 'same-origin' });
    const headers = { cookie, 'x-chamber-csrf': csrf };
    const reply = await test.fastify.inject({ method: 'DELETE', url: '/v1/console/session', headers });
    expect(reply.statusCode).toBe(200);
    expect(await reader.ended()).toContain(':closed: the token was revoked');
  });

  it('end with the session', async () => {
    const reader = await opened();
    clock.advance(days(14));
    expect(await reader.ended()).toContain(':closed: the token has expired');
  });

  it.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ] as Record<string, string>[])('are none for %j', async (site) => {
    const reader = await stream(site);
    expect(reader.response.statusCode).toBe(403);
    expect(await reader.ended()).toContain('csrf_failed');
  });
});
