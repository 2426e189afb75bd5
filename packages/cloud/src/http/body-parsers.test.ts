import { describe, expect, it } from 'vitest';
import { DomainError } from '../domain/domain-error.ts';
import { parseJson } from './body-parsers.ts';

describe('parseJson', () => {
  it('takes brackets and quotes inside strings for text', () => {
    const value = { text: `${'['.repeat(100)} \\" ${'{'.repeat(100)}` };
    expect(parseJson(JSON.stringify(value))).toEqual(value);
  });

  it('takes 32 levels and no more', () => {
    expect(() => parseJson(`${'['.repeat(32)}${']'.repeat(32)}`)).not.toThrow();
    expect(() => parseJson(`${'['.repeat(33)}${']'.repeat(33)}`)).toThrow(DomainError);
    expect(() => parseJson('['.repeat(500_000))).toThrow('deep');
  });

  it.each(['{"__proto__":{"x":1}}', '{"a":[{"constructor":{"prototype":{"x":1}}}]}', '{"\\u005f_proto__":1}'])(
    'refuses %s',
    (text) => {
      expect(() => parseJson(text)).toThrow('not allowed');
    },
  );

  it('refuses what is not JSON', () => {
    expect(() => parseJson('{a:1}')).toThrow('not valid JSON');
  });
});
