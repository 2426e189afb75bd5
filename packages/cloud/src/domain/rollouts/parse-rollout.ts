import type { RolloutScope, RolloutSettings, RolloutStep } from './rollout.ts';
import { badRollout } from './rollout-errors.ts';

/** One of the three is there. */
interface StepInput {
  readonly percent?: number | undefined;
  readonly count?: number | undefined;
  readonly groups?: readonly string[] | undefined;
}

export interface RolloutInput {
  readonly version: number;
  readonly productDefault?: boolean | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly steps?: readonly StepInput[] | undefined;
  readonly pauseMinutes?: number | undefined;
  readonly failureThresholdPercent?: number | undefined;
  readonly deadlineMinutes?: number | undefined;
  readonly immediate?: boolean | undefined;
}

export interface ParsedRollout {
  readonly version: number;
  readonly scope: RolloutScope;
  readonly steps: readonly RolloutStep[];
  readonly settings: RolloutSettings;
}

const MAX_VERSION = 65_535;
const MAX_STEPS = 20;
const MAX_GROUPS = 500;
const MAX_COUNT = 10_000_000;
/** 30 days. */
const MAX_MINUTES = 43_200;
const MIN_DEADLINE = 5;

const USUAL_STEPS: readonly RolloutStep[] = [{ percent: 1 }, { percent: 10 }, { percent: 50 }, { percent: 100 }];
const USUAL_PAUSE = 60;
const USUAL_THRESHOLD = 2;
const USUAL_DEADLINE = 1440;

/**
 * What was asked for, with what is usual in place of what was left out. Whether version and groups exist is not looked at.
 * @throws DomainError `rollout.invalid`, which names the field.
 */
export function parseRollout(input: RolloutInput): ParsedRollout {
  const { version, productDefault = false, immediate = false } = input;
  if (!isIntegerBetween(version, 1, MAX_VERSION)) throw badRollout('version: must be an integer from 1 to 65535');
  const groups = parseGroups('groups', input.groups ?? []);
  if (!productDefault && groups.length === 0) {
    throw badRollout('groups: name at least one group, or send product_default: true');
  }
  const pauseMinutes = input.pauseMinutes ?? USUAL_PAUSE;
  if (!isIntegerBetween(pauseMinutes, 0, MAX_MINUTES)) {
    throw badRollout(`pause_minutes: must be an integer from 0 to ${MAX_MINUTES}`);
  }
  const deadlineMinutes = input.deadlineMinutes ?? USUAL_DEADLINE;
  if (!isIntegerBetween(deadlineMinutes, MIN_DEADLINE, MAX_MINUTES)) {
    throw badRollout(`deadline_minutes: must be an integer from ${MIN_DEADLINE} to ${MAX_MINUTES}`);
  }
  const failureThresholdPercent = input.failureThresholdPercent ?? USUAL_THRESHOLD;
  if (!(failureThresholdPercent >= 0 && failureThresholdPercent <= 100)) {
    throw badRollout('failure_threshold_percent: must be a number from 0 to 100');
  }
  const settings = { pauseMinutes, failureThresholdPercent, deadlineMinutes, immediate };
  const steps = input.steps === undefined ? USUAL_STEPS : parseSteps(input.steps);
  return { version, scope: { productDefault, groups }, steps, settings };
}

function parseSteps(inputs: readonly StepInput[]): RolloutStep[] {
  if (inputs.length === 0) throw badRollout('steps: must have at least one step');
  if (inputs.length > MAX_STEPS) throw badRollout(`steps: must have at most ${MAX_STEPS} steps`);
  let percentBefore = 0;
  let countBefore = 0;
  return inputs.map((input, index) => {
    const field = `steps.${index}`;
    const { percent, count, groups } = input;
    if ([percent, count, groups].filter((value) => value !== undefined).length !== 1) {
      throw badRollout(`${field}: must have one of percent, count and groups`);
    }
    if (percent !== undefined) {
      if (!(percent > percentBefore && percent <= 100)) {
        throw badRollout(`${field}.percent: must be more than ${percentBefore} and at most 100`);
      }
      percentBefore = percent;
      return { percent };
    }
    if (count !== undefined) {
      if (!isIntegerBetween(count, countBefore + 1, MAX_COUNT)) {
        throw badRollout(`${field}.count: must be an integer from ${countBefore + 1} to ${MAX_COUNT}`);
      }
      countBefore = count;
      return { count };
    }
    const names = parseGroups(`${field}.groups`, groups ?? []);
    if (names.length === 0) throw badRollout(`${field}.groups: must name at least one group`);
    return { groups: names };
  });
}

function parseGroups(field: string, names: readonly string[]): string[] {
  const different = [...new Set(names)];
  if (different.length > MAX_GROUPS) throw badRollout(`${field}: must name at most ${MAX_GROUPS} groups`);
  return different;
}

function isIntegerBetween(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
