import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from './retry-after.ts';

const NOW = Date.UTC(2026, 1, 3, 8, 0, 0);

describe('parseRetryAfter', () => {
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['9999999999', 9_999_999_999_000],
    ['Tue, 03 Feb 2026 08:05:00 GMT', 300_000],
    ['Tue, 03 Feb 2026 07:00:00 GMT', 0],
  ])('reads %j', (text, ms) => {
    expect(parseRetryAfter(text, NOW)).toBe(ms);
  });

  it.each([undefined, '', 'soon', '-1', '1.5', '1e9', '99999999999', '2026-02-03', 'Tue, 99 Feb 2026 08:05:00 GMT'])(
    'reads nothing from %j',
    (text) => {
      expect(parseRetryAfter(text, NOW)).toBeNull();
    },
  );
});
