import { describe, expect, it } from 'vitest';
import { atMost } from './at-most.ts';

describe('atMost', () => {
  it('runs no more at once, in their order, and goes on after failures', async () => {
    const limit = atMost(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const all = [0, 1, 2, 3].map((at) =>
      limit(async () => {
        begun.push(at);
        await new Promise<void>((resolve) => ends.push(resolve));
        if (at === 0) throw new Error('broken');
        return at;
      }),
    );
    const settled = Promise.allSettled(all);
    const end = async (at: number) => {
      ends[at]?.();
      await new Promise(setImmediate);
    };
    await new Promise(setImmediate);
    expect(begun).toEqual([0, 1]);
    await end(0);
    expect(begun).toEqual([0, 1, 2]);
    await end(1);
    await end(2);
    await end(3);
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
    expect(await limit(async () => 7)).toBe(7);
  });
});
