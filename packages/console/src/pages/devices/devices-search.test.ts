import { expect, it } from 'vitest';
import { devicesSearch } from './devices-search.ts';

it.each([
  [{}, {}],
  [
    { q: 'pump', sort: 'name', dir: 'desc', add: 'tcp' },
    { q: 'pump', sort: 'name', dir: 'desc', add: 'tcp' },
  ],
  [{ q: 1042 }, { q: '1042' }],
  [{ q: '', sort: 'colour', dir: 'desc', add: 'all' }, {}],
  [{ q: ['a'], dir: 'desc' }, {}],
])('the address of the list: %j', (search, parsed) => {
  expect(devicesSearch(search)).toEqual(parsed);
});
