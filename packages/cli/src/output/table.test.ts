import { describe, expect, it } from 'vitest';
import { openTable, tableOf } from './table.ts';

describe('tableOf', () => {
  it('is as wide as its widest cells', () => {
    expect(
      tableOf(
        ['Id', 'Name'],
        [
          ['1', 'lamp'],
          ['1042', ''],
        ],
      ),
    ).toEqual(['Id    Name', '1     lamp', '1042']);
  });
});

describe('openTable', () => {
  it('has its head once, and columns that only grow', () => {
    const table = openTable(['Id', 'Name']);
    expect(table([['1042', 'a']])).toEqual(['Id    Name', '1042  a']);
    expect(table([['1', 'b']])).toEqual(['1     b']);
    expect(table([['65535', 'c']])).toEqual(['65535  c']);
  });
});
