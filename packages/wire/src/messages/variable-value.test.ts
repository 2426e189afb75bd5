import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WireError } from '../wire-error.ts';
import type { DeviceVariableType, VariableValue } from './index.ts';
import { decodeFunctionResult, decodeTimeAnswer, decodeVariableValue, encodeVariableValue } from './index.ts';

const values: fc.Arbitrary<[DeviceVariableType, VariableValue]> = fc.oneof(
  fc.tuple(fc.constant('bool' as const), fc.boolean()),
  fc.tuple(fc.constant('int' as const), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  fc.tuple(fc.constant('double' as const), fc.double()),
  fc.tuple(fc.constant('string' as const), fc.string({ unit: 'grapheme', maxLength: 40 })),
);

describe('variable values', () => {
  it.each([
    ['bool', true, '01'],
    ['bool', false, '00'],
    ['int', -2, 'fffffffe'],
    ['int', 2_147_483_647, '7fffffff'],
    ['double', 21.5, '0000000000803540'],
    ['double', Number.POSITIVE_INFINITY, '000000000000f07f'],
    ['string', 'grün', '6772c3bc6e'],
    ['string', '', ''],
  ] as const)('%s %s', (type, value, hex) => {
    expect(encodeVariableValue(type, value).toString('hex')).toBe(hex);
    expect(decodeVariableValue(type, Buffer.from(hex, 'hex'))).toBe(value);
  });

  it('come out as they went in', () => {
    fc.assert(
      fc.property(values, ([type, value]) =>
        Object.is(decodeVariableValue(type, encodeVariableValue(type, value)), value),
      ),
    );
  });

  it('any bytes decode or throw WireError', () => {
    const types = fc.constantFrom<DeviceVariableType>('bool', 'int', 'string', 'double');
    fc.assert(
      fc.property(types, fc.uint8Array({ maxLength: 12 }), (type, bytes) => {
        try {
          expect(typeof decodeVariableValue(type, bytes)).toBe(
            { bool: 'boolean', string: 'string' }[type as string] ?? 'number',
          );
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
    );
  });

  it.each([
    ['bool', '', 'malformed'],
    ['bool', '02', 'malformed'],
    ['int', '000000', 'malformed'],
    ['int', '0000000000', 'malformed'],
    ['double', '00000000', 'malformed'],
    ['string', '61'.repeat(1025), 'too_large'],
  ] as const)('a %s of %s is refused', (type, hex, kind) => {
    expect(() => decodeVariableValue(type, Buffer.from(hex, 'hex'))).toThrow(expect.objectContaining({ kind }));
  });

  it('show text that is not UTF-8 with replacements', () => {
    expect(decodeVariableValue('string', Buffer.from('3231b043', 'hex'))).toBe('21\ufffdC');
  });

  it('are not sent with another type than declared', () => {
    expect(() => encodeVariableValue('int', '42')).toThrow(WireError);
    expect(() => encodeVariableValue('bool', 1)).toThrow(WireError);
    expect(() => encodeVariableValue('string', 'a'.repeat(1025))).toThrow(WireError);
  });
});

describe('answers of four bytes', () => {
  it.each([decodeFunctionResult, decodeTimeAnswer])('are refused at other lengths', (decode) => {
    expect(() => decode(new Uint8Array(3))).toThrow(WireError);
    expect(() => decode(new Uint8Array(5))).toThrow(WireError);
  });

  it('are signed for results and unsigned for the time', () => {
    expect(decodeFunctionResult(Uint8Array.of(0x80, 0, 0, 0))).toBe(-2_147_483_648);
    expect(decodeTimeAnswer(Uint8Array.of(0x80, 0, 0, 0))).toBe(2_147_483_648);
  });
});
