import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PublishedIds } from './published-ids.ts';

describe('PublishedIds', () => {
  it('knows what was added and not taken back, also across the end of the ids and after a restart', () => {
    const steps = fc.array(fc.record({ forward: fc.integer({ min: -70, max: 90 }), back: fc.boolean() }));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 65_535 }), steps, (first, moves) => {
        let ids = new PublishedIds();
        const added = new Set<number>();
        let newest = Number.NEGATIVE_INFINITY;
        let at = first;
        for (const { forward, back } of moves) {
          at += forward;
          newest = Math.max(newest, at);
          // What is older than the window leaves no trace.
          ids.add(at & 0xffff);
          added.add(at);
          if (back) {
            ids.delete(at & 0xffff);
            if (newest - at < 64) added.delete(at);
          }
          ids = new PublishedIds(ids.window);
          for (let behind = 0; behind < 64; behind++) {
            expect(ids.has((newest - behind) & 0xffff)).toBe(added.has(newest - behind));
          }
        }
      }),
    );
  });

  it('knows nothing at first, and nothing that is older than its window', () => {
    const ids = new PublishedIds();
    expect(ids.has(0)).toBe(false);
    ids.add(100);
    ids.add(164);
    expect([ids.has(100), ids.has(164), ids.has(165)]).toEqual([false, true, false]);
  });
});
