import { describe, expect, it } from 'vitest';
import { arrangeRows } from './arrange-rows.ts';
import { countsByPlace, countsLabel, countsReason } from './counts-in.ts';
import { type Device, deviceRows } from './device-rows.ts';
import { exampleProduct, listed } from './list-examples.ts';

const pump = listed({
  id: 'e00fce680000000000000001',
  name: 'pump 10',
  online: true,
  last_heard: '2026-01-02T00:00:00.000Z',
});
const lamp = listed({ id: 'e00fce680000000000000002', name: 'lamp', platform_id: 12, product_id: 1042 });
const second = listed({ id: 'e00fce680000000000000003', name: 'Pump 9', serial_number: 'P046XYZ', product_id: 2000 });

const rowsOf = (devices: readonly Device[]) =>
  deviceRows({
    devices,
    platforms: undefined,
    products: [exampleProduct({ id: 1042, name: 'Lamps', user: 'ann' })],
    userId: 'ann',
  });
const rows = rowsOf([pump, lamp, second]);
const names = (search: Parameters<typeof arrangeRows>[1]) => arrangeRows(rows, search).map(({ device }) => device.name);

describe('the list of devices', () => {
  it('keeps the order of the cloud unless it is sorted', () => {
    expect(names({})).toEqual(['pump 10', 'lamp', 'Pump 9']);
  });

  it.each([
    ['PUMP', ['pump 10', 'Pump 9']],
    ['pump xyz', ['Pump 9']],
    ['0002', ['lamp']],
    ['lamps', ['lamp']],
    ['platform 12', ['lamp']],
    ['nothing', []],
  ])('finds by name, id, type, product and serial number: %s', (q, found) => {
    expect(names({ q })).toEqual(found);
  });

  it('sorts names as people count, times with those that never were first', () => {
    expect(names({ sort: 'name' })).toEqual(['lamp', 'Pump 9', 'pump 10']);
    expect(names({ sort: 'name', dir: 'desc' })).toEqual(['pump 10', 'Pump 9', 'lamp']);
    expect(names({ sort: 'heard', dir: 'desc' })[0]).toBe('pump 10');
    expect(names({ sort: 'online', dir: 'desc' })[0]).toBe('pump 10');
  });
});

describe('where devices count', () => {
  it('goes by the product', () => {
    expect(rows.map(({ counts }) => counts.kind)).toEqual(['sandbox', 'own_product', 'unknown_product']);
    expect(countsByPlace(rows)).toEqual([
      ['Your sandbox', 2],
      ['Not known', 1],
    ]);
  });

  it('is the organization for a product of one, whoever claimed the device', () => {
    const products = [exampleProduct({ id: 1042, name: 'Lamps', user: null, org: 'acme' })];
    const [row] = deviceRows({ devices: [lamp], platforms: undefined, products, userId: 'ann' });
    if (row === undefined) throw new Error('no row');
    expect(countsLabel(row.counts)).toBe('Organization acme');
    expect(countsReason(row.counts)).toContain('does not count in your sandbox');
  });
});
