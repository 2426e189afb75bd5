import { describeStores } from '@cloudchamber/testkit';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { NewEvent } from './event-log.ts';

const OWNER = 'a'.repeat(24);
const DEVICE = 'd'.repeat(24);

const event = (fields: Partial<NewEvent> = {}): NewEvent => ({
  ownerId: OWNER,
  productId: null,
  deviceId: DEVICE,
  publisher: DEVICE,
  name: 'weather',
  data: new TextEncoder().encode('{"temperature":21.5}'),
  contentFormat: 0,
  ttlSeconds: 60,
  publishedAt: 1_767_225_600_123,
  ...fields,
});

describeStores('event log', (open) => {
  it('shows an event with all its fields once append has resolved', async () => {
    const store = await open();
    const full = event({ productId: 7, contentFormat: 42, data: Uint8Array.of(0, 255, 1), name: 'päivä ☀' });
    const bare = event({ ownerId: null, deviceId: null, publisher: 'api', data: null });
    const empty = event({ data: new Uint8Array(0), contentFormat: 65_001 });
    const stored = await Promise.all([full, bare, empty].map((each) => store.events.append(each)));
    expect(stored).toMatchObject([full, bare, empty]);
    expect(await store.events.read({ limit: 10 })).toEqual(stored);
  });

  it('keeps the order of appends under concurrency, and loses none', async () => {
    const store = await open();
    const names = Array.from({ length: 5_000 }, (_, index) => `e${index}`);
    const stored = await Promise.all(names.map((name) => store.events.append(event({ name }))));
    const sequences = stored.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    expect(new Set(sequences).size).toBe(names.length);
    expect((await store.events.read({ limit: 10_000 })).map(({ name }) => name)).toEqual(names);
  });

  describe('read', () => {
    it('filters by owner, device and position, and stops at the limit', async () => {
      const store = await open();
      const stored = await Promise.all([
        store.events.append(event({ name: '1' })),
        store.events.append(event({ name: '2', ownerId: 'b'.repeat(24) })),
        store.events.append(event({ name: '3', deviceId: 'e'.repeat(24) })),
        store.events.append(event({ name: '4' })),
      ]);
      const names = async (query: Parameters<typeof store.events.read>[0]): Promise<string[]> =>
        (await store.events.read(query)).map(({ name }) => name);
      expect(await names({ limit: 10, ownerId: OWNER })).toEqual(['1', '3', '4']);
      expect(await names({ limit: 10, deviceId: DEVICE })).toEqual(['1', '2', '4']);
      expect(await names({ limit: 10, ownerId: OWNER, deviceId: DEVICE })).toEqual(['1', '4']);
      expect(await names({ limit: 10, afterSequence: stored[1]!.sequence })).toEqual(['3', '4']);
      expect(await names({ limit: 2 })).toEqual(['1', '2']);
    });

    it('takes a name prefix as it is: case matters, and % and _ mean themselves', async () => {
      const store = await open();
      const all = ['weather', 'weather/oulu', 'Weather', 'wea_ther', 'wea%', 'we', '☀️/day'];
      await Promise.all(all.map((name) => store.events.append(event({ name }))));
      for (const prefix of ['weather', 'wea', 'wea_', 'wea%', 'W', '☀️', '', 'none']) {
        const read = await store.events.read({ limit: 100, namePrefix: prefix });
        expect(read.map(({ name }) => name)).toEqual(all.filter((name) => name.startsWith(prefix)));
      }
    });
  });

  it('stores events that flow while a transaction fails, and nothing of the transaction', async () => {
    const store = await open();
    await sql`create table notes (text text not null)`.execute(store.db);
    const appended: Promise<unknown>[] = [];
    const failed = store.db.transaction().execute(async (transaction) => {
      for (let index = 0; index < 20; index++) {
        await sql`insert into notes (text) values (${`n${index}`})`.execute(transaction);
        appended.push(store.events.append(event({ name: `e${index}` })));
      }
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    await Promise.all(appended);
    expect(await store.events.read({ limit: 100 })).toHaveLength(20);
    expect((await sql`select * from notes`.execute(store.db)).rows).toEqual([]);
  });

  it('serves events and queries in turn while transactions follow one another', async () => {
    const store = await open();
    await sql`create table counters (value integer not null)`.execute(store.db);
    await sql`insert into counters (value) values (0)`.execute(store.db);
    const increments = Array.from({ length: 30 }, () =>
      store.db.transaction().execute(async (transaction) => {
        await sql`update counters set value = value + 1`.execute(transaction);
      }),
    );
    const events = Array.from({ length: 30 }, () => store.events.append(event()));
    await Promise.all([...increments, ...events]);
    expect((await sql<{ value: number }>`select value from counters`.execute(store.db)).rows).toEqual([{ value: 30 }]);
    expect(await store.events.read({ limit: 100 })).toHaveLength(30);
  });

  it('refuses an event that does not fit in the bounded queue, and stores the others', async () => {
    const store = await open({ eventLimits: { events: 10, bytes: 1e6 } });
    const results = await Promise.allSettled(Array.from({ length: 15 }, () => store.events.append(event())));
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(5);
    for (const result of refused) expect(result).toMatchObject({ reason: { code: 'event_log.full' } });
    expect(await store.events.read({ limit: 100 })).toHaveLength(10);
    await expect(store.events.append(event())).resolves.toMatchObject({ name: 'weather' });
  });

  it('refuses a row that no table takes, and keeps its neighbours', async () => {
    const store = await open();
    const unacceptable = event({ name: 'bad', publisher: null as unknown as string });
    const results = await Promise.allSettled(
      [event({ name: 'a' }), unacceptable, event({ name: 'b' }), event({ name: 'c' })].map((each) =>
        store.events.append(each),
      ),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'event_log.unavailable' } });
    const read = await store.events.read({ limit: 10 });
    expect(read.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    const sequences = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.sequence] : []));
    expect(read.map(({ sequence }) => sequence)).toEqual(sequences);
  });

  it('stores what waits before it closes, and refuses afterwards', async () => {
    const store = await open();
    const waiting = store.events.append(event());
    const closed = store.close();
    await expect(waiting).resolves.toMatchObject({ name: 'weather' });
    await closed;
    await expect(store.events.append(event())).rejects.toMatchObject({ code: 'event_log.unavailable' });
    await expect(store.check()).rejects.toThrow();
  });
});
