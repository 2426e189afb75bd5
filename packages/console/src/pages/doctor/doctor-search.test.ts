import { describe, expect, it } from 'vitest';
import { doctorSearch, isAddress } from './doctor-search.ts';

describe('doctorSearch', () => {
  it('keeps what makes sense', () => {
    const search = { device: ' E00FCE68A1B2C3D4E5F60718 ', address: '192.0.2.7', outcome: 'refused', of: 'mine' };
    expect(doctorSearch({ ...search, live: true, attempt: 4711 })).toEqual({
      ...search,
      device: 'e00fce68a1b2c3d4e5f60718',
      live: true,
      attempt: 4711,
    });
  });

  it('leaves out the rest', () => {
    expect(doctorSearch({})).toEqual({});
    expect(
      doctorSearch({ device: 'lamp', address: '192.0.2', outcome: 'lost', of: 'all', live: 'no', attempt: 1.5 }),
    ).toEqual({});
  });
});

describe('isAddress', () => {
  it.each(['192.0.2.7', '0.0.0.0', '2001:db8::1', '::1', '::ffff:192.0.2.7'])('takes %s', (text) => {
    expect(isAddress(text)).toBe(true);
  });

  it.each(['', '192.0.2', '192.0.2.256', '1.2.3.4.5', 'lamp', ':', '2001:db8', 'fe80::1%eth0', '::1]/'])(
    'refuses %s',
    (text) => {
      expect(isAddress(text)).toBe(false);
    },
  );
});
