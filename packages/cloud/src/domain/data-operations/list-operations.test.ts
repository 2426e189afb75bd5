import { days, hours } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Store } from '../../store/index.ts';
import { listOperations, type OperationQuery } from './list-operations.ts';
import { beginOf } from './operation-periods.ts';
import type { OperationPlace } from './operation-store.ts';

const NOW = Date.parse('2026-03-02T10:30:00Z');
const HOUR = hours(1);

/** Products 1 and 2 are Ann's, 3 and 4 Acme's; 9 is gone. */
const OWNERS = [
  [1, 'user', 'ann'],
  [2, 'user', 'ann'],
  [3, 'organization', 'acme'],
  [4, 'organization', 'acme'],
] as const;
const PLACES: readonly { place: OperationPlace; has(ownerId: string, productId: number): boolean }[] = [
  {
    place: { of: 'user', userId: 'ann' },
    has: (ownerId, productId) => (productId === 0 ? ownerId === 'ann' : productId <= 2),
  },
  { place: { of: 'user', userId: 'bob' }, has: (ownerId, productId) => productId === 0 && ownerId === 'bob' },
  { place: { of: 'product', productId: 1 }, has: (_, productId) => productId === 1 },
  { place: { of: 'organization', organizationId: 'acme' }, has: (_, productId) => productId === 3 || productId === 4 },
  { place: { of: 'organization', organizationId: 'ann' }, has: () => false },
];

const count = fc.record({
  hour: fc.integer({ min: 0, max: 24 * 70 }).map((back) => beginOf('hour', NOW) - back * HOUR),
  owner_id: fc.constantFrom('', 'ann', 'bob', 'carl'),
  product_id: fc.constantFrom(0, 1, 2, 3, 4, 9),
  device_id: fc.constantFrom('', 'aaaaaaaaaaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbbbbbbbbbb'),
  kind: fc.constantFrom('publish' as const, 'subscribe' as const, 'variable' as const),
  count: fc.integer({ min: 1, max: 2 ** 40 }),
});
const counts = fc.uniqueArray(count, {
  maxLength: 60,
  selector: (row) => [row.hour, row.owner_id, row.product_id, row.device_id, row.kind].join(),
});
const queries = fc.record({
  back: fc.tuple(fc.nat(24 * 70), fc.nat(24 * 70)),
  by: fc.constantFrom('hour' as const, 'day' as const, 'month' as const),
  group: fc.constantFrom('kind' as const, 'device' as const, 'product' as const),
  limit: fc.integer({ min: 1, max: 9 }),
});

describeStores('listOperations', (open) => {
  async function setUp() {
    const clock = new VirtualClock();
    clock.advance(NOW - clock.now());
    const store = await open();
    const row = { description: '', settings: '{}', platform_id: 13, created_at: 0, updated_at: 0 };
    await store.db
      .insertInto('products')
      .values(
        OWNERS.map(([id, owner_kind, owner_id]) => {
          const name = `product-${id}`;
          return { ...row, id, owner_kind, owner_id, name, name_key: name, slug: name };
        }),
      )
      .execute();
    return { store, ctx: { store, clock } };
  }

  const everyPage = async (
    ctx: { store: Store; clock: VirtualClock },
    place: OperationPlace,
    query: OperationQuery,
  ) => {
    const sums: (readonly [number, string, number])[] = [];
    let after: string | undefined;
    for (let pages = 0; pages < 1000; pages++) {
      const page = await listOperations(ctx, place, { ...query, after });
      expect(page.sums.length).toBeLessThanOrEqual(query.limit);
      sums.push(...page.sums.map((sum) => [sum.time, sum.key, sum.count] as const));
      if (page.next === null) return sums;
      expect(page.sums).toHaveLength(query.limit);
      after = page.next;
    }
    throw new Error('the pages never end');
  };

  it('adds up what the place had, as a model does, page by page', async () => {
    const { store, ctx } = await setUp();
    await fc.assert(
      fc.asyncProperty(counts, queries, async (rows, { back, by, group, limit }) => {
        await store.db.deleteFrom('data_operations').execute();
        if (rows.length > 0) await store.db.insertInto('data_operations').values(rows).execute();
        const to = NOW - Math.min(...back) * HOUR;
        const from = Math.max(NOW - Math.max(...back) * HOUR, by === 'hour' ? to - days(2) : 0);
        for (const { place, has } of PLACES) {
          const sums = new Map<string, [number, string, number]>();
          for (const row of rows) {
            if (row.hour + HOUR <= from || row.hour >= to || !has(row.owner_id, row.product_id)) continue;
            const key = String({ kind: row.kind, device: row.device_id, product: row.product_id }[group]);
            const time = beginOf(by, row.hour);
            const sum = sums.get(`${time} ${key}`) ?? [time, key, 0];
            sum[2] += row.count;
            sums.set(`${time} ${key}`, sum);
          }
          const expected = [...sums.values()].sort(([a, one], [b, other]) => a - b || (one < other ? -1 : 1));
          expect(await everyPage(ctx, place, { from, to, by, group, limit })).toEqual(expected);
        }
      }),
      { numRuns: store.engine === 'sqlite' ? 25 : 10 },
    );
  }, 60_000);

  it('begins with the month and ends with this hour when nothing is said, and tells so', async () => {
    const { ctx } = await setUp();
    const place = { of: 'product', productId: 1 } as const;
    expect(await listOperations(ctx, place, { by: 'day', group: 'kind', limit: 1 })).toEqual({
      start: Date.parse('2026-03-01T00:00:00Z'),
      end: Date.parse('2026-03-02T11:00:00Z'),
      sums: [],
      next: null,
    });
  });

  it.each([
    ['from after to', { from: NOW, to: NOW - 1 }],
    ['years', { from: NOW - days(401), to: NOW }],
    ['too many hours', { from: NOW - days(32), to: NOW, by: 'hour' as const }],
    ['before 1970', { from: -1, to: 1 }],
    ['a cursor of nobody', { after: 'yesterday' }],
    ['a long cursor', { after: `1:${'a'.repeat(41)}` }],
  ])('refuses %s', async (_what, query) => {
    const { ctx } = await setUp();
    const asked = listOperations(
      ctx,
      { of: 'product', productId: 1 },
      { by: 'day', group: 'kind', limit: 1, ...query },
    );
    await expect(asked).rejects.toMatchObject({ kind: 'invalid', code: 'invalid_request' });
  });
});
