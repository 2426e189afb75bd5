import { expect, it } from 'vitest';
import { groupsSearch, matchingGroups } from './groups-search.ts';

it('takes a text, and a number as one', () => {
  expect(groupsSearch({ q: 'north' })).toEqual({ q: 'north' });
  expect(groupsSearch({ q: 7 })).toEqual({ q: '7' });
  expect(groupsSearch({ q: '', x: 1 })).toEqual({});
});

it('finds groups by name and description, in any case', () => {
  const groups = [
    { name: 'north', description: 'Greenhouses' },
    { name: 'beta', description: 'Gets firmware first' },
  ];
  expect(matchingGroups(groups, undefined)).toBe(groups);
  expect(matchingGroups(groups, 'FIRM').map(({ name }) => name)).toEqual(['beta']);
  expect(matchingGroups(groups, 'nor').map(({ name }) => name)).toEqual(['north']);
});
