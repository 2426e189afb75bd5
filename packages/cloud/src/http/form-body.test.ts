import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormError, parseForm, parseQuery } from './form-body.ts';

const plain = (text: string) => JSON.parse(JSON.stringify(parseForm(text)));

describe('parseForm', () => {
  it('nests by brackets', () => {
    expect(plain('username=a%40b.c&account_info[first_name]=Ann+Lee&account_info[x][y]=1')).toEqual({
      username: 'a@b.c',
      account_info: { first_name: 'Ann Lee', x: { y: '1' } },
    });
  });

  it.each([
    ['a=1&a=2&a=3', { a: ['1', '2', '3'] }],
    ['a[]=1&a[]=2', { a: ['1', '2'] }],
    ['a[0]=1&a[1]=2', { a: ['1', '2'] }],
    ['a[1]=1', { a: { 1: '1' } }],
    ['a[b][]=1&a[b][]=2', { a: { b: ['1', '2'] } }],
    ['a=', { a: '' }],
    ['a', { a: '' }],
    ['a[b=1', { 'a[b': '1' }],
    ['[b]=1', { '[b]': '1' }],
    ['a=%zz', { a: '%zz' }],
    ['', {}],
  ])('%s', (text, value) => {
    expect(plain(text)).toEqual(value);
  });

  it.each([
    '__proto__[polluted]=1',
    'a[__proto__][polluted]=1',
    'constructor[prototype][x]=1',
    'a[b][c][d][e][f][g]=1',
    'a=1&a[b]=2',
    'a[b]=2&a=1',
    Array.from({ length: 1001 }, (_, n) => `f${n}=1`).join('&'),
  ])('refuses %.40s', (text) => {
    expect(() => parseForm(text)).toThrow(FormError);
    expect(parseQuery(text)).toEqual({});
  });

  it('is an object also when its fields have the names of a list', () => {
    expect({ ...parseForm('0=a&1=b&c[0]=d') }).toEqual({ 0: 'a', 1: 'b', c: ['d'] });
  });

  it('takes any text without touching a prototype', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^([a-c_]{1,3}(\[[0-2ab]?\]){0,3}=[01]&){0,6}$/)), (text) => {
        try {
          expect(Object.getPrototypeOf(parseForm(text))).toBeNull();
        } catch (error) {
          expect(error).toBeInstanceOf(FormError);
        }
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
    );
  });
});
