import { describe, expect, it } from 'vitest';
import { formatSystemVersion } from './platforms.ts';

describe('formatSystemVersion', () => {
  it.each([
    [6200, '6.2.0'],
    [6201, '6.2.1'],
    [3012, '3.0.12'],
    [10_105, '10.1.5'],
    [1512, undefined],
    [0, undefined],
    [100_000, undefined],
  ])('writes %i as %s', (version, text) => {
    expect(formatSystemVersion(version)).toBe(text);
  });
});
