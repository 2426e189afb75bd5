import { expect, it } from 'vitest';
import { monthTotals } from './month-totals.ts';

it('adds up data operations by kind, the largest first', () => {
  const counts = [
    { kind: 'variable', count: 2 },
    { kind: 'publish', count: 5 },
    { kind: 'variable', count: 4 },
  ];
  expect(monthTotals(counts)).toEqual({
    total: 11,
    kinds: [
      { kind: 'variable', words: 'Variables that were read', count: 6 },
      { kind: 'publish', words: 'Events that devices published', count: 5 },
    ],
  });
  expect(monthTotals([])).toEqual({ total: 0, kinds: [] });
});
