import { beforeEach, describe, expect, it } from 'vitest';
import { pacedFrames } from './paced-frames.ts';

describe('when the list of events moves', () => {
  let now = 0;
  let waits: number[] = [];
  let told = 0;
  const tell = () => {
    told += 1;
  };
  const paced = () =>
    pacedFrames({
      frame: (run) => run(),
      wait: (run, ms) => {
        waits.push(ms);
        now += ms;
        run();
      },
      now: () => now,
    });

  beforeEach(() => {
    now = 0;
    waits = [];
    told = 0;
  });

  it('is every frame while few events come', () => {
    const schedule = paced();
    for (let at = 0; at < 10; at++) {
      now += 100;
      schedule(tell, 5);
    }
    expect([told, waits]).toEqual([10, []]);
  });

  it('is about twice a second while many do, and every frame again afterwards', () => {
    const schedule = paced();
    now = 1000;
    schedule(tell, 0);
    now = 1016;
    schedule(tell, 0);
    now = 1020;
    schedule(tell, 16);
    expect(waits).toEqual([446]);
    schedule(tell, 450);
    expect(waits).toEqual([446, 450]);
    now += 100;
    schedule(tell, 0);
    now += 100;
    schedule(tell, 2);
    expect([told, waits.length]).toEqual([6, 2]);
  });

  it('shows at once what a person did', () => {
    const schedule = paced();
    now = 16;
    schedule(tell, 0);
    schedule(tell, 0);
    expect(waits).toEqual([]);
  });
});
