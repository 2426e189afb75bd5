import { minutes } from '@cloudchamber/kernel';
import type { Rollout } from './rollout.ts';

type Timed = Pick<Rollout, 'state' | 'step' | 'steps' | 'stepEndedAt' | 'settings' | 'resumedAt'>;

/** When the next step begins (ms UTC); null unless the rollout waits for that. */
export function nextStepAt({ state, stepEndedAt, settings }: Timed): number | null {
  return state === 'waiting' && stepEndedAt !== null ? stepEndedAt + minutes(settings.pauseMinutes) : null;
}

/** When a device that was offered the version at `offeredAt` counts as failed (ms UTC). Time in which the rollout stood still gives it the whole time anew. */
export function deadlineOf({ settings, resumedAt }: Timed, offeredAt: number): number {
  return Math.max(offeredAt, resumedAt ?? 0) + minutes(settings.deadlineMinutes);
}

/** Devices that were offered the version then or earlier have failed by `now`; undefined when none can have. Both are ms UTC. */
export function overdueSince({ settings, resumedAt }: Timed, now: number): number | undefined {
  const since = now - minutes(settings.deadlineMinutes);
  return (resumedAt ?? 0) > since ? undefined : since;
}
