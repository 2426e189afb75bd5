import type { Subscription } from '@cloudchamber/gateway';
import type { DeviceId } from '@cloudchamber/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SubscriptionIndex } from './subscription-index.ts';

const A = 'e00fce680000000000000001' as DeviceId;
const B = 'e00fce680000000000000002' as DeviceId;
const text = (prefix: string): Subscription => ({ prefix, accepts: 'text' });
const event = (name: string, contentFormat = 0, deviceId: string | null = A) => ({ name, contentFormat, deviceId });

function indexOf(...entries: [owner: string, device: DeviceId, subscription: Subscription][]): SubscriptionIndex {
  const index = new SubscriptionIndex();
  for (const entry of entries) index.add(...entry);
  return index;
}

describe('SubscriptionIndex', () => {
  it('matches by prefix, with case, the empty prefix everything (MSG-09)', () => {
    const index = indexOf(['ann', A, text('test')], ['ann', B, text('')]);
    expect([...index.match('ann', event('testing1234'))].sort()).toEqual([A, B]);
    expect([...index.match('ann', event('Testing'))]).toEqual([B]);
    expect([...index.match('ann', event('tes'))]).toEqual([B]);
  });

  it('names a device once, however many of its subscriptions match', () => {
    const index = indexOf(['ann', A, text('te')], ['ann', A, text('test')], ['ann', A, text('')]);
    expect([...index.match('ann', event('test'))]).toEqual([A]);
  });

  it('never crosses accounts (MSG-06)', () => {
    const index = indexOf(['ann', A, text('')]);
    expect([...index.match('bob', event('test'))]).toEqual([]);
  });

  it('gives text handlers text only, CBOR handlers CBOR only, binary handlers all', () => {
    const index = indexOf(
      ['ann', A, text('t')],
      ['ann', B, { prefix: 'b', accepts: 'binary' }],
      ['ann', B, { prefix: 'c', accepts: 'cbor' }],
    );
    const formats = (name: string) =>
      [0, 40, 41, 50, 42, 60, 22, 65001].filter((f) => [...index.match('ann', event(name, f))].length > 0);
    expect(formats('t')).toEqual([0, 40, 41, 50]);
    expect(formats('b')).toEqual([0, 40, 41, 50, 42, 60, 22, 65001]);
    expect(formats('c')).toEqual([60]);
  });

  it('keeps to the device of the old API filter', () => {
    const index = indexOf(['ann', B, { prefix: '', accepts: 'text', deviceFilter: A }]);
    expect([...index.match('ann', event('x', 0, A))]).toEqual([B]);
    expect([...index.match('ann', event('x', 0, B))]).toEqual([]);
    expect([...index.match('ann', event('x', 0, null))]).toEqual([]);
  });

  it('matches as a scan over all subscriptions would, after any additions and removals', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '/'), maxLength: 4 });
    const entry = fc.record({
      owner: fc.constantFrom('ann', 'bob'),
      device: fc.constantFrom(A, B),
      subscription: fc.record({ prefix: name, accepts: fc.constantFrom('text' as const, 'binary' as const) }),
      removed: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 12 }), name, fc.constantFrom(0, 42), (entries, eventName, format) => {
        const index = new SubscriptionIndex();
        for (const { owner, device, subscription } of entries) index.add(owner, device, subscription);
        for (const { owner, device, subscription, removed } of entries)
          if (removed) index.remove(owner, device, subscription);
        const expected = entries
          .filter((e) => !e.removed && e.owner === 'ann' && Buffer.from(eventName).indexOf(e.subscription.prefix) === 0)
          .filter((e) => e.subscription.accepts === 'binary' || format === 0)
          .map((e) => e.device);
        expect([...index.match('ann', event(eventName, format))].sort()).toEqual([...new Set(expected)].sort());
      }),
    );
  });
});
