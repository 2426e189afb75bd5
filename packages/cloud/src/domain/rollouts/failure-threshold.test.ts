import { expect, it } from 'vitest';
import { isOverThreshold } from './failure-threshold.ts';

it.each([
  ['none failed', { offered: 10, succeeded: 0, failed: 0 }, 0, false],
  ['one failed where none may', { offered: 999, succeeded: 0, failed: 1 }, 0, true],
  ['as many as may', { offered: 50, succeeded: 48, failed: 2 }, 2, false],
  ['one more than may, while others are undecided', { offered: 97, succeeded: 0, failed: 3 }, 2, true],
  ['one of a few', { offered: 0, succeeded: 9, failed: 1 }, 2, true],
  ['all', { offered: 0, succeeded: 0, failed: 5 }, 100, false],
  ['no devices', { offered: 0, succeeded: 0, failed: 0 }, 0, false],
])('%s', (_which, counts, threshold, expected) => {
  expect(isOverThreshold({ ...counts, left: 1000 }, threshold)).toBe(expected);
});
