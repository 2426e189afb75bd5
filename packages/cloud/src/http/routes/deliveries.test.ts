import { days, hours, minutes, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { InProcessBus } from '../../bus/index.ts';
import { dueDeliveries } from '../../domain/deliveries/delivery-topics.ts';
import { DeliveryBacklog } from '../../domain/deliveries/index.ts';
import { IntegrationDirectory } from '../../domain/integrations/index.ts';
import type { NewEvent, Store } from '../../store/index.ts';
import { type TestServer, type TestUser, testServer } from '../test-server.ts';
import { deliveryRouteModule } from './deliveries.ts';
import { integrationRouteModule } from './integrations.ts';

const DEVICE = 'd'.repeat(24);
const HOOK = { event: 'temp', url: 'https://example.net/in' };
const ABSENT = { error: 'integration.not_found', error_description: 'There is no such integration' };
const NO_DELIVERY = { error: 'delivery.not_found', error_description: 'The integration has no such delivery' };

type Method = 'GET' | 'POST' | 'DELETE';

describeStores('delivery routes', (open) => {
  let clock: VirtualClock;
  let store: Store;
  let test: TestServer;
  let ann: TestUser;
  let bob: TestUser;
  let backlog: DeliveryBacklog;
  let integrations: IntegrationDirectory;
  let hook: string;
  let due: number;

  beforeEach(async () => {
    clock = new VirtualClock();
    store = await open({ clock });
    const bus = new InProcessBus(silentLogger);
    backlog = new DeliveryBacklog(20);
    integrations = await IntegrationDirectory.open({ store, bus, log: silentLogger });
    const targets = {
      open: () => {
        throw new Error('a test calls nobody');
      },
    };
    test = await testServer(store, {
      clock,
      bus,
      routes: (_ambient, accounts) => [
        integrationRouteModule({ accounts, bus, targets, publicUrl: 'http://cloud.test' }),
        deliveryRouteModule({ bus, backlog, integrations }),
      ],
    });
    due = 0;
    bus.subscribe(dueDeliveries, ({ integrationId, more }) => {
      expect(integrationId).toBe(hook);
      due += more;
    });
    ann = await test.addUser('ann@example.net');
    bob = await test.addUser('bob@example.net');
    hook = (await call('POST', 'integrations', HOOK)).body.id;
  });
  afterEach(async () => {
    integrations.close();
    await test.fastify.close();
  });

  const call = async (method: Method, path: string, body?: unknown, user = ann) => {
    const payload = body as Record<string, unknown> | undefined;
    const url = `/v1/${path}`;
    const reply = await test.fastify.inject({ method, url, headers: user.headers, ...(payload && { payload }) });
    return { status: reply.statusCode, body: reply.body === '' ? undefined : reply.json() };
  };
  const append = (fields: Partial<NewEvent> = {}) =>
    store.events.append({
      ownerId: ann.id,
      productId: null,
      deviceId: DEVICE,
      publisher: DEVICE,
      name: 'temp',
      data: Buffer.from('21.6'),
      contentFormat: 0,
      ttlSeconds: 60,
      publishedAt: clock.now(),
      ...fields,
    });
  /** A delivery of the hook that failed, or that waits. */
  const owe = async (fields: { dueAt?: number | null; error?: string; name?: string; at?: number } = {}) => {
    const { dueAt = null, error = 'error status 500 from example.net', name = 'temp', at = clock.now() } = fields;
    const { sequence } = await append({ name, publishedAt: at });
    const row = { integration_id: hook, event_sequence: sequence, created_at: at, due_at: dueAt, attempts: 3 };
    const insert = store.db.insertInto('deliveries').values({ ...row, last_error: error });
    return (await insert.returning('id').executeTakeFirstOrThrow()).id;
  };
  const rows = () => store.db.selectFrom('deliveries').selectAll().orderBy('id').execute();
  const waiting = async () => (await rows()).filter(({ due_at: dueAt }) => dueAt !== null).map(({ id }) => id);

  it('shows what failed, newest first, and what waits, by pages', async () => {
    const failed = [];
    for (let n = 0; n < 5; n++) failed.push(await owe());
    const late = await owe({ dueAt: clock.now() + 2000 });
    const soon = [await owe({ dueAt: clock.now() + 1000 }), await owe({ dueAt: clock.now() + 1000 })];
    const list = async (state: string) => {
      const ids: number[] = [];
      for (let cursor = '', page = 0; page < 10; page++) {
        const { body } = await call('GET', `integrations/${hook}/deliveries?state=${state}&limit=2${cursor}`);
        expect(body.meta).toMatchObject({ waiting: 3, failed: 5 });
        ids.push(...body.deliveries.map(({ id }: { id: string }) => Number(id)));
        if (body.meta.next === null) break;
        cursor = `&cursor=${body.meta.next}`;
      }
      return ids;
    };
    expect(await list('failed')).toEqual(failed.toReversed());
    expect(await list('waiting')).toEqual([...soon, late]);
    const { body } = await call('GET', `integrations/${hook}/deliveries?limit=1`);
    expect(body.deliveries[0]).toEqual({
      id: String(failed.at(-1)),
      state: 'failed',
      event: {
        id: expect.stringMatching(/^\d+$/),
        name: 'temp',
        data: '21.6',
        coreid: DEVICE,
        published_at: '2026-01-01T00:00:00.000Z',
      },
      created_at: '2026-01-01T00:00:00.000Z',
      due_at: null,
      attempts: 3,
      last_error: 'error status 500 from example.net',
    });
  });

  it('replays one, drops one, and knows none of somebody else', async () => {
    const one = await owe();
    const two = await owe();
    const other = await call('POST', 'integrations', HOOK, bob);
    const denied = [
      ['POST', `integrations/${hook}/deliveries/${one}/replay`, bob, ABSENT],
      ['DELETE', `integrations/${hook}/deliveries/${one}`, bob, ABSENT],
      ['GET', `integrations/${hook}/deliveries`, bob, ABSENT],
      ['POST', `integrations/${hook}/replay`, bob, ABSENT],
      ['POST', `integrations/${other.body.id}/deliveries/${one}/replay`, bob, NO_DELIVERY],
      ['DELETE', `integrations/${other.body.id}/deliveries/${one}`, bob, NO_DELIVERY],
      ['POST', `integrations/${hook}/deliveries/999999/replay`, ann, NO_DELIVERY],
      ['POST', `integrations/${hook}/deliveries/x1/replay`, ann, NO_DELIVERY],
      ['DELETE', `integrations/${hook}/deliveries/-1`, ann, NO_DELIVERY],
    ] as const;
    for (const [method, path, user, body] of denied) {
      expect(await call(method, path, undefined, user), path).toEqual({ status: 404, body });
    }
    expect(await waiting()).toEqual([]);
    clock.advance(1000);
    expect(await call('POST', `integrations/${hook}/deliveries/${one}/replay`)).toEqual({
      status: 200,
      body: { ok: true },
    });
    expect((await rows())[0]).toMatchObject({ due_at: clock.now(), created_at: clock.now(), attempts: 0 });
    expect(due).toBe(1);
    expect((await call('DELETE', `integrations/${hook}/deliveries/${two}`)).status).toBe(204);
    expect((await rows()).map(({ id }) => id)).toEqual([one]);
    expect((await call('DELETE', `integrations/${hook}/deliveries/${one}`)).status).toBe(204);
    expect(due).toBe(0);
  });

  it('replays none whose event is gone', async () => {
    const one = await owe();
    await store.db.deleteFrom('events').execute();
    expect(await call('POST', `integrations/${hook}/deliveries/${one}/replay`)).toMatchObject({
      status: 409,
      body: { error: 'delivery.event_gone' },
    });
    expect((await call('POST', `integrations/${hook}/replay`)).body).toEqual({
      ok: true,
      replayed: 0,
      more: false,
      next: null,
    });
    const { body } = await call('GET', `integrations/${hook}/deliveries`);
    expect(body.deliveries).toMatchObject([{ id: String(one), event: null }]);
  });

  it('replays failures by time, error and name', async () => {
    const begin = clock.now();
    const ids = {
      early: await owe({ at: begin }),
      timeout: await owe({ at: begin + hours(1), error: 'ESOCKETTIMEDOUT' }),
      wild: await owe({ at: begin + hours(1), error: '100% wrong' }),
      other: await owe({ at: begin + hours(2), name: 'temperature' }),
    };
    clock.advance(days(1));
    const cases = [
      [{ from: '2026-01-01T00:30:00Z', to: '2026-01-01T01:30:00Z', error: 'timedout' }, [ids.timeout]],
      [{ error: '0% w' }, [ids.wild]],
      [{ event: 'tempe' }, [ids.other]],
      [{ event: 'TEMP' }, []],
      [{ to: '2026-01-01T00:30:00Z' }, [ids.early]],
    ] as const;
    for (const [body, expected] of cases) {
      await store.db.updateTable('deliveries').set({ due_at: null }).execute();
      await store.db.updateTable('deliveries').set({ created_at: begin }).where('id', '=', ids.early).execute();
      await store.db
        .updateTable('deliveries')
        .set({ created_at: begin + hours(1) })
        .where('id', '>', ids.early)
        .execute();
      await store.db
        .updateTable('deliveries')
        .set({ last_error: 'ESOCKETTIMEDOUT' })
        .where('id', '=', ids.timeout)
        .execute();
      await store.db.updateTable('deliveries').set({ last_error: '100% wrong' }).where('id', '=', ids.wild).execute();
      const reply = await call('POST', `integrations/${hook}/replay`, body);
      expect(reply.body, JSON.stringify(body)).toEqual({
        ok: true,
        replayed: expected.length,
        more: false,
        next: null,
      });
      expect(await waiting()).toEqual(expected);
    }
  });

  it('delivers past events again: those that would trigger the integration now, and nobody else', async () => {
    const begin = clock.now();
    await append({ publishedAt: begin - minutes(5) });
    const wanted = [];
    for (let n = 0; n < 6; n++) wanted.push((await append({ publishedAt: begin + n })).sequence);
    await append({ name: 'humidity' });
    await append({ ownerId: bob.id });
    await append({ name: 'hook-sent/temp', publisher: 'particle-internal', deviceId: null });
    await append({ publishedAt: begin + hours(2) });
    clock.advance(hours(3));
    const body = { source: 'history', from: '2026-01-01T00:00:00Z', to: '2026-01-01T01:00:00Z' };
    expect((await call('POST', `integrations/${hook}/replay`, body)).body).toEqual({
      ok: true,
      replayed: 6,
      more: false,
      next: null,
    });
    const owed = await rows();
    expect(owed.map(({ event_sequence: sequence }) => sequence)).toEqual(wanted);
    expect(owed.every((row) => row.due_at === clock.now() && row.attempts === 0)).toBe(true);
    expect(due).toBe(6);
    expect((await call('POST', `integrations/${hook}/replay`, { ...body, event: 'tempx' })).body.replayed).toBe(0);
  });

  it('goes on where it stopped when no more may wait', async () => {
    for (let n = 0; n < 30; n++) await append();
    clock.advance(1000);
    const body = { source: 'history', from: '2026-01-01T00:00:00Z' };
    const first = (await call('POST', `integrations/${hook}/replay`, body)).body;
    expect(first).toMatchObject({ replayed: 20, more: true, next: expect.any(String) });
    backlog.set(hook, 20);
    expect(await call('POST', `integrations/${hook}/replay`, { ...body, cursor: first.next })).toMatchObject({
      status: 409,
      body: { error: 'delivery.backlog_full' },
    });
    backlog.set(hook, 0);
    const second = (await call('POST', `integrations/${hook}/replay`, { ...body, cursor: first.next })).body;
    expect(second).toEqual({ ok: true, replayed: 10, more: false, next: null });
    expect(new Set((await rows()).map((row) => row.event_sequence)).size).toBe(30);
  });

  it('finds the events of a product, and of all products of an organization', async () => {
    const organization = 'd'.repeat(24);
    const at = { created_at: 0, updated_at: 0 };
    await store.db
      .insertInto('organizations')
      .values({ id: organization, slug: 'acme', name: 'Acme', owner_id: ann.id, ...at })
      .execute();
    const products: number[] = [];
    for (const name of ['north', 'south', 'own']) {
      const owner =
        name === 'own'
          ? { owner_kind: 'user' as const, owner_id: ann.id }
          : { owner_kind: 'organization' as const, owner_id: organization };
      const row = { name, name_key: name, slug: `${name}-v1`, description: '', platform_id: 13, settings: '{}' };
      const insert = store.db.insertInto('products').values({ ...row, ...owner, ...at });
      products.push((await insert.returning('id').executeTakeFirstOrThrow()).id);
    }
    integrations.close();
    integrations = await IntegrationDirectory.open({ store, bus: new InProcessBus(silentLogger), log: silentLogger });
    const [north = 0, south = 0, own = 0] = products;
    const sequences = [];
    for (const productId of [north, south, own, north]) {
      sequences.push((await append({ ownerId: null, productId })).sequence);
    }
    clock.advance(1000);
    const replay = async (place: string) => {
      await store.db.deleteFrom('deliveries').execute();
      hook = (await call('POST', `${place}/integrations`, HOOK)).body.id;
      integrations.close();
      integrations = await IntegrationDirectory.open({ store, bus: new InProcessBus(silentLogger), log: silentLogger });
      const routes = deliveryRouteModule({ bus: new InProcessBus(silentLogger), backlog, integrations });
      const server = await testServer(store, { clock, routes: () => [routes] });
      const reply = await server.fastify.inject({
        method: 'POST',
        url: `/v1/${place}/integrations/${hook}/replay`,
        headers: ann.headers,
        payload: { source: 'history', from: '2026-01-01T00:00:00Z' },
      });
      await server.fastify.close();
      expect(reply.statusCode, reply.body).toBe(200);
      return (await rows()).map((row) => row.event_sequence).toSorted((a, b) => a - b);
    };
    expect(await replay(`products/${own}`)).toEqual([sequences[2]]);
    expect(await replay(`orgs/${organization}`)).toEqual([sequences[0], sequences[1], sequences[3]]);
  });

  it.each([
    ['replay', { source: 'history' }],
    ['replay', { source: 'history', from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }],
    ['replay', { source: 'history', from: 'yesterday' }],
    ['replay', { source: 'history', from: '2025-01-01', cursor: '1;2' }],
    ['replay', { source: 'everything' }],
    ['replay', { error: 'x'.repeat(201) }],
    ['replay', { event: 'a\0b' }],
    ['deliveries?state=done', undefined],
    ['deliveries?limit=0', undefined],
    ['deliveries?limit=1001', undefined],
    ['deliveries?limit=abc', undefined],
    ['deliveries?cursor=abc', undefined],
    ['deliveries?state=waiting&cursor=12', undefined],
  ])('refuses %s %j', async (path, body) => {
    clock.advance(days(1));
    const reply = await call(body === undefined ? 'GET' : 'POST', `integrations/${hook}/${path}`, body);
    expect(reply.status, JSON.stringify(reply.body)).toBe(400);
  });

  it('replays no history into an integration that is off', async () => {
    await store.db.updateTable('integrations').set({ disabled: 1 }).execute();
    const body = { source: 'history', from: '2025-01-01' };
    expect(await call('POST', `integrations/${hook}/replay`, body)).toMatchObject({
      status: 409,
      body: { error: 'delivery.integration_off' },
    });
  });
});
