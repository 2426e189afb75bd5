import { describe, expect, it } from 'vitest';
import { type Rollout, readStep, rolloutLine, rolloutText } from './rollout-text.ts';

const counts = { offered: 6, succeeded: 3, failed: 1, left: 0 };
const rollout: Rollout = {
  id: '65d0f1a2b3c4d5e6f7081920',
  version: 7,
  product_default: true,
  groups: ['beta'],
  state: 'rolled_back',
  message: 'too \u001b[31mmany',
  step: 1,
  next_at: null,
  pause_minutes: 60,
  failure_threshold_percent: 2,
  deadline_minutes: 1440,
  immediate: false,
  ...counts,
  percent: 40,
  passed_over: null,
  steps: [
    { percent: 5, state: 'running', ...counts, percent_decided: 40 },
    { groups: ['beta', 'lab'], state: 'to_come', offered: 0, succeeded: 0, failed: 0, left: 0, percent_decided: 0 },
  ],
  created_by: 'ann@example.net',
  created_at: '2026-02-03T08:15:00.000Z',
  updated_at: '2026-02-03T09:20:00.000Z',
  ended_at: null,
};

describe('the words of a rollout', () => {
  it('read steps', () => {
    expect(['10%', '0.5%', '50', 'beta, lab'].map(readStep)).toEqual([
      { percent: 10 },
      { percent: 0.5 },
      { count: 50 },
      { groups: ['beta', 'lab'] },
    ]);
    expect(() => readStep('beta,')).toThrow(/--step is such as/);
  });

  it('tell how it stands', () => {
    expect(rolloutLine(rollout)).toBe(
      'version 7: rolled back, step 1 of 2, 40 % decided (3 run it, 1 failed, 6 to go): too many',
    );
    expect(rolloutText(rollout).slice(1)).toEqual([
      'To the default and the group beta, by ann@example.net',
      'STEP  REACHES    STATE    RUN IT  FAILED  TO GO  LEFT',
      '1     5 %        running  3       1       6      0',
      '2     beta, lab  to come  0       0       0      0',
    ]);
  });
});
