import { type ByteWriter, systemClock } from '@cloudchamber/kernel';
import { VirtualClock } from '@cloudchamber/testkit';
import { describe, expect, it } from 'vitest';
import { type BatchCompany, type BatchOutcome, EventAppender } from './event-appender.ts';
import type { NewEvent } from './event-log.ts';
import type { MarkSource } from './session-marks.ts';

const event = (name: string, bytes = 0): NewEvent => ({
  ownerId: null,
  productId: null,
  deviceId: null,
  publisher: 'api',
  name,
  data: new Uint8Array(bytes),
  contentFormat: 0,
  ttlSeconds: 60,
  publishedAt: 0,
});

/** A store whose commits the test finishes by hand. */
class SlowStore {
  readonly batches: string[][] = [];
  #finish: { resolve(outcome: BatchOutcome): void; reject(error: Error): void } | undefined;
  #stored = 0;

  readonly write = (events: readonly NewEvent[]): Promise<BatchOutcome> => {
    this.batches.push(events.map(({ name }) => name));
    return new Promise((resolve, reject) => {
      this.#finish = { resolve, reject };
    });
  };

  async commit(): Promise<void> {
    const batch = this.batches.at(-1) ?? [];
    this.#finish?.resolve({ sequences: batch.map(() => ++this.#stored) });
    await turn();
  }

  async refuse(): Promise<void> {
    this.#finish?.reject(new Error('disk is full'));
    await turn();
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const roomy = { events: 1_000_000, bytes: 1e9 };

describe('EventAppender', () => {
  it('collects what arrives during a commit into the next batch', async () => {
    const store = new SlowStore();
    const appender = new EventAppender(store.write, roomy, systemClock);
    const first = [appender.append(event('a')), appender.append(event('b'))];
    await turn();
    const second = [appender.append(event('c')), appender.append(event('d'))];
    await turn();
    expect(store.batches).toEqual([['a', 'b']]);
    await store.commit();
    expect((await Promise.all(first)).map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(store.batches).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    await store.commit();
    expect((await Promise.all(second)).map(({ name, sequence }) => `${name}${sequence}`)).toEqual(['c3', 'd4']);
  });

  it('does not resolve before the commit', async () => {
    const store = new SlowStore();
    const appender = new EventAppender(store.write, roomy, systemClock);
    let resolved = false;
    const appended = appender.append(event('a')).then(() => {
      resolved = true;
    });
    await turn();
    expect(resolved).toBe(false);
    await store.commit();
    await appended;
    expect(resolved).toBe(true);
  });

  it('caps a batch at 2,000 events', async () => {
    const store = new SlowStore();
    const clock = new VirtualClock();
    const appender = new EventAppender(store.write, roomy, clock);
    const all = Promise.all(Array.from({ length: 4_500 }, (_, index) => appender.append(event(`e${index}`))));
    for (let batch = 0; batch < 3; batch++) {
      await clock.elapse(2);
      await store.commit();
    }
    const stored = await all;
    expect(store.batches.map((batch) => batch.length)).toEqual([2_000, 2_000, 500]);
    expect(stored.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 4_500 }, (_, index) => index + 1));
  });

  it('rejects the events of a failed batch and goes on with the next', async () => {
    const store = new SlowStore();
    const appender = new EventAppender(store.write, roomy, systemClock);
    const lost = appender.append(event('a'));
    await turn();
    const kept = appender.append(event('b'));
    const refused = expect(lost).rejects.toMatchObject({ code: 'event_log.unavailable' });
    await store.refuse();
    await refused;
    await store.commit();
    expect((await kept).sequence).toBe(1);
  });

  it('rejects only the event that the store refused', async () => {
    const appender = new EventAppender(
      async () => ({ sequences: [1, Number.NaN, 2], refusal: 'no name' }),
      roomy,
      systemClock,
    );
    const results = await Promise.allSettled(['a', 'b', 'c'].map((name) => appender.append(event(name))));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'event_log.unavailable', message: 'no name' } });
  });

  it('refuses when too many wait, counting those under way, and takes more once they are stored', async () => {
    const store = new SlowStore();
    const appender = new EventAppender(store.write, { events: 2, bytes: 1e9 }, systemClock);
    const held = [appender.append(event('a')), appender.append(event('b'))];
    await turn();
    await expect(appender.append(event('c'))).rejects.toMatchObject({ code: 'event_log.full' });
    await store.commit();
    await Promise.all(held);
    const next = appender.append(event('d'));
    await turn();
    await store.commit();
    expect((await next).sequence).toBe(3);
  });

  it('refuses when too many bytes wait, and frees them after a failure too', async () => {
    const store = new SlowStore();
    const appender = new EventAppender(store.write, { events: 1_000, bytes: 3_000 }, systemClock);
    const held = appender.append(event('a', 2_000));
    await expect(appender.append(event('b', 2_000))).rejects.toMatchObject({ code: 'event_log.full' });
    await turn();
    const refused = expect(held).rejects.toMatchObject({ code: 'event_log.unavailable' });
    await store.refuse();
    await refused;
    const next = appender.append(event('c', 2_000));
    await turn();
    await store.commit();
    expect((await next).name).toBe('c');
  });

  it('stores what waits before it closes, and refuses afterwards', async () => {
    const store = new SlowStore();
    const appender = new EventAppender(store.write, roomy, systemClock);
    const waiting = appender.append(event('a'));
    const closed = appender.close();
    await expect(appender.append(event('b'))).rejects.toMatchObject({ code: 'event_log.unavailable' });
    await turn();
    await store.commit();
    await closed;
    expect((await waiting).sequence).toBe(1);
  });

  it('spaces commits two milliseconds apart while they are busy, and never holds a lone event back', async () => {
    const store = new SlowStore();
    const clock = new VirtualClock();
    const appender = new EventAppender(store.write, roomy, clock);
    const busy = ['a', 'b', 'c', 'd'].map((name) => appender.append(event(name)));
    await turn();
    await store.commit();
    await Promise.all(busy);
    const next = appender.append(event('e'));
    await turn();
    expect(store.batches).toHaveLength(1);
    await clock.elapse(2);
    expect(store.batches.at(-1)).toEqual(['e']);
    await store.commit();
    await next;
    const lone = appender.append(event('f'));
    await turn();
    expect(store.batches.at(-1)).toEqual(['f']);
    await store.commit();
    await lone;
  });

  describe('the marks of sessions', () => {
    /** A session that writes how often it was asked, and notes when that was durable. */
    class Marked implements MarkSource {
      asked = 0;
      durable = 0;

      mark(writer: ByteWriter): void {
        this.asked += 1;
        writer.u8(this.asked);
      }

      marked(): void {
        this.durable = this.asked;
      }
    }

    /** A store whose commits the test finishes by hand, which keeps the marks of each. */
    function markedStore() {
      const written: (readonly number[])[] = [];
      const commits: PromiseWithResolvers<BatchOutcome>[] = [];
      const write = (events: readonly NewEvent[], { marks }: BatchCompany): Promise<BatchOutcome> => {
        const commit = Promise.withResolvers<BatchOutcome>();
        commits.push(commit);
        written.push([events.length, ...(marks ?? [])]);
        return commit.promise;
      };
      const appender = new EventAppender(write, roomy, systemClock);
      const commit = async (): Promise<void> => {
        const [events = 0] = written.at(-1) ?? [];
        commits
          .at(-1)
          ?.resolve({ sequences: Array.from({ length: events }, (_, at) => at), markSequence: written.length });
        await turn();
      };
      const refuse = async (): Promise<void> => {
        commits.at(-1)?.reject(new Error('disk is full'));
        await turn();
      };
      return { appender, written, commit, refuse };
    }

    it('are in the commit of an event that was appended after they were noted, once however often', async () => {
      const { appender, written, commit } = markedStore();
      const session = new Marked();
      appender.note(session);
      appender.note(session);
      const stored = appender.append(event('a'));
      await turn();
      expect(written).toEqual([[1, 1]]);
      expect(session.durable).toBe(0);
      await commit();
      await stored;
      expect([session.durable, appender.newest]).toEqual([1, 1]);
    });

    it('know of the events that are in the same commit', async () => {
      const { appender, written } = markedStore();
      const session = new Marked();
      appender.note(session);
      const entering = (): void => {
        session.asked = 40;
      };
      appender.append(event('a'), { entering, failed: () => {} }).catch(() => {});
      await turn();
      expect(written).toEqual([[1, 41]]);
    });

    it('are settled without any event, and what is noted during a commit with the next', async () => {
      const { appender, written, commit } = markedStore();
      const [one, other] = [new Marked(), new Marked()];
      appender.note(one);
      const first = appender.settled();
      await turn();
      appender.note(other);
      const second = appender.settled();
      await commit();
      await first;
      expect([one.durable, other.durable]).toEqual([1, 0]);
      await commit();
      await second;
      expect(other.durable).toBe(1);
      expect(written).toEqual([
        [0, 1],
        [0, 1],
      ]);
    });

    it('are settled at once when there is nothing to store, and with the commit under way when that has them', async () => {
      const { appender, commit } = markedStore();
      await appender.settled();
      appender.note(new Marked());
      const first = appender.settled();
      await turn();
      let settled = false;
      const second = appender.settled().then(() => {
        settled = true;
      });
      await turn();
      expect(settled).toBe(false);
      await commit();
      await Promise.all([first, second]);
    });

    it('of a failed commit stay noted, and its events are told', async () => {
      const { appender, written, commit, refuse } = markedStore();
      const session = new Marked();
      appender.note(session);
      let failed = 0;
      const failing = appender.append(event('a'), { entering: () => {}, failed: () => void failed++ });
      const unsettled = expect(appender.settled()).rejects.toMatchObject({ code: 'event_log.unavailable' });
      const refused = expect(failing).rejects.toMatchObject({ code: 'event_log.unavailable' });
      await turn();
      await refuse();
      await Promise.all([unsettled, refused]);
      expect([failed, session.durable]).toEqual([1, 0]);
      const again = appender.settled();
      await turn();
      await commit();
      await again;
      expect(written.at(-1)).toEqual([0, 2]);
      expect(session.durable).toBe(2);
    });

    it('are forgotten with their session, and stored when the store closes', async () => {
      const { appender, written, commit } = markedStore();
      const [over, alive] = [new Marked(), new Marked()];
      appender.note(over);
      appender.note(alive);
      appender.forget(over);
      const closed = appender.close();
      await turn();
      await commit();
      await closed;
      expect(written).toEqual([[0, 1]]);
      expect([over.asked, alive.durable]).toEqual([0, 1]);
      await expect(appender.settled()).rejects.toMatchObject({ code: 'event_log.unavailable' });
    });
  });
});
