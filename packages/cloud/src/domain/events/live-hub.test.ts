import { type DeviceId, silentLogger } from '@cloudchamber/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InProcessBus } from '../../bus/index.ts';
import type { StoredEvent } from '../../store/index.ts';
import { liveEvents } from './live-events.ts';
import { LiveHub, passes, type StreamFilter } from './live-hub.ts';

const A = 'e00fce680000000000000001' as DeviceId;
const B = 'e00fce680000000000000002' as DeviceId;

/** The hub tells at the end of a turn. */
const nextTurn = async () => {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
};

function setUp() {
  const bus = new InProcessBus(silentLogger);
  /** Product 1001 is an organization's, and nobody has asked yet; 1002 is an account's. */
  const owners = new Map<number, string | null>([[1002, null]]);
  /** What asking whose a product is waits for. */
  const loading: PromiseWithResolvers<void>[] = [];
  const hub = new LiveHub(bus, {
    organizationOf: (productId) => owners.get(productId),
    load: async (productId) => {
      await loading[0]?.promise;
      owners.set(productId, 'acme');
    },
  });
  const event = (fields: Partial<StoredEvent>): StoredEvent => {
    const base = { ownerId: 'ann', productId: null, deviceId: A, publisher: A, name: 'n', data: null };
    return { ...base, contentFormat: 0, ttlSeconds: 60, publishedAt: 0, sequence: 1, ...fields };
  };
  const tell = async (fields: Partial<StoredEvent>) => {
    bus.publish(liveEvents, event(fields));
    await nextTurn();
  };
  const listen = (filter: StreamFilter) => {
    const heard: string[] = [];
    return {
      heard,
      stop: hub.listen(filter, {
        event: (event) => heard.push(event.name),
        lost: (after) => heard.push(`lost after ${after}`),
      }),
    };
  };
  return { hub, bus, owners, loading, event, tell, listen };
}

describe('LiveHub', () => {
  it('tells listeners of the account, and nobody of events without one', async () => {
    const { tell, listen } = setUp();
    const ann = listen({ place: { kind: 'owner', id: 'ann' } });
    const bob = listen({ place: { kind: 'owner', id: 'bob' } });
    await tell({ name: 'one' });
    await tell({ name: 'two', ownerId: 'bob' });
    await tell({ name: 'three', ownerId: null });
    expect([ann.heard, bob.heard]).toEqual([['one'], ['two']]);
  });

  it('tells the stream of the owner and that of the product, each once', async () => {
    const { tell, listen } = setUp();
    const ann = listen({ place: { kind: 'owner', id: 'ann' } });
    const product = listen({ place: { kind: 'product', id: 1002 } });
    const other = listen({ place: { kind: 'product', id: 1003 } });
    await tell({ name: 'claimed', productId: 1002 });
    await tell({ name: 'unclaimed', productId: 1002, ownerId: null });
    await tell({ name: 'outside' });
    expect([ann.heard, product.heard, other.heard]).toEqual([['claimed', 'outside'], ['claimed', 'unclaimed'], []]);
  });

  it('tells an organization of all its products, also of one that is not in memory yet', async () => {
    const { tell, listen } = setUp();
    const acme = listen({ place: { kind: 'organization', id: 'acme' } });
    const filtered = listen({ place: { kind: 'organization', id: 'acme' }, deviceId: B });
    const other = listen({ place: { kind: 'organization', id: 'umbrella' } });
    await tell({ name: 'first', productId: 1001 });
    await nextTurn();
    await tell({ name: 'second', productId: 1001, deviceId: B });
    await tell({ name: 'of an account', productId: 1002 });
    await tell({ name: 'of no product' });
    expect([acme.heard, filtered.heard, other.heard]).toEqual([['first', 'second'], ['second'], []]);
    acme.stop();
    filtered.stop();
    other.stop();
  });

  it('tells what happened in one turn in the order of sequences, and knows up to where it told', async () => {
    const { hub, bus, event, listen } = setUp();
    const place = { kind: 'owner', id: 'ann' } as const;
    const ann = listen({ place });
    expect(hub.positionOf(place)).toBe(0);
    hub.startAt(4);
    for (const sequence of [7, 5, 6]) bus.publish(liveEvents, event({ sequence, name: `${sequence}` }));
    expect([hub.positionOf(place), ann.heard]).toEqual([4, []]);
    await nextTurn();
    expect([hub.positionOf(place), ann.heard]).toEqual([7, ['5', '6', '7']]);
  });

  it('keeps the order for an organization while the owner of a product is being asked for', async () => {
    const { hub, loading, owners, tell, listen } = setUp();
    const place = { kind: 'organization', id: 'acme' } as const;
    const acme = listen({ place });
    loading.push(Promise.withResolvers(), Promise.withResolvers());
    owners.set(1004, 'acme');
    await tell({ name: 'asked', productId: 1001, sequence: 11 });
    await tell({ name: 'known', productId: 1004, sequence: 12 });
    await tell({ name: 'asked too', productId: 1003, sequence: 13 });
    expect([acme.heard, hub.positionOf(place), hub.positionOf({ kind: 'owner', id: 'ann' })]).toEqual([[], 10, 13]);
    loading.shift()?.resolve();
    await nextTurn();
    expect([acme.heard, hub.positionOf(place)]).toEqual([['asked', 'known'], 12]);
    loading.shift()?.resolve();
    await nextTurn();
    expect([acme.heard, hub.positionOf(place)]).toEqual([['asked', 'known', 'asked too'], 13]);
  });

  it('says behind which event an organization was not told, when nobody can say whose a product is', async () => {
    const { loading, tell, listen } = setUp();
    const acme = listen({ place: { kind: 'organization', id: 'acme' } });
    const ann = listen({ place: { kind: 'owner', id: 'ann' } });
    loading.push(Promise.withResolvers());
    await tell({ name: 'one', productId: 1001, sequence: 21 });
    await tell({ name: 'two', productId: 1001, sequence: 22 });
    loading.shift()?.reject(new Error('away'));
    await nextTurn();
    expect([acme.heard, ann.heard]).toEqual([['lost after 20'], ['one', 'two']]);
    await tell({ name: 'three', productId: 1001, sequence: 23 });
    expect(acme.heard).toEqual(['lost after 20', 'three']);
  });

  it('filters by device and by prefix, both when both are given', async () => {
    const { tell, listen } = setUp();
    const device = listen({ place: { kind: 'owner', id: 'ann' }, deviceId: A });
    const both = listen({ place: { kind: 'owner', id: 'ann' }, deviceId: A, namePrefix: 'te' });
    await tell({ name: 'temp', deviceId: B });
    await tell({ name: 'temp', deviceId: null });
    await tell({ name: 'temp' });
    await tell({ name: 'Temp' });
    expect([device.heard, both.heard]).toEqual([['temp', 'Temp'], ['temp']]);
  });

  it('stops telling who stopped listening, also after it is closed', async () => {
    const { hub, tell, listen } = setUp();
    const one = listen({ place: { kind: 'owner', id: 'ann' } });
    const two = listen({ place: { kind: 'owner', id: 'ann' } });
    one.stop();
    one.stop();
    await tell({ name: 'x' });
    expect([one.heard, two.heard]).toEqual([[], ['x']]);
    hub.close();
    await tell({ name: 'y' });
    expect(two.heard).toEqual(['x']);
  });

  it('compares prefixes as bytes', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'A', 'é', '/', '😀'), maxLength: 5 });
    fc.assert(
      fc.property(name, name, (namePrefix, eventName) => {
        const begins = Buffer.from(eventName)
          .subarray(0, Buffer.byteLength(namePrefix))
          .equals(Buffer.from(namePrefix));
        expect(passes({ place: { kind: 'owner', id: 'ann' }, namePrefix }, { name: eventName, deviceId: null })).toBe(
          begins,
        );
      }),
    );
  });
});
