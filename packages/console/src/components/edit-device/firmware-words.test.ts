import { describe, expect, it } from 'vitest';
import { firmwareStanding, versionChoices } from './firmware-words.ts';

const plain = {
  firmware_version: 3,
  desired_firmware_version: null,
  targeted_firmware_release_version: null,
  development: false,
};

describe('firmwareStanding', () => {
  it('says what is released to a device, and whether it runs that', () => {
    expect(firmwareStanding(plain)).toBe('It runs version 3. No firmware is released to it.');
    expect(firmwareStanding({ ...plain, targeted_firmware_release_version: 3 })).toContain('what is released to it');
    expect(firmwareStanding({ ...plain, targeted_firmware_release_version: 4 })).toContain('Version 4 is released');
    expect(firmwareStanding({ ...plain, firmware_version: null })).toContain('has not reported firmware');
  });
  it('puts a lock before releases', () => {
    const locked = { ...plain, targeted_firmware_release_version: 4, desired_firmware_version: 2 };
    expect(firmwareStanding(locked)).toContain('locked to at its next handshake');
    expect(firmwareStanding({ ...locked, firmware_version: 2 })).toContain('until it is unlocked');
  });
  it('puts the development mark before a lock', () => {
    expect(firmwareStanding({ ...plain, desired_firmware_version: 2, development: true })).toContain('has no effect');
  });
});

describe('versionChoices', () => {
  it('puts the newest first and marks the default', () => {
    const choices = versionChoices([
      { version: 1, title: 'First', product_default: true },
      { version: 10, title: 'Tenth', product_default: false },
    ]);
    expect(choices).toEqual([
      { value: '10', label: '10 · Tenth' },
      { value: '1', label: '1 · First (product default)' },
    ]);
  });
});
