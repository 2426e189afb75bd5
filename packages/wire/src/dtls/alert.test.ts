import { expect, it } from 'vitest';
import { WireError } from '../wire-error.ts';
import { closeNotify, decodeAlert, encodeAlert } from './alert.ts';

it('are two bytes', () => {
  expect(closeNotify().toString('hex')).toBe('0100');
  expect(decodeAlert(closeNotify())).toEqual({ level: 1, description: 0 });
  expect(decodeAlert(encodeAlert({ level: 2, description: 51 }))).toEqual({ level: 2, description: 51 });
});

it.each(['', '01', '010000', '0000', '0300'])('are not %j', (hex) => {
  expect(() => decodeAlert(Buffer.from(hex, 'hex'))).toThrow(WireError);
});
