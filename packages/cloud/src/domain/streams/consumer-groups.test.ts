import { seconds, silentLogger } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Store, StoredEvent } from '../../store/index.ts';
import type { StreamFilter } from '../events/index.ts';
import { productChanges } from '../products/index.ts';
import type { GroupKey } from './consumer-group.ts';
import { ConsumerGroups } from './consumer-groups.ts';
import type { RunningFeed } from './event-reader.ts';
import { FakeReader } from './fake-reader.ts';
import { nextTurns, testLog } from './test-log.ts';

const ANN: StreamFilter = { place: { kind: 'owner', id: 'ann' } };
const KEY: GroupKey = { place: ANN.place, name: 'billing' };

const ids = (events: readonly StoredEvent[]) => events.map(({ sequence }) => sequence);

describeStores('consumer groups', (open) => {
  let store: Store;
  let clock: VirtualClock;
  let log: ReturnType<typeof testLog>;
  let groups: ConsumerGroups;

  beforeEach(async () => {
    clock = new VirtualClock();
    store = await open();
    log = testLog(store);
    groups = newGroups();
  });

  const newGroups = () => new ConsumerGroups({ store, hub: log.hub, clock, log: silentLogger }, log.bus);
  const publish = (count: number, fields = {}) => Promise.all(Array.from({ length: count }, () => log.publish(fields)));
  const join = async (
    mode: 'auto' | 'explicit' = 'explicit',
    { key = KEY, filter = ANN, by = groups, after }: JoinOptions = {},
  ) => {
    const reader = new FakeReader();
    const feed = await by.feed(key, filter, { mode, ...(after !== undefined && { after }) });
    const running = feed(reader);
    await nextTurns();
    return { reader, running, leave: () => running.stop() };
  };

  it('give each event to one reader', async () => {
    const [one, two, three] = [await join(), await join(), await join()];
    await publish(90);
    const readers = [one, two, three].map(({ reader }) => reader);
    await vi.waitFor(() => expect(readers.flatMap(({ events }) => events)).toHaveLength(90));
    expect(readers.map(({ events }) => events.length)).toEqual([30, 30, 30]);
    expect(new Set(readers.flatMap(({ events }) => ids(events))).size).toBe(90);
    expect(await groups.get(KEY)).toMatchObject({ readers: 3, lag: 90 });
  });

  it('give what a reader has not acknowledged to another when it goes', async () => {
    const one = await join();
    const stored = await publish(10);
    await vi.waitFor(() => expect(one.reader.events).toHaveLength(10));
    const two = await join();
    expect(await groups.acknowledge(KEY, ids(stored).slice(0, 4))).toBe(4);
    one.leave();
    await vi.waitFor(() => expect(ids(two.reader.events)).toEqual(ids(stored).slice(4)));
    // The acknowledgement of a reader that has gone counts, too, and once.
    expect(await groups.acknowledge(KEY, ids(stored))).toBe(6);
    expect(await groups.acknowledge(KEY, ids(stored))).toBe(0);
    expect(await groups.get(KEY)).toMatchObject({ cursor: stored.at(-1)?.sequence, unacknowledged: [], lag: 0 });
  });

  it('go on in another process where they were, holes and all', async () => {
    const one = await join();
    const stored = await publish(20);
    await vi.waitFor(() => expect(one.reader.events).toHaveLength(20));
    const [first, ...rest] = ids(stored);
    await groups.acknowledge(KEY, rest.slice(3, 10));
    const later = newGroups();
    const two = await join('explicit', { by: later });
    const due = [first, ...rest.slice(0, 3), ...rest.slice(10)];
    await vi.waitFor(() => expect(ids(two.reader.events)).toEqual(due));
    expect(await later.get(KEY)).toMatchObject({ cursor: (first ?? 0) - 1, lag: due.length });
    await later.close();
  });

  it('keep what happens while nobody reads', async () => {
    const one = await join();
    one.leave();
    const stored = await publish(5);
    expect(await groups.get(KEY)).toMatchObject({ readers: 0, lag: 5 });
    const two = await join();
    await vi.waitFor(() => expect(ids(two.reader.events)).toEqual(ids(stored)));
  });

  it('begin where they are told to, and ever after where they stand', async () => {
    const stored = await publish(3);
    const one = await join('explicit', { after: stored[0]?.sequence });
    await vi.waitFor(() => expect(ids(one.reader.events)).toEqual(ids(stored).slice(1)));
    await groups.acknowledge(KEY, ids(stored));
    const two = await join('explicit', { after: 0 });
    await publish(1, { name: 'new' });
    await vi.waitFor(() => expect([...one.reader.names, ...two.reader.names]).toEqual(['n', 'n', 'new']));
    await expect(groups.feed({ ...KEY, name: 'x' }, ANN, { mode: 'auto', after: 1e9 })).rejects.toMatchObject({
      code: 'event.unknown_id',
    });
    await expect(groups.get({ ...KEY, name: 'x' })).rejects.toMatchObject({ code: 'event_group.not_found' });
  });

  it('give a reader no more than it may hold unacknowledged, in number and in bytes', async () => {
    const one = await join();
    const stored = await publish(1100);
    await vi.waitFor(() => expect(one.reader.events).toHaveLength(1000));
    await nextTurns();
    expect(one.reader.events).toHaveLength(1000);
    await groups.acknowledge(KEY, ids(stored).slice(0, 50));
    await vi.waitFor(() => expect(one.reader.events).toHaveLength(1050));
    await groups.reset(KEY, stored.at(-1)?.sequence ?? 0);
    await publish(100, { data: Buffer.alloc(15_900) });
    const most = 1050 + Math.ceil(1_048_576 / 16_000);
    await vi.waitFor(() => expect(one.reader.events).toHaveLength(most));
    await nextTurns();
    expect(one.reader.events).toHaveLength(most);
  });

  it('wait for a connection that takes nothing, and go on with the others', async () => {
    const [slow, quick] = [await join('auto'), await join('auto')];
    slow.reader.bytesEach = 300_000;
    await publish(10);
    await vi.waitFor(() => expect(quick.reader.events).toHaveLength(9));
    expect(slow.reader.events).toHaveLength(1);
    slow.reader.bytesEach = 0;
    slow.reader.drain();
    await publish(10);
    await vi.waitFor(() => expect(slow.reader.events.length).toBeGreaterThan(5));
  });

  describe('in the mode auto', () => {
    it('acknowledge what a connection has taken and still stands a moment later', async () => {
      const one = await join('auto');
      await publish(3);
      await vi.waitFor(() => expect(one.reader.events).toHaveLength(3));
      clock.advance(seconds(1));
      expect(await groups.get(KEY)).toMatchObject({ lag: 3 });
      clock.advance(seconds(1));
      expect(await groups.get(KEY)).toMatchObject({ lag: 0 });
      expect(clock.pending).toBe(0);
      const later = newGroups();
      await vi.waitFor(async () => expect(await later.get(KEY)).toMatchObject({ lag: 0 }));
    });

    it('acknowledge nothing that a connection has not taken, or that broke before', async () => {
      const one = await join('auto');
      one.reader.bytesEach = 10;
      await publish(3);
      await vi.waitFor(() => expect(one.reader.events).toHaveLength(3));
      clock.advance(seconds(10));
      expect(await groups.get(KEY)).toMatchObject({ lag: 3 });
      one.reader.drain();
      clock.advance(seconds(1));
      one.leave();
      const two = await join('auto');
      await vi.waitFor(() => expect(two.reader.events).toHaveLength(3));
    });
  });

  it('go back and forth', async () => {
    const one = await join();
    const stored = await publish(6);
    await vi.waitFor(() => expect(one.reader.events).toHaveLength(6));
    const [, , third, , fifth] = ids(stored);
    expect(await groups.reset(KEY, third ?? 0)).toMatchObject({ cursor: third, lag: 3 });
    await vi.waitFor(() => expect(ids(one.reader.events).slice(6)).toEqual(ids(stored).slice(3)));
    await groups.reset(KEY, fifth ?? 0);
    await vi.waitFor(() => expect(ids(one.reader.events).slice(9)).toEqual(ids(stored).slice(5)));
    expect(await groups.acknowledge(KEY, ids(stored))).toBe(1);
    await expect(groups.reset(KEY, 1e9)).rejects.toMatchObject({ code: 'event.unknown_id' });
    await expect(groups.reset({ ...KEY, name: 'x' }, 0)).rejects.toMatchObject({ code: 'event_group.not_found' });
  });

  it('end their readers when they are deleted, and begin anew', async () => {
    const one = await join();
    await publish(2);
    await groups.remove(KEY);
    expect(one.reader.ending).toBe('closed: the consumer group was deleted');
    one.leave();
    await expect(groups.remove(KEY)).rejects.toMatchObject({ code: 'event_group.not_found' });
    await expect(groups.acknowledge(KEY, [1])).rejects.toMatchObject({ code: 'event_group.not_found' });
    const two = await join();
    const stored = await publish(1);
    await vi.waitFor(() => expect(ids(two.reader.events)).toEqual(ids(stored)));
  });

  it('are apart by place, and of one filter each', async () => {
    const bob: GroupKey = { place: { kind: 'owner', id: 'bob' }, name: 'billing' };
    const mine = await join();
    const theirs = await join('explicit', { key: bob, filter: { place: bob.place } });
    await publish(2);
    await publish(1, { ownerId: 'bob', name: 'bobs' });
    await vi.waitFor(() => expect([mine.reader.names, theirs.reader.names]).toEqual([['n', 'n'], ['bobs']]));
    expect((await groups.list(bob.place)).map(({ name, lag }) => [name, lag])).toEqual([['billing', 1]]);
    await expect(groups.feed(KEY, { ...ANN, namePrefix: 'n' }, { mode: 'auto' })).rejects.toMatchObject({
      code: 'event_group.other_filter',
    });
    await expect(groups.feed(KEY, { ...ANN, namePrefix: '' }, { mode: 'auto' })).resolves.toBeDefined();
  });

  it('are at most 100 in a place, with 32 readers each', async () => {
    const readers = await Promise.all(Array.from({ length: 32 }, () => join()));
    await expect(groups.feed(KEY, ANN, { mode: 'auto' })).rejects.toMatchObject({ kind: 'limit_exceeded' });
    readers[0]?.leave();
    await join();
    for (let count = 1; count < 100; count++) await groups.feed({ ...KEY, name: `g${count}` }, ANN, { mode: 'auto' });
    await expect(groups.feed({ ...KEY, name: 'more' }, ANN, { mode: 'auto' })).rejects.toMatchObject({
      code: 'event_group.too_many',
    });
    expect(await groups.list(KEY.place)).toHaveLength(100);
  });

  it('end with their product, and when their account is gone', async () => {
    const product: GroupKey = { place: { kind: 'product', id: 1001 }, name: 'g' };
    const one = await join('auto', { key: product, filter: { place: product.place } });
    log.bus.publish(productChanges, { productId: 1001, what: 'removed' });
    await vi.waitFor(() => expect(one.reader.ending).toBe('closed: the consumer group was deleted'));
    expect(await groups.list(product.place)).toEqual([]);
    (await join()).leave();
    await groups.tidy();
    expect(await groups.list(KEY.place)).toEqual([]);
  });

  it('drop events that grew too old to be read again', async () => {
    const one = await join();
    const stored = await publish(4);
    await vi.waitFor(() => expect(one.reader.events).toHaveLength(4));
    one.leave();
    const [, second] = ids(stored);
    await store.db
      .deleteFrom('events')
      .where('sequence', '<=', second ?? 0)
      .execute();
    const two = await join();
    await vi.waitFor(() => expect(ids(two.reader.events)).toEqual(ids(stored).slice(2)));
    expect(await groups.get(KEY)).toMatchObject({ cursor: second, lag: 2 });
  });

  it('say when an acknowledgement could not be kept, and keep it when it comes again', async () => {
    const one = await join();
    const stored = await publish(2);
    await vi.waitFor(() => expect(one.reader.events).toHaveLength(2));
    await store.db.schema.alterTable('consumer_groups').renameTo('away').execute();
    await expect(groups.acknowledge(KEY, ids(stored))).rejects.toThrow();
    await store.db.schema
      .alterTable('away' as 'consumer_groups')
      .renameTo('consumer_groups')
      .execute();
    expect(await groups.acknowledge(KEY, ids(stored))).toBe(0);
    expect(await newGroups().get(KEY)).toMatchObject({ lag: 0 });
  });

  it('lose none and acknowledge each once, whatever readers and servers do', async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 1, max: 30 }).map((count) => ({ kind: 'publish' as const, count })) },
      { weight: 3, arbitrary: fc.nat(3).map((who) => ({ kind: 'join' as const, who })) },
      { weight: 2, arbitrary: fc.nat(3).map((who) => ({ kind: 'leave' as const, who })) },
      { weight: 4, arbitrary: fc.nat(3).map((who) => ({ kind: 'acknowledge' as const, who })) },
      { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
    );
    let run = 0;
    const check = async (steps: readonly Step[]) => {
      const key = { ...KEY, name: `run-${run++}` };
      let by = newGroups();
      const readers = new Map<number, { reader: FakeReader; running: RunningFeed }>();
      const published: number[] = [];
      const seen = new Set<number>();
      let acknowledged = 0;
      const enter = async (who: number) => {
        if (!readers.has(who)) readers.set(who, await join('explicit', { key, by }));
      };
      const leave = (who: number) => {
        readers.get(who)?.running.stop();
        readers.delete(who);
      };
      const acknowledge = async (who: number) => {
        const got = ids(readers.get(who)?.reader.events.splice(0) ?? []);
        for (const id of got) seen.add(id);
        acknowledged += await by.acknowledge(key, got);
      };
      await enter(0);
      for (const one of steps) {
        if (one.kind === 'publish') published.push(...ids(await publish(one.count)));
        else if (one.kind === 'join') await enter(one.who);
        else if (one.kind === 'leave') leave(one.who);
        else if (one.kind === 'acknowledge') await acknowledge(one.who);
        else {
          for (const who of [...readers.keys()]) leave(who);
          await by.close();
          by = newGroups();
        }
      }
      await enter(0);
      await vi.waitFor(async () => {
        for (const who of readers.keys()) await acknowledge(who);
        expect(seen.size).toBe(published.length);
      });
      expect([...seen].sort((a, b) => a - b)).toEqual(published);
      expect(acknowledged).toBe(published.length);
      expect(await by.get(key)).toMatchObject({ lag: 0 });
      await by.remove(key);
      for (const who of [...readers.keys()]) leave(who);
      await by.close();
    };
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 25 }), check), { numRuns: 15 });
  });
});

interface JoinOptions {
  readonly key?: GroupKey;
  readonly filter?: StreamFilter;
  readonly by?: ConsumerGroups;
  readonly after?: number | undefined;
}

type Step =
  | { readonly kind: 'publish'; readonly count: number }
  | { readonly kind: 'join' | 'leave' | 'acknowledge'; readonly who: number }
  | { readonly kind: 'restart' };
