import { describeStores } from '@cloudchamber/testkit';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import type { NewEvent } from './event-log.ts';
import type { Store } from './store.ts';

const OWNER = 'a'.repeat(24);
const DEVICE = 'd'.repeat(24);
const HOUR = 3_600_000;
const NOON = 1_767_225_600_000;

const event = (fields: Partial<NewEvent> = {}): NewEvent => ({
  ownerId: OWNER,
  productId: 7,
  deviceId: DEVICE,
  publisher: DEVICE,
  name: 'weather',
  data: null,
  contentFormat: 0,
  ttlSeconds: 60,
  publishedAt: NOON,
  ...fields,
});

const counts = (store: Store) =>
  store.db.selectFrom('data_operations').selectAll().orderBy('kind').orderBy('hour').orderBy('owner_id').execute();

describeStores('what is committed with events', (open) => {
  it('owes an event to every integration that it names, in order, due at once', async () => {
    const store = await open();
    const [first, none, second] = await Promise.all([
      store.events.append(event({ deliveries: ['one', 'two'] })),
      store.events.append(event()),
      store.events.append(event({ deliveries: ['two'], publishedAt: NOON + 5 })),
    ]);
    const owed = await store.db.selectFrom('deliveries').selectAll().orderBy('id').execute();
    const at = (ms: number) => ({ created_at: ms, due_at: ms, attempts: 0, last_error: null });
    expect(owed).toMatchObject([
      { integration_id: 'one', event_sequence: first?.sequence, ...at(NOON) },
      { integration_id: 'two', event_sequence: first?.sequence, ...at(NOON) },
      { integration_id: 'two', event_sequence: second?.sequence, ...at(NOON + 5) },
    ]);
    expect(none).toBeDefined();
  });

  it('counts publishes by hour, owner, product and device', async () => {
    const store = await open();
    const publishes = [
      event({ counted: true }),
      event({ counted: true, publishedAt: NOON + HOUR - 1 }),
      event({ counted: true, publishedAt: NOON + HOUR }),
      event({ counted: true, ownerId: null, productId: null, deviceId: null }),
      event({ counted: false }),
      event(),
    ];
    await Promise.all(publishes.map((each) => store.events.append(each)));
    await store.events.append(event({ counted: true }));
    const key = { product_id: 7, device_id: DEVICE, kind: 'publish' };
    expect(await counts(store)).toEqual([
      { owner_id: '', product_id: 0, device_id: '', kind: 'publish', hour: NOON, count: 1 },
      { owner_id: OWNER, ...key, hour: NOON, count: 3 },
      { owner_id: OWNER, ...key, hour: NOON + HOUR, count: 1 },
    ]);
  });

  it('counts what no event carries, alone and beside events', async () => {
    const store = await open();
    const call = { kind: 'function', ownerId: OWNER, productId: null, deviceId: DEVICE, at: NOON } as const;
    await store.operations.count(call);
    await Promise.all([
      store.operations.count(call),
      store.events.append(event({ counted: true })),
      store.operations.count({ ...call, kind: 'variable' }),
      store.operations.count(call),
    ]);
    expect((await counts(store)).map(({ kind, count }) => [kind, count])).toEqual([
      ['function', 3],
      ['publish', 1],
      ['variable', 1],
    ]);
  });

  it('neither counts nor owes an event that the store refuses, and does so for its neighbours', async () => {
    const store = await open();
    const bad = event({ counted: true, deliveries: ['one'], publisher: null as unknown as string });
    const good = event({ counted: true, deliveries: ['one'] });
    const results = await Promise.allSettled([good, bad, good].map((each) => store.events.append(each)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const stored = await store.events.read({ limit: 10 });
    const owed = await store.db.selectFrom('deliveries').select('event_sequence').orderBy('id').execute();
    expect(owed.map((row) => row.event_sequence)).toEqual(stored.map(({ sequence }) => sequence));
    expect((await counts(store)).map(({ count }) => count)).toEqual([2]);
  });

  it('keeps nothing of a commit that failed, and counts with the next what waited', async () => {
    const store = await open();
    const call = { kind: 'function', ownerId: OWNER, productId: null, deviceId: DEVICE, at: NOON } as const;
    await sql`alter table data_operations rename to data_operations_away`.execute(store.db);
    const failed = await Promise.allSettled([
      store.operations.count(call),
      store.events.append(event({ counted: true, deliveries: ['one'] })),
    ]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await sql`alter table data_operations_away rename to data_operations`.execute(store.db);
    expect(await store.events.read({ limit: 10 })).toEqual([]);
    expect(await store.db.selectFrom('deliveries').selectAll().execute()).toEqual([]);
    await store.operations.count(call);
    expect((await counts(store)).map(({ kind, count }) => [kind, count])).toEqual([['function', 2]]);
  });
});
