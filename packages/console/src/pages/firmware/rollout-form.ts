import type { Input } from '@cloudchamber/contract';

/** A step as the form has it; only the field of its kind counts. */
export interface StepFields {
  /** For the list of the form. */
  readonly key: string;
  readonly kind: 'percent' | 'count' | 'groups';
  /** Numbers are text while they are typed. */
  readonly percent: number | string;
  readonly count: number | string;
  readonly groups: string[];
}

export interface RolloutFields {
  readonly productDefault: boolean;
  readonly groups: string[];
  readonly steps: StepFields[];
  readonly pauseMinutes: number | string;
  readonly failureThresholdPercent: number | string;
  readonly deadlineMinutes: number | string;
  readonly immediate: boolean;
}

const USUAL_PERCENTS = [1, 10, 50, 100];
const MOST_STEPS = 20;
const MOST_MINUTES = 43_200;
const LEAST_DEADLINE = 5;

/** What the cloud takes when nothing is said: 1 %, 10 %, 50 % and 100 %. */
export function usualSteps(): StepFields[] {
  return USUAL_PERCENTS.map((percent) => ({
    key: `usual-${percent}`,
    kind: 'percent',
    percent,
    count: '',
    groups: [],
  }));
}

/** @returns what is wrong, by the path of the field; nothing when the cloud would take it, as far as that can be known here */
export function rolloutErrors(fields: RolloutFields): Record<string, string> {
  const errors: Record<string, string> = {};
  const demand = (field: string, isGood: boolean, text: string) => {
    if (!isGood) errors[field] = text;
  };
  demand('groups', fields.productDefault || fields.groups.length > 0, 'Choose the product default or a group');
  demand('pauseMinutes', isWhole(fields.pauseMinutes, 0, MOST_MINUTES), `0 to ${MOST_MINUTES}`);
  demand('deadlineMinutes', isWhole(fields.deadlineMinutes, LEAST_DEADLINE, MOST_MINUTES), `5 to ${MOST_MINUTES}`);
  demand('failureThresholdPercent', isBetween(fields.failureThresholdPercent, 0, 100), '0 to 100');
  demand('steps', fields.steps.length > 0, 'A rollout has at least one step');
  demand('steps', fields.steps.length <= MOST_STEPS, `A rollout has at most ${MOST_STEPS} steps`);
  let percentBefore = 0;
  let countBefore = 0;
  for (const [index, { kind, percent, count, groups }] of fields.steps.entries()) {
    const field = `steps.${index}.${kind}`;
    if (kind === 'percent') {
      const isGood = isBetween(percent, 0, 100) && Number(percent) > percentBefore;
      demand(field, isGood, `More than ${percentBefore} and at most 100`);
      if (isGood) percentBefore = Number(percent);
    } else if (kind === 'count') {
      const isGood = isWhole(count, countBefore + 1, 10_000_000);
      demand(field, isGood, `A whole number of more than ${countBefore}`);
      if (isGood) countBefore = Number(count);
    } else {
      demand(field, groups.length > 0, 'Choose at least one group');
    }
  }
  return errors;
}

/** What is sent for the fields. They have no errors. */
export function rolloutBody(version: number, fields: RolloutFields): Input<'createRollout'>['body'] {
  return {
    version,
    product_default: fields.productDefault,
    groups: fields.groups,
    steps: fields.steps.map(({ kind, percent, count, groups }) => {
      if (kind === 'percent') return { percent: Number(percent) };
      return kind === 'count' ? { count: Number(count) } : { groups };
    }),
    pause_minutes: Number(fields.pauseMinutes),
    failure_threshold_percent: Number(fields.failureThresholdPercent),
    deadline_minutes: Number(fields.deadlineMinutes),
    immediate: fields.immediate,
  };
}

/** @returns the step that follows: half of what is left, as a whole per cent */
export function nextStep(steps: readonly StepFields[], key: string): StepFields {
  const last = steps.reduce(
    (most, { kind, percent }) => (kind === 'percent' ? Math.max(most, Number(percent)) : most),
    0,
  );
  const percent = last >= 99 ? 100 : Math.round(last + (100 - last) / 2);
  return { key, kind: 'percent', percent, count: '', groups: [] };
}

function isBetween(value: number | string, least: number, most: number): boolean {
  return value !== '' && Number(value) >= least && Number(value) <= most;
}

function isWhole(value: number | string, least: number, most: number): boolean {
  return isBetween(value, least, most) && Number.isInteger(Number(value));
}
