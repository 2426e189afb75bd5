import { describe, expect, it } from 'vitest';
import { dailyCounts, sumCounts } from './daily-counts.ts';

const counters = [
  { date: '2026-03-01', success: 4, error: 1, sleep: 0 },
  { date: '2026-02-27', success: 2, error: 0, sleep: 3 },
  { date: '2026-01-01', success: 9, error: 9, sleep: 9 },
];

describe('dailyCounts', () => {
  it('fills days without any outcome, over the end of a month', () => {
    expect(dailyCounts(counters, Date.parse('2026-03-01T23:59:59Z'), 3)).toEqual([
      { date: '2026-02-27', success: 2, error: 0, sleep: 3 },
      { date: '2026-02-28', success: 0, error: 0, sleep: 0 },
      { date: '2026-03-01', success: 4, error: 1, sleep: 0 },
    ]);
    expect(dailyCounts([], Date.parse('2026-03-01T00:00:00Z'))).toHaveLength(30);
  });

  it('adds up', () => {
    expect(sumCounts(counters.slice(0, 2))).toEqual({ success: 6, error: 1, sleep: 3 });
  });
});
