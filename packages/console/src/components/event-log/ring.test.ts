import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Ring } from './ring.ts';

it('is a list that forgets its oldest', () => {
  const step = fc.oneof(fc.integer(), fc.constant('shift' as const), fc.constant('clear' as const));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step), (capacity, steps) => {
      const ring = new Ring<number>(capacity);
      let model: number[] = [];
      for (const one of steps) {
        if (one === 'clear') {
          ring.clear();
          model = [];
        } else if (one === 'shift') expect(ring.shift()).toBe(model.shift());
        else {
          expect(ring.push(one)).toBe(model.length === capacity ? model.shift() : undefined);
          model.push(one);
        }
        expect([...ring]).toEqual(model);
        expect(ring.size).toBe(model.length);
        expect([ring.at(-1), ring.at(0), ring.at(model.length)]).toEqual([undefined, model[0], undefined]);
      }
    }),
  );
});
