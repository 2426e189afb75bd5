import { type Entropy, seededEntropy } from '@cloudchamber/kernel';
import { describe, expect, it } from 'vitest';
import { BackOff } from './back-off.ts';

describe('back-off', () => {
  it('doubles from 1 s to 60 s, waits between half and the whole of that, and starts over after success', () => {
    const backOff = new BackOff(seededEntropy(1));
    const longest = [1, 2, 4, 8, 16, 32, 60, 60, 60];
    for (const seconds of longest) {
      const wait = backOff.next();
      expect(wait).toBeGreaterThanOrEqual(seconds * 500);
      expect(wait).toBeLessThan(seconds * 1000);
    }
    backOff.reset();
    expect(backOff.next()).toBeLessThan(1000);
  });

  it('stays at a minute after a very long time', () => {
    const half: Entropy = { ...seededEntropy(1), fraction: () => 0 };
    const backOff = new BackOff(half);
    for (let failure = 0; failure < 5000; failure++) backOff.next();
    expect(backOff.next()).toBe(30_000);
  });
});
