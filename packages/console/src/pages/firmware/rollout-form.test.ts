import { describe, expect, it } from 'vitest';
import {
  nextStep,
  type RolloutFields,
  rolloutBody,
  rolloutErrors,
  type StepFields,
  usualSteps,
} from './rollout-form.ts';

const FIELDS: RolloutFields = {
  productDefault: true,
  groups: [],
  steps: usualSteps(),
  pauseMinutes: 60,
  failureThresholdPercent: 2,
  deadlineMinutes: 1440,
  immediate: false,
};
const percent = (value: number | string): StepFields => ({
  key: 'a',
  kind: 'percent',
  percent: value,
  count: '',
  groups: [],
});
const count = (value: number | string): StepFields => ({
  key: 'b',
  kind: 'count',
  percent: '',
  count: value,
  groups: [],
});
const groups = (...names: string[]): StepFields => ({
  key: 'c',
  kind: 'groups',
  percent: '',
  count: '',
  groups: names,
});
const withSteps = (...steps: StepFields[]): RolloutFields => ({ ...FIELDS, steps });

describe('rolloutErrors', () => {
  it('takes what is usual, and steps of every kind that rise', () => {
    expect(rolloutErrors(FIELDS)).toEqual({});
    expect(
      rolloutErrors(withSteps(percent(0.5), count(1), percent(50), count(2), groups('beta'), percent(100))),
    ).toEqual({});
  });

  it.each([
    [withSteps(percent(10), percent(10)), 'steps.1.percent'],
    [withSteps(percent(''), percent(5)), 'steps.0.percent'],
    [withSteps(percent(101)), 'steps.0.percent'],
    [withSteps(count(5), count(5)), 'steps.1.count'],
    [withSteps(count(1.5)), 'steps.0.count'],
    [withSteps(groups()), 'steps.0.groups'],
    [withSteps(), 'steps'],
    [{ ...FIELDS, steps: Array.from({ length: 21 }, (_, index) => count(index + 1)) }, 'steps'],
    [{ ...FIELDS, productDefault: false }, 'groups'],
    [{ ...FIELDS, pauseMinutes: -1 }, 'pauseMinutes'],
    [{ ...FIELDS, pauseMinutes: '' }, 'pauseMinutes'],
    [{ ...FIELDS, failureThresholdPercent: 101 }, 'failureThresholdPercent'],
    [{ ...FIELDS, deadlineMinutes: 4 }, 'deadlineMinutes'],
  ])('names the one field that is wrong (%#)', (fields, field) => {
    expect(Object.keys(rolloutErrors(fields))).toEqual([field]);
  });
});

it('sends one key for each step, and numbers', () => {
  const fields = { ...withSteps(percent('5'), count(20), groups('beta')), groups: ['beta'], pauseMinutes: '0' };
  expect(rolloutBody(7, fields)).toEqual({
    version: 7,
    product_default: true,
    groups: ['beta'],
    steps: [{ percent: 5 }, { count: 20 }, { groups: ['beta'] }],
    pause_minutes: 0,
    failure_threshold_percent: 2,
    deadline_minutes: 1440,
    immediate: false,
  });
});

it('adds a step half way to all devices', () => {
  expect(nextStep([percent(10)], 'd').percent).toBe(55);
  expect(nextStep([groups('beta')], 'd').percent).toBe(50);
  expect(nextStep([percent(100)], 'd').percent).toBe(100);
});
