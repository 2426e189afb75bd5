import { days, minutes, seconds } from '@cloudchamber/kernel';
import { describeStores, VirtualClock } from '@cloudchamber/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Store, StoredEvent } from '../../store/index.ts';
import type { HistoryPlace, HistoryView } from './history-view.ts';
import { queryHistory } from './query-history.ts';
import { chooseDays } from './retention-store.ts';
import { addAccount, addCustomer, addProduct, deviceId, newEvent } from './test-history.ts';

const OWNERS = ['a'.repeat(24), 'b'.repeat(24), 'c'.repeat(24)];
const CUSTOMER = OWNERS[2]!;
const ORGANIZATION = 'd'.repeat(24);
/** The first two belong to the organization. */
const PRODUCTS = [1001, 1002, 1003];
const NAMES = ['temp', 'temp/oulu', 'Temp', 'te_p', 'te%p', 'lamp', 'ö/päivä', 'a\\b'];
const DATA = [null, 'on', 'ON', '50%', 'a_b', 'tempered', 'päivä ☀', 'x\0y', '\\303', 'é', "'; drop table events --"];
const TEXTS = ['temp', 'TEMP', '%', '_', 'on', 'päivä', '303', '\\', "'", '\\303', 'y', 'nothing of it', 'É', '☀'];
const PREFIXES = ['', 't', 'temp', 'Temp', 'te_', 'te%', 'ö', 'a\\', 'none'];
const MOST_DAYS = 30;

const anEvent = fc.record({
  ownerId: fc.constantFrom(...OWNERS, null),
  productId: fc.constantFrom(...PRODUCTS, null),
  device: fc.integer({ min: 0, max: 3 }),
  name: fc.constantFrom(...NAMES),
  data: fc.constantFrom(...DATA),
  binary: fc.boolean(),
  /** After the one before it; negative for one that waited longer for its commit. */
  later: fc.integer({ min: -20_000, max: 120_000 }),
});

const aPlace: fc.Arbitrary<HistoryPlace> = fc.oneof(
  fc.constantFrom(...OWNERS).map((id) => ({ kind: 'owner' as const, id })),
  fc.constantFrom(...PRODUCTS).map((id) => ({ kind: 'product' as const, id })),
  fc.constantFrom(ORGANIZATION, 'f'.repeat(24)).map((id) => ({ kind: 'organization' as const, id })),
);

const optional = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: undefined, freq: 2 });

const aQuestion = fc.record({
  place: aPlace,
  device: optional(fc.integer({ min: 1, max: 4 })),
  /** In parts of the time that the events span. */
  from: optional(fc.double({ min: -0.1, max: 1.1, noNaN: true })),
  length: optional(fc.double({ min: 0, max: 1, noNaN: true })),
  namePrefix: optional(fc.constantFrom(...PREFIXES)),
  text: optional(fc.constantFrom(...TEXTS)),
  limit: fc.integer({ min: 1, max: 60 }),
  order: fc.constantFrom('asc' as const, 'desc' as const),
});

function inPlace(place: HistoryPlace, event: StoredEvent): boolean {
  if (place.kind === 'owner') return event.ownerId === place.id;
  if (place.kind === 'product') return event.productId === place.id;
  return place.id === ORGANIZATION && [PRODUCTS[0], PRODUCTS[1]].includes(event.productId ?? 0);
}

const asciiLower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function passes(view: HistoryView, event: StoredEvent): boolean {
  const { deviceId: device, from, to, namePrefix = '', text } = view;
  if (!inPlace(view.place, event) || (device !== undefined && event.deviceId !== device)) return false;
  if (event.publishedAt < (from ?? 0) || event.publishedAt > (to ?? Number.POSITIVE_INFINITY)) return false;
  if (!event.name.startsWith(namePrefix)) return false;
  if (text === undefined) return true;
  const looked = [event.name, event.data === null ? '' : Buffer.from(event.data).toString()];
  return looked.some((each) => asciiLower(each).includes(asciiLower(text)));
}

describeStores('queryHistory', (open) => {
  async function setUp(clock = new VirtualClock()) {
    // The store keeps the real clock: commits of many events are spaced by it.
    const store = await open();
    for (const [at, id] of PRODUCTS.entries()) {
      const owner =
        at < 2 ? { kind: 'organization' as const, id: ORGANIZATION } : { kind: 'user' as const, id: OWNERS[0]! };
      await addProduct(store, id, owner);
    }
    await addAccount(store, OWNERS[0]!);
    await addAccount(store, OWNERS[1]!);
    await addCustomer(store, CUSTOMER, PRODUCTS[0]!);
    return { store, clock, ctx: { store, clock } };
  }

  const append = async (
    store: Store,
    start: number,
    events: readonly (typeof anEvent extends fc.Arbitrary<infer T> ? T : never)[],
  ) => {
    let at = start;
    return Promise.all(
      events.map(({ device, data, binary, later, ...fields }) => {
        at = Math.max(start, at + later);
        const ofDevice = device === 0 ? {} : { deviceId: deviceId(device), publisher: deviceId(device) };
        const bytes = data === null ? null : new Uint8Array(Buffer.from(data));
        const format = binary && data !== null ? 42 : 0;
        return store.events.append(
          newEvent({ ...fields, ...ofDevice, data: bytes, contentFormat: format, publishedAt: at }),
        );
      }),
    );
  };

  it('shows what a plain list would, each event once, over any pages', async () => {
    const { store, clock, ctx } = await setUp();
    await fc.assert(
      fc.asyncProperty(
        fc.array(anEvent, { maxLength: 120 }),
        fc.array(aQuestion, { minLength: 1, maxLength: 8 }),
        async (events, questions) => {
          await store.db.deleteFrom('events').execute();
          const stored = await append(store, clock.now() - days(1), events);
          const begin = stored[0]?.publishedAt ?? 0;
          const span = Math.max(0, ...stored.map(({ publishedAt }) => publishedAt - begin));
          for (const { place, device, from, length, namePrefix, text, limit, order } of questions) {
            const first = from === undefined ? undefined : Math.round(begin + from * span);
            const view: HistoryView = {
              place,
              deviceId: device === undefined ? undefined : deviceId(device),
              from: first,
              to: length === undefined ? undefined : Math.round((first ?? begin) + length * span),
              namePrefix,
              text,
            };
            const expected = stored.filter((event) => passes(view, event));
            if (order === 'desc') expected.reverse();
            const shown: StoredEvent[] = [];
            for (let next: number | null | undefined; next !== null; ) {
              const page = { limit, order, ...(order === 'asc' ? { after: next } : { before: next }) };
              const result = await queryHistory(ctx, { view, page, mostDays: MOST_DAYS });
              expect(result.events.length).toBeLessThanOrEqual(limit);
              shown.push(...result.events);
              ({ next } = result);
            }
            expect(shown).toEqual(expected);
          }
        },
      ),
      { numRuns: store.engine === 'sqlite' ? 60 : 25 },
    );
  });

  it.each(['asc', 'desc'] as const)('shows each event once (%s) while others are added and deleted', async (order) => {
    const { store, clock, ctx } = await setUp();
    const place = { kind: 'owner' as const, id: OWNERS[0]! };
    let number = 0;
    const add = async () => {
      clock.advance(seconds(1));
      const event = newEvent({ ownerId: place.id, name: `e${number++}`, publishedAt: clock.now() });
      return (await store.events.append(event)).sequence;
    };
    const there: number[] = [];
    for (let at = 0; at < 90; at++) there.push(await add());
    const shown: number[] = [];
    for (let next: number | null | undefined; next !== null && shown.length < 200; ) {
      const page = { limit: 7, order, ...(order === 'asc' ? { after: next } : { before: next }) };
      const result = await queryHistory(ctx, { view: { place }, page, mostDays: MOST_DAYS });
      shown.push(...result.events.map(({ sequence }) => sequence));
      ({ next } = result);
      await store.db
        .deleteFrom('events')
        .where('sequence', '<', there[(3 + shown.length / 14) | 0]!)
        .execute();
      if (shown.length < 70) await add();
    }
    expect(new Set(shown).size).toBe(shown.length);
    // Nothing that was there all the time is missing.
    const kept = there.slice(12);
    expect(shown.filter((sequence) => kept.includes(sequence)).toSorted((a, b) => a - b)).toEqual(kept);
    expect(shown).toEqual(shown.toSorted((a, b) => (order === 'asc' ? a - b : b - a)));
  });

  it('looks at no more than it may, and says where it goes on', async () => {
    const { store, ctx, clock } = await setUp();
    const publishedAt = clock.now();
    const noise = Array.from({ length: 3000 }, (_, at) =>
      newEvent({ ownerId: OWNERS[0]!, name: `noise ${at}`, publishedAt }),
    );
    for (let round = 0; round < 40; round++) await Promise.all(noise.map((event) => store.events.append(event)));
    const needle = await store.events.append(newEvent({ ownerId: OWNERS[0]!, name: 'needle', publishedAt }));
    const view = { place: { kind: 'owner' as const, id: OWNERS[0]! }, text: 'needle' };
    const first = await queryHistory(ctx, { view, page: { limit: 10, order: 'asc' }, mostDays: MOST_DAYS });
    expect(first.events).toEqual([]);
    expect(first.next).toBeGreaterThan(99_000);
    const page = { limit: 10, order: 'asc' as const, after: first.next ?? 0 };
    expect(await queryHistory(ctx, { view, page, mostDays: MOST_DAYS })).toEqual({ events: [needle], next: null });
  });

  it('ends a page after four megabytes, and loses nothing', async () => {
    const { store, ctx, clock } = await setUp();
    const data = new Uint8Array(16_000).fill(97);
    const large = Array.from({ length: 600 }, () => newEvent({ ownerId: OWNERS[0]!, data, publishedAt: clock.now() }));
    await Promise.all(large.map((event) => store.events.append(event)));
    const view = { place: { kind: 'owner' as const, id: OWNERS[0]! } };
    const sizes: number[] = [];
    for (let after: number | null = 0; after !== null; ) {
      const result = await queryHistory(ctx, { view, page: { limit: 1000, order: 'asc', after }, mostDays: MOST_DAYS });
      sizes.push(result.events.length);
      after = result.next;
    }
    expect(sizes).toEqual([263, 263, 74]);
  });

  it('shows nothing older than the place keeps its events', async () => {
    const { store, ctx, clock } = await setUp();
    const ages = [40, 31, 20, 9, 4, 0];
    for (const age of ages) {
      const publishedAt = clock.now() - days(age);
      for (const ownerId of OWNERS) {
        for (const productId of PRODUCTS)
          await store.events.append(newEvent({ ownerId, productId, name: String(age), publishedAt }));
      }
    }
    await chooseDays(store.db, { kind: 'user', id: OWNERS[0]! }, 10);
    await chooseDays(store.db, { kind: 'product', id: PRODUCTS[0]! }, 5);
    await chooseDays(store.db, { kind: 'product', id: PRODUCTS[2]! }, 365);
    const seen = async (place: HistoryPlace, mostDays = MOST_DAYS) => {
      const { events } = await queryHistory(ctx, { view: { place }, page: { limit: 100, order: 'asc' }, mostDays });
      return events.map(({ name, productId }) => (place.kind === 'organization' ? `${productId} ${name}` : name));
    };
    const times = (count: number, names: readonly string[]) => names.flatMap((name) => Array(count).fill(name));
    expect(await seen({ kind: 'owner', id: OWNERS[0]! })).toEqual(times(3, ['9', '4', '0']));
    expect(await seen({ kind: 'owner', id: OWNERS[1]! })).toEqual(times(3, ['20', '9', '4', '0']));
    expect(await seen({ kind: 'owner', id: CUSTOMER })).toEqual(times(3, ['4', '0']));
    expect(await seen({ kind: 'product', id: PRODUCTS[0]! })).toEqual(times(3, ['4', '0']));
    expect(await seen({ kind: 'product', id: PRODUCTS[2]! })).toEqual(times(3, ['20', '9', '4', '0']));
    expect(await seen({ kind: 'product', id: PRODUCTS[2]! }, 3)).toEqual(times(3, ['0']));
    const organization = await seen({ kind: 'organization', id: ORGANIZATION });
    expect(organization.toSorted()).toEqual(
      times(3, ['1001 0', '1001 4', '1002 0', '1002 20', '1002 4', '1002 9']).toSorted(),
    );
  });

  it('finds events whose time is a little out of order', async () => {
    const { store, ctx, clock } = await setUp();
    const begin = clock.now() - days(3);
    const times = Array.from({ length: 400 }, (_, at) => begin + at * minutes(10) + (at % 3 === 0 ? -50_000 : 0));
    for (const publishedAt of times) await store.events.append(newEvent({ ownerId: OWNERS[0]!, publishedAt }));
    const from = begin + minutes(1995);
    const to = begin + minutes(3000);
    const view = { place: { kind: 'owner' as const, id: OWNERS[0]! }, from, to };
    const { events } = await queryHistory(ctx, { view, page: { limit: 1000, order: 'asc' }, mostDays: MOST_DAYS });
    expect(events.map(({ publishedAt }) => publishedAt)).toEqual(times.filter((time) => time >= from && time <= to));
  });

  it('refuses a time that ends before it begins, and answers an empty log', async () => {
    const { ctx } = await setUp();
    const place = { kind: 'product' as const, id: 1001 };
    const page = { limit: 1, order: 'desc' as const };
    await expect(queryHistory(ctx, { view: { place, from: 2, to: 1 }, page, mostDays: 1 })).rejects.toMatchObject({
      kind: 'invalid',
      code: 'invalid_request',
    });
    expect(await queryHistory(ctx, { view: { place }, page, mostDays: 1 })).toEqual({ events: [], next: null });
  });
});
