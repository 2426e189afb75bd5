import { describe, expect, it } from 'vitest';
import { whereJsonBreaks } from './where-json-breaks.ts';

describe('whereJsonBreaks', () => {
  it.each(['{}', '[]', ' {"a": [1, -2.5e+3, true, null, "x\\u00e9\\n"], "b": {"c": ""}} ', '"\u007f\u0085"', '0'])(
    'finds nothing in %s',
    (text) => {
      expect(JSON.parse(text)).toBeDefined();
      expect(whereJsonBreaks(text)).toBeUndefined();
    },
  );

  it.each([
    ['', 1, 1, 'a value'],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3, 'a comma or }'],
    ['{\n  "a": 1,\n}', 3, 1, 'a key in double quotes'],
    ["{'a': 1}", 1, 2, 'a key in double quotes'],
    ['{"a" 1}', 1, 6, 'a colon'],
    ['{"a": }', 1, 7, 'a value'],
    ['[1,\n2,\n01]', 3, 1, 'a value'],
    ['[1 2]', 1, 4, 'a comma or ]'],
    ['{"a": "x\n"}', 1, 9, 'a " that ends the text before'],
    ['{"a": "\\{{X}}"}', 1, 8, 'one of the escapes that JSON has'],
    ['{"a": 1', 1, 8, 'a comma or }'],
    ['{} {}', 1, 4, 'the end'],
    ['{"a": tru}', 1, 7, 'a value'],
    ['// no\n{}', 1, 1, 'a value'],
  ])('finds the mistake in %j', (text, line, column, expected) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(whereJsonBreaks(text)).toEqual({ line, column, expected });
  });
});
