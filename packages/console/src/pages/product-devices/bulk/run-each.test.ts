import { ApiError } from '@cloudchamber/contract/client';
import { expect, it } from 'vitest';
import { runEach } from './run-each.ts';

const ids = ['a', 'b', 'c', 'd', 'e', 'f'];

it('runs each once, four at a time, and says which failed', async () => {
  const ran: string[] = [];
  const progress: number[] = [];
  let under = 0;
  let most = 0;
  const failures = await runEach({
    ids,
    run: async (id) => {
      under += 1;
      most = Math.max(most, under);
      await Promise.resolve();
      under -= 1;
      ran.push(id);
      if (id === 'c') throw new Error('gone');
    },
    onProgress: (done) => progress.push(done),
    wait: () => Promise.reject(new Error('nothing asks to wait')),
  });
  expect(ran.toSorted()).toEqual(ids);
  expect(most).toBe(4);
  expect(progress).toEqual([1, 2, 3, 4, 5, 6]);
  expect(failures).toEqual([{ id: 'c', error: new Error('gone') }]);
});

it('waits as long as the cloud asks, and tries again', async () => {
  const waits: number[] = [];
  let refused = false;
  const failures = await runEach({
    ids: ['a'],
    run: async () => {
      if (refused) return;
      refused = true;
      throw new ApiError('slow down', { status: 429, retryAfterSeconds: 3 });
    },
    onProgress: () => {},
    wait: async (seconds) => {
      waits.push(seconds);
    },
  });
  expect([waits, failures]).toEqual([[3], []]);
});
