import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WireError } from '../wire-error.ts';
import {
  decodeCoap,
  decodeUint,
  encodeUint,
  findOption,
  findUint,
  formatCode,
  isCritical,
  optionValues,
  unknownCriticalOption,
} from './index.ts';

const message = decodeCoap(Buffer.from('40020001b165026162023031113c220e10', 'hex'));

describe('options', () => {
  it('are found by number', () => {
    expect(findOption(message, 11)).toEqual(Buffer.from('e'));
    expect(optionValues(message, 11).map(String)).toEqual(['e', 'ab', '01']);
    expect(findOption(message, 15)).toBeUndefined();
    expect(optionValues(message, 15)).toEqual([]);
    expect(findUint(message, 14, 4)).toBe(3600);
    expect(findUint(message, 27, 3)).toBeUndefined();
  });

  it('are critical when their number is odd', () => {
    expect([11, 15, 23, 27, 2049].every(isCritical)).toBe(true);
    expect([4, 12, 14, 258, 292].some(isCritical)).toBe(false);
  });

  it('tell the first critical one that is not known', () => {
    expect(unknownCriticalOption(message, [11])).toBeUndefined();
    expect(unknownCriticalOption(message, [])).toBe(11);
  });
});

describe('uint options', () => {
  it.each([
    [0, ''],
    [1, '01'],
    [255, 'ff'],
    [256, '0100'],
    [65_536, '010000'],
    [16_777_216, '01000000'],
    [4_294_967_295, 'ffffffff'],
  ])('%i takes as few bytes as it needs', (value, hex) => {
    expect(Buffer.from(encodeUint(value)).toString('hex')).toBe(hex);
    expect(decodeUint(Buffer.from(hex, 'hex'))).toBe(value);
  });

  it('come back as they went', () => {
    fc.assert(fc.property(fc.nat(0xffffffff), (value) => decodeUint(encodeUint(value)) === value));
  });

  it('may have leading zeros', () => {
    expect(decodeUint(Uint8Array.of(0, 0, 7))).toBe(7);
  });

  it('are refused when longer than the option may be', () => {
    expect(() => decodeUint(new Uint8Array(3), 2)).toThrow(WireError);
    expect(() => decodeUint(new Uint8Array(5))).toThrow(WireError);
  });

  it.each([-1, 1.5, 4_294_967_296, Number.NaN])('%d cannot be written', (value) => {
    expect(() => encodeUint(value)).toThrow(WireError);
  });
});

describe('formatCode', () => {
  it.each([
    [0x00, '0.00'],
    [0x02, '0.02'],
    [0x45, '2.05'],
    [0x5f, '2.31'],
    [0x8d, '4.13'],
    [0xa3, '5.03'],
  ])('%i reads %s', (code, text) => {
    expect(formatCode(code)).toBe(text);
  });
});
