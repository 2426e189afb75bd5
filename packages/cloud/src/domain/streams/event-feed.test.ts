import { type DeviceId, silentLogger } from '@cloudchamber/kernel';
import { describeStores } from '@cloudchamber/testkit';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import type { Store, StoredEvent } from '../../store/index.ts';
import type { StreamFilter } from '../events/index.ts';
import { eventFeed } from './event-feed.ts';
import { FakeReader } from './fake-reader.ts';
import { nextTurns, testLog } from './test-log.ts';

const A = 'e00fce680000000000000001' as DeviceId;
const B = 'e00fce680000000000000002' as DeviceId;

/** Products 1001 and 1002 are of the organization acme, 1003 is of an account. */
async function addProducts(store: Store): Promise<void> {
  const product = (id: number) => ({ id, name: `${id}`, name_key: `${id}`, slug: `p${id}`, description: '' });
  const rest = { platform_id: 13, settings: '{}', created_at: 0, updated_at: 0 };
  for (const [id, owner_kind, owner_id] of [
    [1001, 'organization', 'acme'],
    [1002, 'organization', 'acme'],
    [1003, 'user', 'ann'],
  ] as const) {
    await store.db
      .insertInto('products')
      .values({ ...product(id), ...rest, owner_kind, owner_id })
      .execute();
  }
}

const FILTERS: readonly StreamFilter[] = [
  { place: { kind: 'owner', id: 'ann' } },
  { place: { kind: 'owner', id: 'ann' }, deviceId: A },
  { place: { kind: 'owner', id: 'ann' }, namePrefix: 'te_p' },
  { place: { kind: 'product', id: 1001 } },
  { place: { kind: 'product', id: 1003 }, deviceId: B, namePrefix: 'Te' },
  { place: { kind: 'organization', id: 'acme' } },
  { place: { kind: 'organization', id: 'acme' }, deviceId: A },
];

/** What the filter means, said without SQL and without the hub. */
function belongs({ place, deviceId, namePrefix = '' }: StreamFilter, event: StoredEvent): boolean {
  const placed = {
    owner: event.ownerId === place.id,
    product: event.productId === place.id,
    organization: place.id === 'acme' && (event.productId === 1001 || event.productId === 1002),
  };
  return placed[place.kind] && (deviceId ?? event.deviceId) === event.deviceId && event.name.startsWith(namePrefix);
}

/** A reader whose connection breaks now and then; it comes back with the last id that it has seen. */
class ReturningReader {
  readonly seen: StoredEvent[] = [];
  #reader = new FakeReader();
  #stop: () => void = () => {};
  #lastId: number;
  readonly #connect: (reader: FakeReader, after: number) => () => void;

  constructor(connect: (reader: FakeReader, after: number) => () => void, lastId: number) {
    this.#connect = connect;
    this.#lastId = lastId;
    this.comeBack();
  }

  /** Loses what is on its way behind `arrived` events. */
  cut(arrived: number): void {
    this.#stop();
    const got = this.#reader.events.slice(0, arrived);
    this.seen.push(...got);
    this.#lastId = got.at(-1)?.sequence ?? this.#lastId;
    this.#reader = new FakeReader();
  }

  comeBack(): void {
    this.#stop = this.#connect(this.#reader, this.#lastId);
  }

  drain(): void {
    this.#reader.drain();
  }

  slow(bytesEach: number): void {
    this.#reader.bytesEach = bytesEach;
  }

  get count(): number {
    return this.seen.length + this.#reader.events.length;
  }
}

describeStores('event feeds', (open) => {
  it('show each event once and in order, however often a reader is cut and comes back', async () => {
    const store = await open();
    await addProducts(store);
    const { hub, publish } = testLog(store);
    const parts = { store, hub, log: silentLogger };
    const published: StoredEvent[] = [];
    const event = fc.record({
      ownerId: fc.constantFrom('ann', 'ann', 'bob', null),
      productId: fc.constantFrom(null, 1001, 1002, 1003),
      deviceId: fc.constantFrom(null, A, B),
      name: fc.constantFrom('temp', 'te_p', 'te_p/x', 'Temp', 'te%p'),
    });
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.array(event, { minLength: 1, maxLength: 12 }).map((events) => ({ events })) },
      { weight: 3, arbitrary: fc.nat(FILTERS.length - 1).map((cut) => ({ cut })) },
      { weight: 3, arbitrary: fc.nat(FILTERS.length - 1).map((comeBack) => ({ comeBack })) },
      { weight: 1, arbitrary: fc.nat(FILTERS.length - 1).map((slow) => ({ slow })) },
      { weight: 2, arbitrary: fc.constant({ wait: true }) },
    );
    const run = async (steps: readonly Step[]) => {
      const begin = published.at(-1)?.sequence ?? 0;
      const running: Promise<unknown>[] = [];
      const readers = FILTERS.map((filter) => {
        const connect = (reader: FakeReader, after: number) => {
          const feed = eventFeed(parts, filter, after)(reader);
          return () => feed.stop();
        };
        return { filter, reader: new ReturningReader(connect, begin), away: false };
      });
      const at = (index: number) => readers[index] ?? expect.unreachable();
      const cut = (one: (typeof readers)[number], arrived: number) => {
        if (!one.away) one.reader.cut(arrived);
        one.away = true;
      };
      const comeBack = (one: (typeof readers)[number]) => {
        if (one.away) one.reader.comeBack();
        one.away = false;
      };
      for (const one of steps) {
        if ('events' in one) {
          running.push(...one.events.map(async (fields) => published.push(await publish(fields))));
        } else if ('cut' in one) cut(at(one.cut), one.cut * 3);
        else if ('comeBack' in one) comeBack(at(one.comeBack));
        else if ('slow' in one) at(one.slow).reader.slow(100_000);
        else await nextTurns();
      }
      await Promise.all(running);
      published.sort((a, b) => a.sequence - b.sequence);
      for (const one of readers) comeBack(one);
      for (const { filter, reader } of readers) {
        const due = published.filter((each) => each.sequence > begin && belongs(filter, each));
        await vi.waitFor(() => {
          reader.drain();
          expect(reader.count).toBe(due.length);
        });
        await nextTurns();
        reader.cut(Number.POSITIVE_INFINITY);
        expect(reader.seen.map(({ sequence }) => sequence)).toEqual(due.map(({ sequence }) => sequence));
      }
    };
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), run), {
      numRuns: store.engine === 'sqlite' ? 60 : 20,
    });
  });

  it('read on in the log while more happens than can be held back', async () => {
    const store = await open();
    const { hub, publish } = testLog(store);
    const first = await publish({ name: 'first' });
    await Promise.all(Array.from({ length: 60 }, () => publish({})));
    const reader = new FakeReader();
    reader.bytesEach = 300_000;
    const feed = eventFeed(
      { store, hub, log: silentLogger },
      { place: { kind: 'owner', id: 'ann' } },
      first.sequence,
    )(reader);
    await vi.waitFor(() => expect(reader.events).toHaveLength(1));
    expect(feed.position()).toBe(0);
    // More than the 500 that are held back, while the reader takes nothing.
    await Promise.all(Array.from({ length: 900 }, () => publish({ data: Buffer.alloc(200) })));
    await nextTurns();
    expect(reader.events).toHaveLength(1);
    reader.bytesEach = 0;
    await vi.waitFor(() => {
      reader.drain();
      expect(reader.events).toHaveLength(960);
    });
    const last = await publish({ name: 'last' });
    await vi.waitFor(() => expect(reader.events.at(-1)).toMatchObject({ name: 'last' }));
    const sequences = reader.events.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
    expect([sequences.length, feed.position()]).toEqual([961, last.sequence]);
    feed.stop();
  });

  it('say what is missing when the log does not reach back far enough', async () => {
    const store = await open();
    const { hub, publish } = testLog(store);
    const stored = [await publish({ name: 'one' }), await publish({ name: 'two' }), await publish({ name: 'three' })];
    const [one, two] = stored.map(({ sequence }) => sequence);
    await store.db
      .deleteFrom('events')
      .where('sequence', '<=', two ?? 0)
      .execute();
    const start = (after: number | undefined) => {
      const reader = new FakeReader();
      eventFeed({ store, hub, log: silentLogger }, { place: { kind: 'owner', id: 'ann' } }, after)(reader);
      return reader;
    };
    const late = start(one);
    const all = start(0);
    const upToDate = start(stored[2]?.sequence);
    await vi.waitFor(() => expect(late.names).toEqual(['three']));
    await vi.waitFor(() => expect(all.names).toEqual(['three']));
    expect(late.comments).toEqual([
      `missed: event ${one} is not kept any more, so later ones may be missing; the oldest event that is kept is ${stored[2]?.sequence}`,
    ]);
    expect([all.comments, upToDate.comments, upToDate.names]).toEqual([[], [], []]);
    await store.db.deleteFrom('events').execute();
    const empty = start(one);
    await vi.waitFor(() => expect(empty.comments).toHaveLength(1));
    await publish({ name: 'four' });
    await vi.waitFor(() => expect(empty.names).toEqual(['four']));
    expect(upToDate.names).toEqual(['four']);
  });

  it('take any prefix, and show nothing for one that no name has', async () => {
    const store = await open();
    const { hub, publish } = testLog(store);
    await publish({ name: 'a' });
    const readers = ['a\0', 'x'.repeat(65), "a' or 1=1", '☀'].map((namePrefix) => {
      const reader = new FakeReader();
      const filter = { place: { kind: 'owner', id: 'ann' }, namePrefix } as const;
      const feed = eventFeed({ store, hub, log: silentLogger }, filter, 0)(reader);
      return { reader, feed };
    });
    for (const { feed } of readers) await vi.waitFor(() => expect(feed.position()).toBeGreaterThan(0));
    expect(readers.map(({ reader }) => [reader.names, reader.ending])).toEqual(Array(4).fill([[], undefined]));
  });

  it('end when the log cannot be read', async () => {
    const store = await open();
    const { hub } = testLog(store);
    const reader = new FakeReader();
    await store.db.schema.alterTable('events').renameTo('events_away').execute();
    eventFeed({ store, hub, log: silentLogger }, { place: { kind: 'owner', id: 'ann' } }, 1)(reader);
    await vi.waitFor(() => expect(reader.ending).toMatch(/^closed: the event log cannot be read now/));
  });
});

type Step =
  | { readonly events: readonly Partial<StoredEvent>[] }
  | { readonly cut: number }
  | { readonly comeBack: number }
  | { readonly slow: number }
  | { readonly wait: boolean };
