import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { expect, it } from 'vitest';
import { type TestUser, testServer } from '../test-server.ts';
import { dataOperationRouteModule } from './data-operations.ts';

const DEVICE = 'e00fce68a1b2c3d4e5f60718';
const ACME = 'aaaaaaaaaaaaaaaaaaaaaaaa';
const NOW = Date.parse('2026-02-03T08:15:00Z');
const TIMES = { from: '2026-02-01T00:00:00.000Z', to: '2026-02-03T09:00:00.000Z' };

describeStores('the routes of data operations', (open) => {
  async function setUp() {
    const clock = new VirtualClock();
    clock.advance(NOW - clock.now());
    const store = await open();
    const server = await testServer(store, { clock, routes: () => [dataOperationRouteModule()] });
    const ann = await server.addUser('ann@example.net');
    const bob = await server.addUser('bob@example.net');
    const place = (name: string) => ({ name, slug: name.toLowerCase(), created_at: 1, updated_at: 1 });
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
    const hour = Date.parse('2026-02-03T07:00:00Z');
    const count = { hour, owner_id: ann.id, product_id: 0, device_id: DEVICE, kind: 'publish' as const, count: 5 };
    await store.db
      .insertInto('data_operations')
      .values([
        count,
        { ...count, kind: 'function', count: 1 },
        { ...count, product_id: 1042, owner_id: '', count: 7 },
        { ...count, product_id: 1043, owner_id: bob.id, count: 11 },
        { ...count, owner_id: bob.id, count: 13 },
      ])
      .execute();
    const ask = async (who: Pick<TestUser, 'headers'>, url: string) => {
      const reply = await server.fastify.inject({ url: `/v1/${url}`, headers: who.headers });
      return [reply.statusCode, reply.json()] as const;
    };
    const counts = async (who: Pick<TestUser, 'headers'>, url: string) => (await ask(who, url))[1].operations;
    return { ann, bob, ask, counts };
  }

  it('show an account its devices and its products', async () => {
    const { ann, bob, ask, counts } = await setUp();
    const time = '2026-02-03T00:00:00.000Z';
    expect(await ask(ann, 'user/data_operations')).toEqual([
      200,
      {
        ...TIMES,
        by: 'day',
        group: 'kind',
        operations: [
          { time, kind: 'function', count: 1 },
          { time, kind: 'publish', count: 12 },
        ],
        meta: { next_after: null },
      },
    ]);
    expect(await counts(bob, 'user/data_operations')).toEqual([{ time, kind: 'publish', count: 13 }]);
  });

  it('group by product and device, by hour and month', async () => {
    const { ann, counts } = await setUp();
    expect(await counts(ann, 'user/data_operations?group=product&by=hour')).toEqual([
      { time: '2026-02-03T07:00:00.000Z', product_id: null, count: 6 },
      { time: '2026-02-03T07:00:00.000Z', product_id: 1042, count: 7 },
    ]);
    expect(await counts(ann, 'products/greenhouse/data_operations?group=device&by=month')).toEqual([
      { time: '2026-02-01T00:00:00.000Z', device_id: DEVICE, count: 7 },
    ]);
    expect(await counts(ann, 'orgs/acme/data_operations?group=product')).toMatchObject([
      { product_id: 1043, count: 11 },
    ]);
    expect(await counts(ann, 'user/data_operations?from=2026-02-03T08:00:00Z')).toEqual([]);
    expect(await counts(ann, 'user/data_operations?to=2026-02-03T07:00:00%2B01:00')).toEqual([]);
  });

  it('come in pages', async () => {
    const { ann, ask } = await setUp();
    const [, first] = await ask(ann, 'user/data_operations?per_page=1');
    expect(first.operations).toMatchObject([{ kind: 'function' }]);
    const [, second] = await ask(ann, `user/data_operations?per_page=1&after=${first.meta.next_after}`);
    expect([second.operations, second.meta]).toMatchObject([[{ kind: 'publish' }], { next_after: null }]);
  });

  it('show nothing of a place to others', async () => {
    const { bob, ask } = await setUp();
    for (const place of ['products/1042', 'products/1043', 'products/4711', 'orgs/acme', 'orgs/nobody']) {
      expect((await ask(bob, `${place}/data_operations`))[0]).toBeGreaterThanOrEqual(403);
    }
    expect(await ask(bob, 'products/1042/data_operations')).toEqual(await ask(bob, 'products/4711/data_operations'));
  });

  it.each([
    'from=yesterday',
    'to=2026-13-01',
    'from=2026-02-03&to=2026-02-02',
    'from=2020-01-01',
    'from=2026-01-01&by=hour',
    'by=year',
    'group=owner',
    'after=x',
    'after=%00',
    'per_page=0',
    'per_page=1001',
  ])('refuse ?%s', async (query) => {
    const { ann, ask } = await setUp();
    const [status, body] = await ask(ann, `user/data_operations?${query}`);
    expect([status, body.error]).toEqual([400, 'invalid_request']);
  });
});
