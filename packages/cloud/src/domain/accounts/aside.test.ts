import { silentLogger } from '@cloudchamber/kernel';
import { describe, expect, it } from 'vitest';
import { Aside } from './aside.ts';

describe('Aside', () => {
  it('settles when everything is done, failed or not, and what that began too', async () => {
    const aside = new Aside(silentLogger);
    const done: string[] = [];
    aside.run('fails', () => Promise.reject(new Error('no')));
    aside.run('goes on', async () => {
      await Promise.resolve();
      aside.run('later', async () => void done.push('later'));
      done.push('first');
    });
    await aside.settled();
    expect(done.toSorted()).toEqual(['first', 'later']);
  });

  it('does not wait for the work, and drops it when too much is under way', async () => {
    const lines: unknown[] = [];
    const aside = new Aside({ ...silentLogger, warn: (...line: unknown[]) => void lines.push(line) });
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let ran = 0;
    for (let n = 0; n < 101; n++)
      aside.run('waits', async () => {
        ran++;
        await gate;
      });
    expect([ran, lines.length]).toEqual([100, 1]);
    release();
    await aside.settled();
    aside.run('again', async () => void ran++);
    await aside.settled();
    expect(ran).toBe(101);
  });
});
