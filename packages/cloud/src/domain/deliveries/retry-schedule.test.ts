import { days, hours, minutes, seconds } from '@cloudchamber/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isExpired, nextAttemptAt } from './retry-schedule.ts';

const NOW = Date.UTC(2026, 0, 10);
const even = { fraction: () => 0.5 };

describe('nextAttemptAt', () => {
  it('gives a compatible delivery three attempts, at 0, 30 and 60 s more, whatever Retry-After says', () => {
    const failed = { mode: 'compatible' as const, createdAt: NOW, now: NOW, retryAfterMs: hours(1) };
    const waits = [1, 2, 3, 4].map((attempts) => nextAttemptAt({ ...failed, attempts }, even));
    expect(waits).toEqual([NOW + seconds(30), NOW + seconds(60), null, null]);
  });

  it('gives a durable delivery three days', () => {
    const waits: number[] = [];
    let now = NOW;
    for (let attempts = 1; ; attempts++) {
      const at = nextAttemptAt({ mode: 'durable', attempts, createdAt: NOW, now, retryAfterMs: null }, even);
      if (at === null) break;
      waits.push(at - now);
      now = at;
    }
    expect(waits).toEqual([
      seconds(5),
      minutes(1),
      minutes(5),
      minutes(30),
      hours(2),
      hours(6),
      hours(12),
      hours(24),
      hours(24),
    ]);
    expect(now - NOW).toBeLessThan(days(3));
  });

  it('spreads durable attempts by a tenth each way', () => {
    const failed = { mode: 'durable' as const, attempts: 2, createdAt: NOW, now: NOW, retryAfterMs: null };
    expect(nextAttemptAt(failed, { fraction: () => 0 })).toBe(NOW + seconds(54));
    expect(nextAttemptAt(failed, { fraction: () => 1 })).toBe(NOW + seconds(66));
  });

  it('waits for Retry-After up to a day, and never less than by the schedule', () => {
    const failed = { mode: 'durable' as const, attempts: 2, createdAt: NOW, now: NOW };
    expect(nextAttemptAt({ ...failed, retryAfterMs: seconds(10) }, even)).toBe(NOW + minutes(1));
    expect(nextAttemptAt({ ...failed, retryAfterMs: minutes(10) }, even)).toBe(NOW + minutes(10));
    expect(nextAttemptAt({ ...failed, retryAfterMs: days(40) }, even)).toBe(NOW + days(1));
  });

  it('never plans an attempt in the past, nor later than three days after the first', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: days(4) }),
        fc.option(fc.integer({ min: 0, max: days(400) })),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempts, age, retryAfterMs, fraction) => {
          const failed = { mode: 'durable' as const, attempts, createdAt: NOW - age, now: NOW, retryAfterMs };
          const at = nextAttemptAt(failed, { fraction: () => fraction });
          if (at !== null) expect(at > NOW && at <= NOW - age + days(3)).toBe(true);
          else expect(NOW + days(1) + hours(3)).toBeGreaterThan(NOW - age + days(3));
        },
      ),
    );
  });
});

describe('isExpired', () => {
  it('is so after three days', () => {
    expect([isExpired(NOW, NOW + days(3)), isExpired(NOW, NOW + days(3) + 1)]).toEqual([false, true]);
  });
});
