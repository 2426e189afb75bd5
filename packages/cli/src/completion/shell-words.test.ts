import { describe, expect, it } from 'vitest';
import { plainWords } from './shell-words.ts';

describe('plainWords', () => {
  it.each([
    ['plain', 'plain'],
    ['my\\ lamp', 'my lamp'],
    ['"my lamp"', 'my lamp'],
    ['"my l', 'my l'],
    ["'my l", 'my l'],
    [`'bob'\\''s'`, "bob's"],
    ['"a\\"b\\$c\\d"', 'a"b$c\\d'],
    ['end\\', 'end\\'],
  ])('takes %s out of its quotes', (typed, plain) => {
    expect(plainWords([typed], 'all')).toEqual([plain]);
  });

  it('joins what bash splits at a sign', () => {
    expect(plainWords(['call', '--product', '=', 'la'], 'all')).toEqual(['call', '--product=la']);
    expect(plainWords(['call', '--product', '='], 'all')).toEqual(['call', '--product=']);
    expect(plainWords(['call', 'a', '=', 'b'], 'all')).toEqual(['call', 'a', '=', 'b']);
  });

  it('leaves words that the shell took out of their quotes', () => {
    expect(plainWords(["bob's", 'a\\b'], 'none')).toEqual(["bob's", 'a\\b']);
    expect(plainWords(["bob's", 'my\\ l'], 'last')).toEqual(["bob's", 'my l']);
  });
});
