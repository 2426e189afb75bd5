import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WireError } from '../wire-error.ts';
import { ConExchanges, DEVICE_RELIABILITY, emptyCon } from './index.ts';

const bytes = emptyCon(1);

/** Wakes the exchanges whenever they ask for it and notes what happened when. */
function runAlone(fraction: number): { sentAt: number[]; failedAt: number } {
  const exchanges = new ConExchanges<string>(DEVICE_RELIABILITY, () => fraction);
  exchanges.start(1, bytes, 'call', 0);
  const sentAt = [0];
  for (;;) {
    const now = exchanges.nextWakeAt;
    const { resend, failed } = exchanges.wake(now);
    if (failed.length > 0) return { sentAt, failedAt: now };
    expect(resend).toEqual([bytes]);
    sentAt.push(now);
  }
}

describe('ConExchanges', () => {
  it.each([
    [0, [0, 4000, 12_000, 28_000], 60_000],
    [0.5, [0, 5000, 15_000, 35_000], 75_000],
    [1, [0, 6000, 18_000, 42_000], 90_000],
  ])('sends four times and fails, with a draw of %d (protocol section 3.2)', (fraction, sentAt, failedAt) => {
    expect(runAlone(fraction)).toEqual({ sentAt, failedAt });
  });

  it('stays within the bounds of the protocol for any draw', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (fraction) => {
        const { sentAt, failedAt } = runAlone(fraction);
        expect(sentAt).toHaveLength(4);
        expect(failedAt).toBeGreaterThanOrEqual(60_000);
        expect(failedAt).toBeLessThanOrEqual(90_000);
      }),
    );
  });

  it('has nothing to do before the time, and nothing at all when empty', () => {
    const exchanges = new ConExchanges<string>(DEVICE_RELIABILITY, () => 0);
    expect(exchanges.nextWakeAt).toBe(Number.POSITIVE_INFINITY);
    exchanges.start(1, bytes, 'call', 1000);
    expect(exchanges.nextWakeAt).toBe(5000);
    expect(exchanges.wake(4999)).toEqual({ resend: [], failed: [] });
  });

  it('gives the tag back once when the answer comes', () => {
    const exchanges = new ConExchanges<string>(DEVICE_RELIABILITY, () => 0);
    exchanges.start(1, bytes, 'call', 0);
    expect(exchanges.settle(2)).toBeUndefined();
    expect(exchanges.settle(1)).toBe('call');
    expect(exchanges.settle(1)).toBeUndefined();
    expect(exchanges.size).toBe(0);
    expect(exchanges.nextWakeAt).toBe(Number.POSITIVE_INFINITY);
    expect(exchanges.wake(100_000)).toEqual({ resend: [], failed: [] });
  });

  it('still settles after repeats, and not after failure', () => {
    const exchanges = new ConExchanges<string>(DEVICE_RELIABILITY, () => 0);
    exchanges.start(1, bytes, 'late', 0);
    exchanges.start(2, bytes, 'never', 0);
    for (const now of [4000, 12_000, 28_000]) exchanges.wake(now);
    expect(exchanges.settle(1)).toBe('late');
    expect(exchanges.wake(60_000)).toEqual({ resend: [], failed: ['never'] });
    expect(exchanges.settle(2)).toBeUndefined();
  });

  it('moves on to the next one due when the first is settled or cancelled', () => {
    const exchanges = new ConExchanges<string>(DEVICE_RELIABILITY, () => 0);
    exchanges.start(1, bytes, 'a', 0);
    exchanges.start(2, bytes, 'b', 100);
    exchanges.start(3, bytes, 'c', 200);
    exchanges.settle(1);
    expect(exchanges.nextWakeAt).toBe(4100);
    exchanges.cancel(2);
    expect(exchanges.nextWakeAt).toBe(4200);
  });

  it('repeats each message once per wake, however late the wake is', () => {
    const exchanges = new ConExchanges<string>(DEVICE_RELIABILITY, () => 0);
    exchanges.start(1, bytes, 'call', 0);
    expect(exchanges.wake(50_000).resend).toHaveLength(1);
    expect(exchanges.nextWakeAt).toBe(58_000);
  });

  it('refuses an id that is still waiting', () => {
    const exchanges = new ConExchanges<string>(DEVICE_RELIABILITY, () => 0);
    exchanges.start(1, bytes, 'first', 0);
    expect(() => exchanges.start(1, bytes, 'second', 1)).toThrow(WireError);
    expect(exchanges.settle(1)).toBe('first');
    exchanges.start(1, bytes, 'third', 2);
    expect(exchanges.size).toBe(1);
  });

  it('hands every tag back when the session ends', () => {
    const exchanges = new ConExchanges<string>(DEVICE_RELIABILITY, () => 0);
    exchanges.start(1, bytes, 'a', 0);
    exchanges.start(2, bytes, 'b', 0);
    expect(exchanges.clear()).toEqual(['a', 'b']);
    expect(exchanges.size).toBe(0);
    expect(exchanges.nextWakeAt).toBe(Number.POSITIVE_INFINITY);
  });
});
