import { hours } from '@cloudchamber/kernel';
import type { UserContext } from '../context.ts';
import type { AttemptRecorder, LeftOut } from './attempt-recorder.ts';
import { type AttemptCount, countAttempts } from './attempt-store.ts';

const SUMMED = hours(24);

/** How attempts of the last 24 hours ended. */
export interface AttemptSummary {
  /** ms UTC */
  readonly since: number;
  /** Largest first. */
  readonly counts: readonly AttemptCount[];
  readonly leftOut: LeftOut;
}

/** Counts how attempts of the last 24 hours ended; for operators. What repeats is counted whole when it was last seen in that time. */
export async function summarizeAttempts(
  ctx: UserContext,
  recorder: Pick<AttemptRecorder, 'leftOut'>,
): Promise<AttemptSummary> {
  const since = ctx.clock.now() - SUMMED;
  return { since, counts: await countAttempts(ctx.store.history, since), leftOut: recorder.leftOut };
}
