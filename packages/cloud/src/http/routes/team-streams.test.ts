import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLogger } from '@cloudchamber/kernel';
import { describeStores } from '@cloudchamber/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StreamReader } from '../../../test/http/stream-reader.ts';
import { InProcessBus } from '../../bus/index.ts';
import { LiveHub } from '../../domain/events/index.ts';
import { ProductDirectory } from '../../domain/products/index.ts';
import { teamChanges } from '../../domain/teams/index.ts';
import { type TestServer, type TestUser, testServer } from '../test-server.ts';
import { eventRouteModule } from './events.ts';
import { teamRouteModule } from './teams.ts';

const ACME = 'aaaaaaaaaaaaaaaaaaaaaaaa';
const NO_MORE = ':closed: these events may not be read any more';
const place = (name: string) => ({ name, slug: name.toLowerCase(), created_at: 1, updated_at: 1 });

describeStores('streams of a team', (open) => {
  let test: TestServer;
  let ann: TestUser;
  let bus: InProcessBus;
  let bob: TestUser;
  let agent: http.Agent;
  const readers: StreamReader[] = [];

  beforeEach(async () => {
    const store = await open();
    bus = new InProcessBus(silentLogger);
    const hub = new LiveHub(bus, new ProductDirectory(store, bus));
    test = await testServer(store, {
      bus,
      routes: (_ambient, accounts) => [
        eventRouteModule({ bus, hub, publicUrl: 'http://cloud.test' }),
        teamRouteModule({ accounts }),
      ],
    });
    await test.fastify.listen({ port: 0, host: '127.0.0.1' });
    ann = await test.addUser('ann@example.net');
    bob = await test.addUser('bob@example.net');
    agent = new http.Agent();
    await store.db
      .insertInto('organizations')
      .values({ ...place('Acme'), id: ACME, owner_id: ann.id })
      .execute();
    const product = { description: '', platform_id: 32, settings: '{}' };
    await store.db
      .insertInto('products')
      .values([
        { ...place('Greenhouse'), ...product, name_key: 'g', id: 1042, owner_kind: 'user', owner_id: ann.id },
        { ...place('Barn'), ...product, name_key: 'b', id: 1043, owner_kind: 'organization', owner_id: ACME },
      ])
      .execute();
    const member = { user_id: bob.id, role: 'Developer', state: 'accepted' as const, created_at: 1 };
    await store.db
      .insertInto('team_members')
      .values([
        { ...member, team_kind: 'product', team_id: '1042' },
        { ...member, team_kind: 'organization', team_id: ACME },
      ])
      .execute();
  });
  afterEach(async () => {
    for (const { response } of readers.splice(0)) response.destroy();
    agent.destroy();
    await test.fastify.close();
  });

  const stream = async (path: string, headers: Record<string, string> = bob.headers) => {
    const { port } = test.fastify.server.address() as AddressInfo;
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      http.get({ port, path, headers, agent }, resolve).on('error', reject);
    });
    const reader = new StreamReader(response);
    readers.push(reader);
    expect(response.statusCode).toBe(200);
    await reader.until((text) => text.startsWith(':ok\n\n'));
    return reader;
  };
  const asAnn = async (method: 'POST' | 'DELETE', url: string, payload?: object) => {
    const reply = await test.fastify.inject({ method, url, headers: ann.headers, ...(payload && { payload }) });
    expect(reply.statusCode).toBe(200);
    return reply.json();
  };

  it('end for a member who is removed, and only those', async () => {
    const product = await stream('/v1/products/1042/events');
    const barn = await stream('/v1/products/barn/events');
    const own = await stream('/v1/devices/events');
    const anns = await stream('/v1/products/1042/events', ann.headers);
    await asAnn('DELETE', '/v1/products/1042/team/bob@example.net');
    await product.ended();
    expect(product.text).toContain(NO_MORE);
    expect([barn.text, own.text, anns.text].filter((text) => text.includes(':closed'))).toEqual([]);
    await asAnn('DELETE', '/v1/orgs/acme/team/bob@example.net');
    await barn.ended();
    expect(barn.text).toContain(NO_MORE);
    expect([own.text, anns.text].filter((text) => text.includes(':closed'))).toEqual([]);
  });

  it('go on with another role that may read events too', async () => {
    const product = await stream('/v1/products/1042/events');
    await asAnn('POST', '/v1/products/1042/team/bob@example.net', { role: 'View-only' });
    const robot = await asAnn('POST', '/v1/products/1042/team', { friendly_name: 'x', scopes: ['events:get'] });
    const { username, tokens } = robot.created;
    const headers = { authorization: `Bearer ${tokens[0].token}` };
    const programs = await stream('/v1/products/1042/events', headers);
    await asAnn('DELETE', `/v1/products/1042/team/${username}`);
    await programs.ended();
    expect(programs.text).toContain(':closed: the token was revoked');
    expect(product.text).not.toContain(':closed');
  });

  it('end with a token that is gone when they are asked again, those of own events too', async () => {
    const own = await stream('/v1/devices/events');
    const ofProduct = await stream('/v1/products/1042/events');
    const others = await stream('/v1/devices/events', ann.headers);
    const { store } = test.ambient;
    await store.db.deleteFrom('access_tokens').where('subject_id', '=', bob.id).execute();
    bus.publish(teamChanges, { kind: 'product', id: '1042', memberId: bob.id });
    for (const reader of [own, ofProduct]) expect(await reader.ended()).toContain('may not be read any more');
    expect(others.over).toBe(false);
  });
});
