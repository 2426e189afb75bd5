import { minutes } from '@cloudchamber/kernel';
import { expect, it } from 'vitest';
import { deadlineOf, nextStepAt, overdueSince } from './rollout-times.ts';

const rollout = {
  state: 'running' as const,
  step: 0,
  steps: [{ percent: 100 }],
  stepEndedAt: null,
  resumedAt: null,
  settings: { pauseMinutes: 60, deadlineMinutes: 30, failureThresholdPercent: 2, immediate: false },
};

it('gives a device its time from the offer on, and anew from when the rollout went on', () => {
  expect(deadlineOf(rollout, 1000)).toBe(1000 + minutes(30));
  expect(deadlineOf({ ...rollout, resumedAt: 5000 }, 1000)).toBe(5000 + minutes(30));
  expect(deadlineOf({ ...rollout, resumedAt: 500 }, 1000)).toBe(1000 + minutes(30));
});

it('finds the same devices overdue', () => {
  for (const resumedAt of [null, 500, 5000]) {
    const resumed = { ...rollout, resumedAt };
    const deadline = deadlineOf(resumed, 1000);
    expect(overdueSince(resumed, deadline) ?? 0).toBeGreaterThanOrEqual(1000);
    expect(overdueSince(resumed, deadline - 1) ?? 0).toBeLessThan(1000);
  }
});

it('has a next step only while it waits', () => {
  expect(nextStepAt(rollout)).toBeNull();
  expect(nextStepAt({ ...rollout, state: 'waiting', stepEndedAt: 1000 })).toBe(1000 + minutes(60));
  expect(nextStepAt({ ...rollout, state: 'paused', stepEndedAt: 1000 })).toBeNull();
});
