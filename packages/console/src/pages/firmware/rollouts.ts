import type { Output } from '@cloudchamber/contract';

export type Rollout = Output<'getRollout'>['rollout'];
export type RolloutState = Rollout['state'];
export type RolloutStepShown = Rollout['steps'][number];
export type TimelineEntry = Output<'listRolloutTimeline'>['entries'][number];

const ACTIVE: readonly RolloutState[] = ['running', 'waiting', 'paused', 'halted'];

/** Whether it has not ended. */
export function isActive({ state }: Pick<Rollout, 'state'>): boolean {
  return ACTIVE.includes(state);
}

/** How a state is called and coloured. */
export const STATES: Readonly<Record<RolloutState, { readonly label: string; readonly color: string }>> = {
  running: { label: 'Running', color: 'blue' },
  waiting: { label: 'Waiting', color: 'blue' },
  paused: { label: 'Paused', color: 'gray' },
  halted: { label: 'Halted', color: 'red' },
  completed: { label: 'Completed', color: 'teal' },
  aborted: { label: 'Aborted', color: 'gray' },
  rolled_back: { label: 'Rolled back', color: 'gray' },
};

/** What stands in the timeline for each kind of entry. */
export const ENTRIES: Readonly<Record<TimelineEntry['kind'], string>> = {
  created: 'Rollout begun',
  next_step: 'Next step',
  offered: 'Devices chosen',
  waiting: 'Step done: pause',
  paused: 'Paused',
  resumed: 'Resumed',
  halted: 'Halted',
  completed: 'Completed',
  aborted: 'Aborted',
  rolled_back: 'Rolled back',
};

/** What a step reaches, such as "10 % of the devices". */
export function reachText({ percent, count, groups }: Pick<RolloutStepShown, 'percent' | 'count' | 'groups'>): string {
  if (percent !== undefined) return `${percent} % of the devices`;
  if (count !== undefined) return count === 1 ? '1 device' : `${count.toLocaleString('en')} devices in all`;
  return `Every device in ${(groups ?? []).join(', ')}`;
}

/** What may be done with a rollout in a state. */
export function actionsIn(state: RolloutState): {
  readonly pause: boolean;
  readonly resume: boolean;
  readonly abort: boolean;
  readonly rollBack: boolean;
} {
  return {
    pause: state === 'running' || state === 'waiting',
    resume: state === 'paused' || state === 'halted',
    abort: ACTIVE.includes(state),
    rollBack: state !== 'rolled_back',
  };
}

/** Devices of all states. */
export function reached({
  offered,
  succeeded,
  failed,
  left,
}: Pick<RolloutStepShown, 'offered' | 'succeeded' | 'failed' | 'left'>): number {
  return offered + succeeded + failed + left;
}
