import type { DeviceId } from '@cloudchamber/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketOf, FirstPlaces, placeOf } from './device-order.ts';

const idOf = (number: number) => number.toString(16).padStart(24, '0') as DeviceId;

describe('the order of devices', () => {
  it('is the same each time, and another one for another rollout', () => {
    const orderIn = (rollout: string) => {
      const places = Array.from({ length: 50 }, (_, number) => [placeOf(rollout, idOf(number)), number] as const);
      return places.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, number]) => number);
    };
    expect(orderIn('a')).toEqual(orderIn('a'));
    expect(orderIn('a')).not.toEqual(orderIn('b'));
    expect(orderIn('a')).not.toEqual(orderIn('a').toSorted((one, other) => one - other));
  });

  it('gives the first ones as sorting all places would', () => {
    // Few different beginnings, so that buckets have many places.
    const place = fc
      .tuple(fc.constantFrom('0000', '0001', '7f3a', 'ffff'), fc.integer({ min: 0, max: 1e9 }))
      .map(([bucket, rest]) => bucket + rest.toString(16).padStart(60, '0'));
    fc.assert(
      fc.property(fc.uniqueArray(place, { maxLength: 40 }), fc.integer({ min: -1, max: 45 }), (places, n) => {
        const counted = new FirstPlaces();
        for (const one of places) counted.add(one);
        const { below, fromBucket } = counted.first(n);
        const sure = places.filter((one) => bucketOf(one) < below);
        const rest = places.filter((one) => bucketOf(one) === below).toSorted();
        const first = [...sure, ...rest.slice(0, fromBucket)].toSorted();
        expect(first).toEqual(places.toSorted().slice(0, Math.max(0, n)));
      }),
    );
  });
});
