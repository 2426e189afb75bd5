import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CallPlace, CallSlots } from './call-slots.ts';

const limits = { total: 20, unproven: 8, perHost: 6, perOwnerAtHost: 4, perOwner: 7, perIntegration: 3 };

describe('CallSlots', () => {
  it('gives room back', () => {
    const slots = new CallSlots(limits);
    const place = { integrationId: 'one', owner: 'ann', host: 'h', proven: true };
    const held = [slots.take(place), slots.take(place), slots.take(place)];
    expect(slots.take(place)).toBeUndefined();
    held[1]?.();
    expect(slots.take(place)).toBeDefined();
    expect(slots.total).toBe(3);
  });

  it('is never beyond any limit', () => {
    const place = fc.record({
      integrationId: fc.constantFrom('1', '2', '3', '4'),
      owner: fc.constantFrom('ann', 'eve', 'bob'),
      host: fc.constantFrom('x', 'y', 'z'),
      proven: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(place, fc.boolean()), { maxLength: 200 }), (steps) => {
        const slots = new CallSlots(limits);
        const held: { place: CallPlace; release: () => void }[] = [];
        for (const [at, release] of steps) {
          if (release) held.shift()?.release();
          const given = slots.take(at);
          if (given !== undefined) held.push({ place: at, release: given });
          const most = (keyOf: (place: CallPlace) => string) =>
            Math.max(
              0,
              ...Object.values(Object.groupBy(held, ({ place }) => keyOf(place))).map((list) => list?.length ?? 0),
            );
          expect(slots.total).toBe(held.length);
          expect(held.length).toBeLessThanOrEqual(limits.total);
          expect(held.filter(({ place }) => !place.proven).length).toBeLessThanOrEqual(limits.unproven);
          expect(most(({ host }) => host)).toBeLessThanOrEqual(limits.perHost);
          expect(most(({ owner }) => owner)).toBeLessThanOrEqual(limits.perOwner);
          expect(most(({ owner, host }) => `${owner} ${host}`)).toBeLessThanOrEqual(limits.perOwnerAtHost);
          expect(most(({ integrationId }) => integrationId)).toBeLessThanOrEqual(limits.perIntegration);
        }
      }),
    );
  });
});
