import { type DeviceId, silentLogger } from '@cloudchamber/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InProcessBus } from '../../bus/index.ts';
import type { StoredEvent } from '../../store/index.ts';
import { liveEvents } from './live-events.ts';
import { LiveHub, passes, type StreamFilter } from './live-hub.ts';

const A = 'e00fce680000000000000001' as DeviceId;
const B = 'e00fce680000000000000002' as DeviceId;

function setUp() {
  const bus = new InProcessBus(silentLogger);
  const hub = new LiveHub(bus);
  const tell = async (event: Partial<StoredEvent>) => {
    const base = { ownerId: 'ann', productId: null, deviceId: A, publisher: A, name: 'n', data: null };
    bus.publish(liveEvents, { ...base, contentFormat: 0, ttlSeconds: 60, publishedAt: 0, sequence: 1, ...event });
    await Promise.resolve();
  };
  const listen = (filter: StreamFilter) => {
    const heard: string[] = [];
    return { heard, stop: hub.listen(filter, (event) => heard.push(event.name)) };
  };
  return { hub, tell, listen };
}

describe('LiveHub', () => {
  it('tells listeners of the account, and nobody of events without one', async () => {
    const { tell, listen } = setUp();
    const ann = listen({ ownerId: 'ann' });
    const bob = listen({ ownerId: 'bob' });
    await tell({ name: 'one' });
    await tell({ name: 'two', ownerId: 'bob' });
    await tell({ name: 'three', ownerId: null });
    expect([ann.heard, bob.heard]).toEqual([['one'], ['two']]);
  });

  it('filters by device and by prefix, both when both are given', async () => {
    const { tell, listen } = setUp();
    const device = listen({ ownerId: 'ann', deviceId: A });
    const both = listen({ ownerId: 'ann', deviceId: A, namePrefix: 'te' });
    await tell({ name: 'temp', deviceId: B });
    await tell({ name: 'temp', deviceId: null });
    await tell({ name: 'temp' });
    await tell({ name: 'Temp' });
    expect([device.heard, both.heard]).toEqual([['temp', 'Temp'], ['temp']]);
  });

  it('stops telling who stopped listening, also after it is closed', async () => {
    const { hub, tell, listen } = setUp();
    const one = listen({ ownerId: 'ann' });
    const two = listen({ ownerId: 'ann' });
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
        expect(passes({ ownerId: 'ann', namePrefix }, { name: eventName, deviceId: null })).toBe(begins);
      }),
    );
  });
});
