import { days, hours, type LogFields, minutes, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import { expect, it } from 'vitest';
import type { NewEvent } from '../../store/index.ts';
import { type EventBounds, EventPruner } from './event-pruner.ts';
import { setRetention } from './retention.ts';
import { findChosenDays, type RetentionPlace } from './retention-store.ts';
import { addAccount, addCustomer, addProduct, newEvent } from './test-history.ts';

const [ANN, BOB, CUSTOMER] = ['a'.repeat(24), 'b'.repeat(24), 'c'.repeat(24)] as const;
const PRODUCT = 1001;
const PLENTY: EventBounds = { days: 30, bytes: 1e12 };

describeStores('EventPruner', (open) => {
  async function setUp() {
    const clock = new VirtualClock();
    // The store keeps the real clock: commits of many events are spaced by it.
    const store = await open();
    await addAccount(store, ANN);
    await addAccount(store, BOB);
    await addProduct(store, PRODUCT, { kind: 'user', id: BOB });
    await addCustomer(store, CUSTOMER, PRODUCT);
    const lines: [string, LogFields][] = [];
    const note = (fields: LogFields, message: string) => void lines.push([message, fields]);
    const ctx = { store, clock, log: { ...silentLogger, error: note } };
    const add = (fields: Partial<NewEvent>, age = 0) =>
      store.events.append(newEvent({ publishedAt: clock.now() - days(age), ...fields }));
    const kept = async () =>
      (await store.db.selectFrom('events').select('name').orderBy('sequence').execute()).map(({ name }) => name);
    const prune = async (bounds = PLENTY) => {
      const pruner = new EventPruner(ctx, bounds);
      await expect.poll(() => clock.pending).toBe(1);
      await pruner.close();
      return pruner.deleted;
    };
    const choose = (place: RetentionPlace, chosen: number | null) => setRetention(ctx, place, chosen, 30);
    return { store, clock, ctx, lines, add, kept, prune, choose };
  }

  it('deletes what is older than the server keeps, and looks every minute', async () => {
    const { ctx, clock, add, kept } = await setUp();
    await add({ name: 'old' }, 30.1);
    await add({ name: 'young' }, 29.9);
    await add({ name: 'new' });
    const pruner = new EventPruner(ctx, PLENTY);
    await expect.poll(() => clock.pending).toBe(1);
    expect(await kept()).toEqual(['young', 'new']);
    clock.advance(hours(3));
    await expect
      .poll(async () => {
        clock.advance(minutes(1));
        return kept();
      })
      .toEqual(['new']);
    expect(pruner.deleted).toEqual({ age: 2, choice: 0, size: 0 });
    await pruner.close();
  });

  it('keeps what is still to be delivered, and deletes it when it is not any more', async () => {
    const { store, add, kept, prune } = await setUp();
    await add({ name: 'gone' }, 40);
    await add({ name: 'waits', deliveries: ['one', 'two'] }, 40);
    await add({ name: 'failed', deliveries: ['two'] }, 40);
    await add({ name: 'gone too' }, 40);
    await add({ name: 'new' });
    const failed = await store.db.selectFrom('deliveries').select('id').orderBy('id', 'desc').limit(2).execute();
    await store.db
      .updateTable('deliveries')
      .set({ due_at: null })
      .where(
        'id',
        'in',
        failed.map(({ id }) => id),
      )
      .execute();
    expect(await prune()).toMatchObject({ age: 3 });
    expect(await kept()).toEqual(['waits', 'new']);
    expect(await prune({ days: 1, bytes: 1 })).toMatchObject({ age: 0, size: 1 });
    expect(await kept()).toEqual(['waits']);
    await store.db.deleteFrom('deliveries').execute();
    expect(await prune()).toMatchObject({ age: 1 });
    expect(await kept()).toEqual([]);
  });

  it('goes through many in small steps', async () => {
    const { store, add, kept, prune } = await setUp();
    await Promise.all(Array.from({ length: 3210 }, () => add({ name: 'old' }, 31)));
    await add({ name: 'new' });
    expect(await prune()).toMatchObject({ age: 3210 });
    expect(await kept()).toEqual(['new']);
    expect(await store.db.selectFrom('events').select('sequence').execute()).toHaveLength(1);
  });

  it('deletes what accounts and products have chosen not to keep, where nobody else keeps it', async () => {
    const { add, kept, prune, choose } = await setUp();
    const fill = async () => {
      for (const age of [9, 6, 3, 0]) {
        await add({ name: `ann ${age}`, ownerId: ANN }, age);
        await add({ name: `ann in product ${age}`, ownerId: ANN, productId: PRODUCT }, age);
        await add({ name: `bob ${age}`, ownerId: BOB }, age);
        await add({ name: `product ${age}`, productId: PRODUCT }, age);
        await add({ name: `customer ${age}`, ownerId: CUSTOMER, productId: PRODUCT }, age);
      }
    };
    const kinds = async () => {
      const names = await kept();
      return Object.fromEntries(
        ['ann', 'ann in product', 'bob', 'product', 'customer'].map((kind) => [
          kind,
          names.flatMap((name) => (name.replace(/ \d$/, '') === kind ? [Number(name.slice(-1))] : [])),
        ]),
      );
    };
    await fill();
    const all = [9, 6, 3, 0];
    await choose({ kind: 'user', id: ANN }, 1);
    await prune();
    expect(await kinds()).toEqual({ ann: [0], 'ann in product': all, bob: all, product: all, customer: all });
    await choose({ kind: 'product', id: PRODUCT }, 5);
    await prune();
    expect(await kinds()).toEqual({ ann: [0], 'ann in product': [3, 0], bob: all, product: [3, 0], customer: [3, 0] });
    // A choice that is made anew is carried out anew.
    await choose({ kind: 'product', id: PRODUCT }, 1);
    await choose({ kind: 'user', id: ANN }, null);
    await prune();
    expect(await kinds()).toEqual({ ann: [0], 'ann in product': [3, 0], bob: all, product: [0], customer: [0] });
  });

  it('carries a choice out as time goes on, every hour, also for what had to wait for its delivery', async () => {
    const { store, ctx, clock, add, kept, choose } = await setUp();
    await choose({ kind: 'user', id: ANN }, 2);
    await add({ name: 'first', ownerId: ANN, deliveries: ['one'] }, 3);
    await add({ name: 'second', ownerId: ANN }, 3);
    await add({ name: 'third', ownerId: ANN }, 1.9);
    await add({ name: 'fourth', ownerId: ANN });
    const pruner = new EventPruner(ctx, PLENTY);
    await expect.poll(() => clock.pending).toBe(1);
    expect(await kept()).toEqual(['first', 'third', 'fourth']);
    await store.db.deleteFrom('deliveries').execute();
    await expect
      .poll(async () => {
        clock.advance(minutes(30));
        return kept();
      })
      .toEqual(['fourth']);
    await pruner.close();
  });

  it('forgets the choices of accounts and products that are gone', async () => {
    const { store, prune, choose } = await setUp();
    const gone: readonly RetentionPlace[] = [
      { kind: 'user', id: 'e'.repeat(24) },
      { kind: 'product', id: 1999 },
    ];
    const there: readonly RetentionPlace[] = [
      { kind: 'user', id: ANN },
      { kind: 'product', id: PRODUCT },
    ];
    for (const place of [...gone, ...there]) await choose(place, 3);
    await prune();
    expect(await Promise.all(gone.map((place) => findChosenDays(store.db, place)))).toEqual([undefined, undefined]);
    expect(await Promise.all(there.map((place) => findChosenDays(store.db, place)))).toEqual([3, 3]);
  });

  it('drops the oldest where all take too much, and says so', async () => {
    const { lines, add, kept, prune } = await setUp();
    const data = new Uint8Array(10_000);
    for (let at = 0; at < 100; at++) await add({ name: `e${at}`, data });
    expect(await prune({ days: 30, bytes: 1_100_000 })).toMatchObject({ size: 0 });
    expect(lines).toEqual([]);
    const { size } = await prune({ days: 30, bytes: 500_000 });
    const left = await kept();
    expect(left).toHaveLength(100 - size);
    expect(left.at(0)).toBe(`e${size}`);
    expect(left.length).toBeGreaterThan(42);
    expect(left.length).toBeLessThan(49);
    expect(lines).toMatchObject([[expect.stringContaining('CHAMBER_EVENT_MAX_MB'), { dropped: size }]]);
  });

  it('measures a log with holes', async () => {
    const { store, ctx, clock, add } = await setUp();
    const stored = await Promise.all(
      Array.from({ length: 6000 }, () => add({ name: 'event', data: new Uint8Array(95) })),
    );
    const holes = stored.filter((_, at) => at % 3 !== 0 || (at > 1000 && at < 2000)).map(({ sequence }) => sequence);
    for (let at = 0; at < holes.length; at += 500) {
      await store.db
        .deleteFrom('events')
        .where('sequence', 'in', holes.slice(at, at + 500))
        .execute();
    }
    const left = 6000 - holes.length;
    const pruner = new EventPruner(ctx, PLENTY);
    await expect.poll(() => clock.pending).toBe(1);
    expect(pruner.size.events / left).toBeCloseTo(1, 1);
    expect(pruner.size.bytes / pruner.size.events).toBeCloseTo(store.engine === 'sqlite' ? 305 : 490, 0);
    await pruner.close();
  });
});
