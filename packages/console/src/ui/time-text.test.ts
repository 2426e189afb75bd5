import { describe, expect, it } from 'vitest';
import { absoluteTime, relativeTime } from './time-text.ts';

const NOW = Date.UTC(2026, 1, 3, 8, 15, 22);
const SECOND = 1000;
const HOUR = 3_600_000;

describe('points in time in words', () => {
  it.each([
    [0, 'just now'],
    [-9 * SECOND, 'just now'],
    [-30 * SECOND, '30 seconds ago'],
    [-59 * 60 * SECOND, '59 minutes ago'],
    [-HOUR, '1 hour ago'],
    [-25 * HOUR, 'yesterday'],
    [-40 * 24 * HOUR, 'last month'],
    [2 * HOUR, 'in 2 hours'],
  ])('says %i ms from now as "%s"', (offset, words) => {
    expect(relativeTime(NOW + offset, NOW)).toBe(words);
  });

  it('says the zone where it is UTC', () => {
    expect(absoluteTime(NOW, 'utc')).toBe('3 Feb 2026, 08:15:22 UTC');
  });
});
