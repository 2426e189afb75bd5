import type { ShownProgress } from '@cloudchamber/contract';
import { describe, expect, it } from 'vitest';
import { readProgress, standing } from './update-standing.ts';

const PROGRESS: ShownProgress = {
  id: '6560f1a7b30c8d94e0012ab3',
  reason: 'lock',
  version: 7,
  stage: 'transferring',
  image: 0,
  images: 1,
  bytes: 131_072,
  total_bytes: 262_144,
  percent: 50,
  outcome: null,
  message: null,
};
const PENDING = { version: 7, reason: 'lock', rollout: null, blocked: null, retry_at: null, message: null } as const;

it('reads frames of progress and no others', () => {
  expect(readProgress({ event: 'progress', data: JSON.stringify(PROGRESS) })).toEqual(PROGRESS);
  expect(readProgress({ event: 'idle', data: '{"last":null}' })).toBeUndefined();
});

describe('standing', () => {
  it('measures while the update is under way', () => {
    expect(standing(PROGRESS, null, 7)).toMatchObject({ percent: 50 });
    expect(standing({ ...PROGRESS, stage: 'applying' }, null, 7)).toMatchObject({ percent: 100 });
  });

  it('says what the device waits for, and why it failed before', () => {
    expect(standing(undefined, { ...PENDING, blocked: 'offline' }, 7).text).toContain('offline');
    const failed: ShownProgress = { ...PROGRESS, outcome: 'no_progress', message: 'the device takes no more' };
    const { percent, text } = standing(failed, { ...PENDING, blocked: 'backing_off' }, 7);
    expect(percent).toBeUndefined();
    expect(text).toBe('The last attempt failed: the device takes no more. It is tried again by itself.');
  });

  it('waits for the word of the device when nothing is to be done any more', () => {
    expect(standing({ ...PROGRESS, outcome: 'succeeded' }, null, 7).text).toContain('says that it runs version 7');
  });
});
