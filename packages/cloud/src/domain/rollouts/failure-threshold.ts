import type { RolloutCounts } from './rollout.ts';

/**
 * Have too many devices failed? Of all devices of the steps so far, so that a step is halted as soon as its failures cannot be under the threshold any more.
 * @param counts of the steps so far, without failures that were forgiven
 */
export function isOverThreshold(counts: RolloutCounts, thresholdPercent: number): boolean {
  const size = counts.offered + counts.succeeded + counts.failed;
  return counts.failed * 100 > thresholdPercent * size;
}
