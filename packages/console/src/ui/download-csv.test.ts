import { describe, expect, it } from 'vitest';
import { csvOf } from './download-csv.ts';

interface Row {
  readonly name: string;
  readonly count: string;
}

const columns = [
  { title: 'Name', cell: () => null, text: ({ name }: Row) => name },
  { title: 'Not in it', cell: () => null },
  { title: 'Count', cell: () => null, text: ({ count }: Row) => count },
];

describe('CSV of a table', () => {
  it('has the columns that are text, and ends each line with CR LF (RFC 4180)', () => {
    expect(csvOf(columns, [{ name: 'a', count: '1' }])).toBe('Name,Count\r\na,1\r\n');
  });

  it.each([
    ['say "hi", twice', '"say ""hi"", twice"'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['@sum', "'@sum"],
    ['-12.5', '-12.5'],
    ['-12.5;cmd', "'-12.5;cmd"],
  ])('writes %j as %s', (name, written) => {
    expect(csvOf(columns, [{ name, count: '0' }])).toBe(`Name,Count\r\n${written},0\r\n`);
  });
});
