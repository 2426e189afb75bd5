import { describe, expect, it } from 'vitest';
import { freeSlug, slugOf } from './slug.ts';

describe('slugOf', () => {
  it.each([
    ['Greenhouse', 'greenhouse'],
    ['  Green  House! ', 'green-house'],
    ['Gewächshaus №1', 'gewachshaus-no1'],
    ['温室', ''],
    ['--', ''],
    [`${'a'.repeat(59)} b`, 'a'.repeat(59)],
    ['x'.repeat(100), 'x'.repeat(60)],
  ])('makes %j %j', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });
});

describe('freeSlug', () => {
  it('takes the first that nobody has', () => {
    expect(freeSlug(['a-v1', 'a-v3'], (number) => `a-v${number}`)).toBe('a-v2');
  });
});
