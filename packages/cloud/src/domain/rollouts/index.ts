export { abortRollout, pauseRollout, resumeRollout } from './control-rollout.ts';
export { createRollout } from './create-rollout.ts';
export { rollBackRollout, type TakenBack } from './roll-back-rollout.ts';
export type { Rollout, RolloutCounts } from './rollout.ts';
export { NO_COUNTS } from './rollout.ts';
export type { RolloutDevice } from './rollout-device-store.ts';
export { RolloutPruner } from './rollout-pruner.ts';
export { RolloutRunner } from './rollout-runner.ts';
export { nextStepAt } from './rollout-times.ts';
export {
  getRollout,
  listRolloutDevices,
  listRollouts,
  listTimeline,
  type ShownRollout,
  showRollout,
} from './show-rollout.ts';
export type { TimelineEntry } from './timeline-store.ts';
