import { expect, it } from 'vitest';
import { targetOf } from './target-of.ts';

it('says what a device should run: its lock before releases, nothing when it is marked as development', () => {
  const device = {
    firmware_version: 3,
    desired_firmware_version: null,
    targeted_firmware_release_version: 4,
    development: false,
  };
  expect(targetOf(device)).toEqual({ version: 4, locked: false, waits: true });
  expect(targetOf({ ...device, desired_firmware_version: 3 })).toEqual({ version: 3, locked: true, waits: false });
  expect(targetOf({ ...device, desired_firmware_version: 2, development: true })).toEqual({
    version: null,
    locked: true,
    waits: false,
  });
  expect(targetOf({ ...device, targeted_firmware_release_version: null })).toMatchObject({ waits: false });
});
