import { expect, it } from 'vitest';
import { isGroupName } from './group-name.ts';

it('knows names that a group can have', () => {
  expect(['north', 'beta-2', 'a_b', 'x'.repeat(64)].every(isGroupName)).toBe(true);
  expect(['', 'North', 'a b', 'ä', 'x'.repeat(65)].some(isGroupName)).toBe(false);
});
