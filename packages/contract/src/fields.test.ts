import { describe, expect, it } from 'vitest';
import { booleanField, integerField } from './fields.ts';

describe('integerField', () => {
  it.each([
    [5, 5],
    ['5', 5],
    ['-7', -7],
    ['007', 7],
  ])('%j is %i', (given, value) => {
    expect(integerField.parse(given)).toBe(value);
  });

  it.each(['', ' 5', '5.0', '1e3', '0x10', 5.5, Number.NaN, true, null, '9'.repeat(16)])('refuses %j', (given) => {
    expect(integerField.safeParse(given).success).toBe(false);
  });
});

describe('booleanField', () => {
  it.each([
    [true, true],
    ['1', true],
    [1, true],
    ['true', true],
    ['on', true],
    [false, false],
    ['0', false],
    [0, false],
    ['false', false],
    ['off', false],
  ])('%j is %s', (given, value) => {
    expect(booleanField.parse(given)).toBe(value);
  });

  it.each(['', 'yes', 2, null, 'TRUE'])('refuses %j', (given) => {
    expect(booleanField.safeParse(given).success).toBe(false);
  });
});
