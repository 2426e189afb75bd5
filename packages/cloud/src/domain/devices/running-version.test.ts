import { expect, it } from 'vitest';
import { announcedFirmware } from './announced-firmware.ts';
import { runningVersion } from './running-version.ts';

it.each([
  ['of its product', { productId: 1042, firmwareProductId: 1042, firmwareVersion: 7 }, 7],
  ['that names no product', { productId: 1042, firmwareProductId: null, firmwareVersion: 7 }, 7],
  ['without a version', { productId: 1042, firmwareProductId: null, firmwareVersion: null }, null],
  ['of another product', { productId: 1042, firmwareProductId: 1043, firmwareVersion: 7 }, null],
  ['in no product', { productId: null, firmwareProductId: 1042, firmwareVersion: 7 }, null],
])('firmware %s', (_what, facts, version) => {
  expect(runningVersion(facts)).toBe(version);
});

it('is as Hello says it', () => {
  const hello = { platformId: 32, flags: 0 };
  expect(announcedFirmware({ ...hello, productId: 32, productVersion: 7 })).toEqual({
    firmwareProductId: null,
    firmwareVersion: 7,
  });
  expect(announcedFirmware({ ...hello, productId: 1042, productVersion: 0xffff })).toEqual({
    firmwareProductId: 1042,
    firmwareVersion: null,
  });
});
