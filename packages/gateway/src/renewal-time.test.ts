import { days, minutes, seconds } from '@cloudchamber/kernel';
import { describe, expect, it } from 'vitest';
import { RenewalTime } from './renewal-time.ts';

const AGE = days(3);
const made = (lastByte = 0): RenewalTime => new RenewalTime(0, AGE, Uint8Array.of(4, lastByte));

describe('RenewalTime', () => {
  it('is at a moment when the device is awake and nothing is under way', () => {
    expect(made().isTime(AGE - 1, seconds(2), true)).toBe(false);
    expect(made().isTime(AGE, seconds(2), true)).toBe(true);
    expect(made().isTime(AGE, 0, true)).toBe(false);
    expect(made().isTime(AGE, seconds(2), false)).toBe(false);
    expect(made().isTime(AGE, minutes(5), true)).toBe(false);
  });

  it('comes once, and again when the device did not hear of it', () => {
    const renewal = made();
    expect([renewal.isTime(AGE, seconds(2), true), renewal.isTime(AGE, seconds(2), true)]).toEqual([true, false]);
    renewal.failed();
    expect(renewal.isTime(AGE, seconds(2), true)).toBe(true);
  });

  it('does not wait for ever for a device that never is quiet', () => {
    expect(made().isTime(AGE * 1.09, 0, false)).toBe(false);
    expect(made().isTime(AGE * 1.1, 0, false)).toBe(true);
  });

  it('is spread over a tenth of the age', () => {
    const due = [0, 128, 255].map((byte) => {
      let at = AGE * 0.89;
      while (!made(byte).isTime(at, seconds(2), true)) at += minutes(1);
      return Math.round((at / AGE) * 100);
    });
    expect(due).toEqual([100, 95, 90]);
  });
});
