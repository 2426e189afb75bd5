import { expect, it } from 'vitest';
import { formatTimestamp, parseTimestamp } from './timestamps.ts';

it('formats as ISO 8601 in UTC with milliseconds', () => {
  expect(formatTimestamp(1_767_225_600_007)).toBe('2026-01-01T00:00:00.007Z');
});

it.each([
  ['2026-01-01T00:00:00.007Z', 1_767_225_600_007],
  ['2026-01-01', 1_767_225_600_000],
  ['2026-01-01T00:00', 1_767_225_600_000],
  ['2026-01-01T02:30:00+0230', 1_767_225_600_000],
  ['2026-01-01T02:30:00+02:30', 1_767_225_600_000],
  ['2026-02-30T25:00:00Z', undefined],
  ['January 1, 2026', undefined],
  ['1767225600000', undefined],
  ['', undefined],
])('%j is %s', (text, ms) => {
  expect(parseTimestamp(text)).toBe(ms);
});
