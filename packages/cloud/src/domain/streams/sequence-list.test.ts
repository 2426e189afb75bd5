import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSequences, encodeSequences } from './sequence-list.ts';

describe('sequence lists', () => {
  it('are short for runs', () => {
    expect(encodeSequences([])).toBe('');
    expect(encodeSequences([110, 101, 100, 102])).toBe('2s+2,8');
    expect(decodeSequences('2s+2,8')).toEqual([100, 101, 102, 110]);
  });

  it('come back as they were, in order', () => {
    const sequences = fc.uniqueArray(
      fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })),
    );
    fc.assert(
      fc.property(sequences, (list) => {
        expect(decodeSequences(encodeSequences(list))).toEqual([...list].sort((a, b) => a - b));
      }),
    );
  });
});
