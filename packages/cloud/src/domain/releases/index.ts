export {
  isDue,
  type Release,
  type Releases,
  type RolloutFact,
  type RunningFirmware,
  resolveTarget,
  type Target,
  type TargetFacts,
} from './resolve-target.ts';
export { findReleases, findTargetFacts, type MemberTarget, pageOfMembers } from './target-store.ts';
export { firmwareTargets, type TargetsChanged } from './target-topic.ts';
