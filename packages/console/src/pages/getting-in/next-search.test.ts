import { expect, test } from 'vitest';
import { nextSearch, safeNext } from './next-search.ts';

test.each([
  ['/products/42/firmware?version=3#top', '/products/42/firmware?version=3#top'],
  ['/events', '/events'],
])('%s is a page of the console', (next, expected) => {
  expect(safeNext(next)).toBe(expected);
});

test.each([
  undefined,
  '',
  'events',
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example/',
  '/\t/evil.example/',
  '/.//evil.example/',
  'javascript:alert(1)',
  '/login?next=/login',
  '/signup',
  '/',
])('%j leads to the devices', (next) => {
  expect(safeNext(next)).toBe('/devices');
});

test('only a text is an address', () => {
  expect(nextSearch({ next: '/events', other: 1 })).toEqual({ next: '/events' });
  expect(nextSearch({ next: ['/events'] })).toEqual({});
});
