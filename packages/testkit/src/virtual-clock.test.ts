import { describe, expect, it } from 'vitest';
import { VirtualClock } from './virtual-clock.ts';

describe('VirtualClock', () => {
  it('stands still until it is moved', () => {
    const clock = new VirtualClock(1_000);
    expect([clock.now(), clock.monotonic()]).toEqual([1_000, 0]);
    clock.advance(250);
    expect([clock.now(), clock.monotonic()]).toEqual([1_250, 250]);
  });

  it('runs due timers in order of time, then of age, each at its own time', () => {
    const clock = new VirtualClock(0);
    const seen: string[] = [];
    const note = (name: string) => () => seen.push(`${name}@${clock.now()}`);
    clock.after(30, note('c'));
    clock.after(10, note('a'));
    clock.after(30, note('d'));
    clock.after(20, note('b'));
    clock.after(31, note('later'));
    clock.advance(30);
    expect(seen).toEqual(['a@10', 'b@20', 'c@30', 'd@30']);
    expect(clock.pending).toBe(1);
  });

  it('runs timers that timers set, when they fall due in time', () => {
    const clock = new VirtualClock(0);
    const ticks: number[] = [];
    const tick = (): void => {
      ticks.push(clock.now());
      clock.after(10, tick);
    };
    clock.after(10, tick);
    clock.advance(35);
    expect(ticks).toEqual([10, 20, 30]);
  });

  it('forgets cancelled timers, also one cancelled by a neighbour that fires first', () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    const first = clock.after(10, () => {
      seen.push('first');
      second.cancel();
    });
    const second = clock.after(10, () => seen.push('second'));
    clock.advance(20);
    first.cancel();
    expect(seen).toEqual(['first']);
    expect(clock.pending).toBe(0);
  });

  it('lets promises proceed between timers in elapse', async () => {
    const clock = new VirtualClock(0);
    const seen: number[] = [];
    const sleep = (ms: number): Promise<void> => new Promise((resolve) => clock.after(ms, resolve));
    const loop = async (): Promise<void> => {
      for (let round = 0; round < 3; round++) {
        await sleep(100);
        seen.push(clock.now());
      }
    };
    const done = loop();
    await clock.elapse(1_000);
    await done;
    expect(seen).toEqual([100, 200, 300]);
    expect(clock.now()).toBe(1_000);
  });
});
