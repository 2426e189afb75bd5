import { expect, it } from 'vitest';
import { followKeys } from './shortcuts.ts';

it('follows single keys and two in a row', () => {
  const press = followKeys();
  expect(press('?', 0)).toBe('keys');
  expect(press('d', 10)).toBeUndefined();
  expect(press('g', 20)).toBeUndefined();
  expect(press('d', 900)).toBe('devices');
  expect(press('d', 910)).toBeUndefined();
  expect(press('g', 1000)).toBeUndefined();
  expect(press('g', 1100)).toBeUndefined();
  expect(press('e', 1200)).toBe('events');
});

it('forgets the first key of two', () => {
  const press = followKeys();
  expect(press('g', 0)).toBeUndefined();
  expect(press('p', 1501)).toBeUndefined();
  expect(press('g', 2000)).toBeUndefined();
  expect(press('/', 2100)).toBe('filter');
  expect(press('p', 2200)).toBeUndefined();
});
