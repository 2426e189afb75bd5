import { describe, expect, it } from 'vitest';
import { filterOf, isFiltered, pageQuery, productDevicesSearch } from './product-devices-search.ts';

describe('productDevicesSearch', () => {
  it('takes what makes sense', () => {
    const search = {
      tab: 'quarantine',
      q: 42,
      groups: 'north,beta',
      online: 'no',
      version: 3,
      development: 'yes',
      sort: 'deviceName',
      dir: 'desc',
      page: 2,
      size: 500,
      import: true,
    };
    expect(productDevicesSearch(search)).toEqual({ ...search, q: '42' });
  });
  it('leaves out what does not, and what is usual', () => {
    expect(
      productDevicesSearch({
        tab: 'x',
        q: '',
        groups: {},
        online: true,
        version: '3',
        sort: 'owner',
        dir: 'asc',
        page: 1,
        size: 100,
        import: 'x',
      }),
    ).toEqual({});
    expect(productDevicesSearch({ version: 70_000, page: 1.5, size: 7 })).toEqual({});
  });
});

describe('the query of a search', () => {
  it('asks for members or for the quarantine, a page at a time', () => {
    expect(pageQuery({})).toEqual({ quarantined: false, page: 1, perPage: 100 });
    expect(pageQuery({ tab: 'quarantine', page: 3, size: 25 })).toEqual({ quarantined: true, page: 3, perPage: 25 });
  });
  it('has every filter', () => {
    expect(
      filterOf({ q: 'a', groups: 'north,beta', online: 'no', version: 'none', development: 'yes', sort: 'deviceId' }),
    ).toEqual({
      quarantined: false,
      search: 'a',
      groups: ['north', 'beta'],
      online: false,
      firmwareVersion: 'none',
      development: true,
      sortAttr: 'deviceId',
    });
    expect(isFiltered({ tab: 'quarantine', page: 2 })).toBe(false);
    expect(isFiltered({ version: 'none' })).toBe(true);
  });
});
