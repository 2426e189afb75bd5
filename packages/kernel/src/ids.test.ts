import { describe, expect, it } from 'vitest';
import { deviceIdFromBytes, parseDeviceId } from './ids.ts';

describe('device ids', () => {
  it('are compared without case and are 24 hex digits, nothing else', () => {
    expect(parseDeviceId('E00FCE68A1B2C3D4E5F60718')).toBe('e00fce68a1b2c3d4e5f60718');
    for (const text of [
      '',
      'e00fce68',
      'e00fce68a1b2c3d4e5f6071g',
      'e00fce68a1b2c3d4e5f607189',
      ' e00fce68a1b2c3d4e5f60718',
    ]) {
      expect(parseDeviceId(text)).toBeUndefined();
    }
  });

  it('come from 12 bytes, also inside a larger buffer', () => {
    const bytes = Buffer.from('ffe00fce68a1b2c3d4e5f60718ff', 'hex').subarray(1, 13);
    expect(deviceIdFromBytes(bytes)).toBe('e00fce68a1b2c3d4e5f60718');
  });
});
