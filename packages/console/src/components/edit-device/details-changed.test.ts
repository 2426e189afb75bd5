import { describe, expect, it } from 'vitest';
import { detailsChanged } from './details-changed.ts';

const device = { name: 'pump', notes: null, groups: ['beta', 'north'], development: false };
const same = { name: 'pump', notes: '', groups: ['north', 'beta'], development: false };

describe('detailsChanged', () => {
  it('is empty when nothing differs, whatever the order of the groups', () => {
    expect(detailsChanged(device, same)).toEqual({});
    expect(detailsChanged(device, { ...same, name: ' pump ', notes: '  ' })).toEqual({});
  });
  it('has what differs and no more', () => {
    expect(detailsChanged(device, { ...same, name: 'valve', groups: [] })).toEqual({ name: 'valve', groups: [] });
    expect(detailsChanged({ ...device, notes: 'by the door' }, { ...same, development: true })).toEqual({
      notes: null,
      development: true,
    });
  });
});
