import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimerQueue } from './timer-queue.ts';

const nothing = (): void => {};

describe('a queue of timers', () => {
  it('gives them back by time, then by age, without the cancelled ones', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), due: fc.nat(20) }),
      fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(200) }),
      fc.record({ kind: fc.constant('take' as const), end: fc.nat(20) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const queue = new TimerQueue();
        const added: ReturnType<TimerQueue['add']>[] = [];
        const waiting = new Set<ReturnType<TimerQueue['add']>>();
        for (const one of steps) {
          if (one.kind === 'add') {
            const timer = queue.add(one.due, nothing);
            added.push(timer);
            waiting.add(timer);
          } else if (one.kind === 'cancel') {
            const timer = added[one.which];
            if (timer === undefined) continue;
            queue.cancel(timer);
            waiting.delete(timer);
          } else {
            const [expected] = [...waiting]
              .filter(({ due }) => due <= one.end)
              .sort((a, b) => a.due - b.due || a.order - b.order);
            expect(queue.take(one.end)).toBe(expected);
            if (expected) waiting.delete(expected);
          }
          expect(queue.size).toBe(waiting.size);
        }
      }),
    );
  });

  it('forgets what was cancelled before its time comes', () => {
    const queue = new TimerQueue();
    for (let round = 0; round < 10_000; round++) queue.cancel(queue.add(1e9 + round, nothing));
    queue.add(5, nothing);
    expect(queue.size).toBe(1);
    expect(queue.take(10)?.due).toBe(5);
    expect(queue.take(2e9)).toBeUndefined();
  });
});
