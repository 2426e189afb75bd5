import { seconds } from '@cloudchamber/kernel';
import { VirtualClock } from '@cloudchamber/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CoarseClock } from './coarse-clock.ts';

const TICK = 50;

describe('a coarse clock', () => {
  it('fires every timer once, never early and at most a tick late, in order of time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(3000), fc.nat(5000)), { maxLength: 60 }),
        fc.integer({ min: 0, max: 99 }),
        (timers, offset) => {
          const base = new VirtualClock();
          base.advance(offset);
          const clock = new CoarseClock(base, TICK);
          const fired: number[] = [];
          for (const [begin, delay] of timers) {
            base.after(begin, () => {
              const due = clock.monotonic() + delay;
              clock.after(delay, () => {
                fired.push(due);
                expect(clock.monotonic()).toBeGreaterThanOrEqual(due);
                expect(clock.monotonic() - due).toBeLessThanOrEqual(TICK);
              });
            });
          }
          base.advance(seconds(10));
          expect(fired).toHaveLength(timers.length);
          expect(base.pending).toBe(0);
        },
      ),
    );
  });

  it('holds one timer below for all, and none when nothing waits', () => {
    const base = new VirtualClock();
    const clock = new CoarseClock(base, TICK);
    const timers = Array.from({ length: 1000 }, (_, at) => clock.after(at * 10, () => {}));
    expect(base.pending).toBe(1);
    for (const timer of timers) timer.cancel();
    base.advance(seconds(11));
    expect(base.pending).toBe(0);
  });

  it('does not fire what was cancelled, also by an earlier timer of the same tick', () => {
    const base = new VirtualClock();
    const clock = new CoarseClock(base, TICK);
    const fired: string[] = [];
    clock.after(10, () => {
      fired.push('first');
      second.cancel();
    });
    const second = clock.after(11, () => fired.push('second'));
    base.advance(100);
    expect(fired).toEqual(['first']);
  });

  it('fires a timer of no delay that was set by another one', () => {
    const base = new VirtualClock();
    const clock = new CoarseClock(base, TICK);
    let fired = 0;
    clock.after(TICK, () => clock.after(0, () => (fired += 1)));
    base.advance(TICK * 3);
    expect(fired).toBe(1);
  });
});
