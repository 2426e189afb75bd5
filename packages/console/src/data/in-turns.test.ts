import { describe, expect, it } from 'vitest';
import { inTurns } from './in-turns.ts';

describe('inTurns', () => {
  it('runs no more at once than it may, in order, and goes on after a failure', async () => {
    const turn = inTurns(2);
    const begun: number[] = [];
    const ends = new Map<number, { resolve(value: number): void; reject(error: Error): void }>();
    const results = [0, 1, 2, 3].map((number) =>
      turn(() => {
        begun.push(number);
        return new Promise<number>((resolve, reject) => ends.set(number, { resolve, reject }));
      }),
    );
    await expect.poll(() => begun).toEqual([0, 1]);
    ends.get(1)?.reject(new Error('refused'));
    await expect(results[1]).rejects.toThrow('refused');
    await expect.poll(() => begun).toEqual([0, 1, 2]);
    ends.get(0)?.resolve(10);
    expect(await results[0]).toBe(10);
    await expect.poll(() => begun).toEqual([0, 1, 2, 3]);
    ends.get(2)?.resolve(12);
    ends.get(3)?.resolve(13);
    expect(await Promise.all([results[2], results[3]])).toEqual([12, 13]);
    expect(await turn(async () => 'free again')).toBe('free again');
  });
});
