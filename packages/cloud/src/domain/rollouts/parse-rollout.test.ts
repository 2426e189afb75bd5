import { describe, expect, it } from 'vitest';
import { parseRollout, type RolloutInput } from './parse-rollout.ts';

const all = { version: 7, productDefault: true };

describe('parseRollout', () => {
  it('puts what is usual in place of what is left out', () => {
    expect(parseRollout(all)).toEqual({
      version: 7,
      scope: { productDefault: true, groups: [] },
      steps: [{ percent: 1 }, { percent: 10 }, { percent: 50 }, { percent: 100 }],
      settings: { pauseMinutes: 60, failureThresholdPercent: 2, deadlineMinutes: 1440, immediate: false },
    });
  });

  it('takes steps of every kind, each rising among its own', () => {
    const steps = [{ groups: ['beta', 'beta'] }, { count: 5 }, { percent: 0.5 }, { count: 6 }, { percent: 100 }];
    const { steps: parsed, scope } = parseRollout({ version: 1, groups: ['beta', 'north', 'beta'], steps });
    expect(parsed).toEqual([{ groups: ['beta'] }, ...steps.slice(1)]);
    expect(scope).toEqual({ productDefault: false, groups: ['beta', 'north'] });
  });

  const many = Array.from({ length: 21 }, (_, index) => ({ count: index + 1 }));
  it.each<[string, Partial<RolloutInput>, RegExp]>([
    ['a version of 0', { version: 0 }, /^version: /],
    ['a version of 65536', { version: 65_536 }, /^version: /],
    ['a version with a fraction', { version: 7.5 }, /^version: /],
    ['nobody to release it to', { productDefault: false }, /^groups: /],
    ['no steps', { steps: [] }, /^steps: must have at least one/],
    ['21 steps', { steps: many }, /^steps: must have at most 20/],
    ['a step of nothing', { steps: [{ percent: 1 }, {}] }, /^steps\.1: must have one of/],
    ['a step of two kinds', { steps: [{ percent: 1, count: 2 }] }, /^steps\.0: must have one of/],
    ['0 %', { steps: [{ percent: 0 }] }, /^steps\.0\.percent: must be more than 0 and at most 100/],
    ['101 %', { steps: [{ percent: 101 }] }, /^steps\.0\.percent: /],
    ['no number of percent', { steps: [{ percent: Number.NaN }] }, /^steps\.0\.percent: /],
    ['percents that fall', { steps: [{ percent: 10 }, { percent: 5 }] }, /^steps\.1\.percent: must be more than 10/],
    ['the same percent twice', { steps: [{ percent: 10 }, { percent: 10 }] }, /^steps\.1\.percent: /],
    ['counts that fall', { steps: [{ count: 10 }, { percent: 1 }, { count: 9 }] }, /^steps\.2\.count: .* from 11 to/],
    ['half a device', { steps: [{ count: 1.5 }] }, /^steps\.0\.count: /],
    ['a step of no group', { steps: [{ groups: [] }] }, /^steps\.0\.groups: /],
    ['a pause before the end', { pauseMinutes: -1 }, /^pause_minutes: /],
    ['a pause of months', { pauseMinutes: 43_201 }, /^pause_minutes: /],
    ['a deadline of no time', { deadlineMinutes: 4 }, /^deadline_minutes: .* from 5 to 43200/],
    ['a deadline with a fraction', { deadlineMinutes: 60.5 }, /^deadline_minutes: /],
    ['a negative threshold', { failureThresholdPercent: -0.1 }, /^failure_threshold_percent: /],
    ['a threshold of 101 %', { failureThresholdPercent: 101 }, /^failure_threshold_percent: /],
  ])('refuses %s', (_what, change, message) => {
    expect(() => parseRollout({ ...all, ...change })).toThrow(
      expect.objectContaining({ code: 'rollout.invalid', kind: 'invalid', message: expect.stringMatching(message) }),
    );
  });
});
