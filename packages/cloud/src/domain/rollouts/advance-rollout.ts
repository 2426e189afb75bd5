import type { Kysely } from 'kysely';
import type { Tables } from '../../store/index.ts';
import { changeRollout, type RolloutAction } from './change-rollout.ts';
import { isOverThreshold } from './failure-threshold.ts';
import { releaseToScope } from './release-to-scope.ts';
import type { Rollout, RolloutCounts } from './rollout.ts';
import { countDevices, countSteps, firstOffer } from './rollout-device-store.ts';
import type { RolloutParts } from './rollout-parts.ts';
import { nextStepAt } from './rollout-times.ts';

/**
 * Halts a rollout of which too many devices failed, ends a step whose devices are decided, and begins the next one after the pause; after the last step the
 * version becomes an ordinary release to the scope, in the same transaction.
 * @returns the rollout as it is then, or undefined when it is not time for anything
 */
export async function advanceRollout(parts: RolloutParts, rollout: Rollout): Promise<Rollout | undefined> {
  const { store, clock } = parts;
  if (rollout.state === 'waiting') {
    if ((nextStepAt(rollout) ?? 0) > clock.now()) return undefined;
    return changeRollout(parts, rollout, async (_db, now) =>
      now.state === 'waiting' && now.step === rollout.step ? nextStep(now) : undefined,
    );
  }
  if (!isUnderWay(rollout) || (await verdictOf(store.history, rollout)) === undefined) return undefined;
  return changeRollout(parts, rollout, async (db, now) => {
    if (!isUnderWay(now)) return undefined;
    const verdict = await verdictOf(db, now);
    if (verdict === 'ended') return endStep(db, now, clock.now());
    return verdict && halt(now, verdict);
  });
}

function isUnderWay({ state, stepStartedAt }: Rollout): boolean {
  return state === 'running' && stepStartedAt !== null;
}

/** The counts that are over the threshold; `ended` when no device of the step waits any more; undefined while the step goes on. */
async function verdictOf(db: Kysely<Tables>, rollout: Rollout): Promise<RolloutCounts | 'ended' | undefined> {
  const counts = await countDevices(db, rollout.id, rollout.forgivenAt);
  if (isOverThreshold(counts, rollout.settings.failureThresholdPercent)) return counts;
  return (await firstOffer(db, rollout)) === undefined ? 'ended' : undefined;
}

function halt({ settings, forgivenAt }: Rollout, { offered, succeeded, failed }: RolloutCounts): RolloutAction {
  const size = offered + succeeded + failed;
  const since = forgivenAt === null ? '' : ' since it was resumed';
  const message = `${failed} of ${size} devices failed${since}, which is more than ${settings.failureThresholdPercent} %`;
  return { kind: 'halted', actor: 'system', changes: { state: 'halted', message } };
}

async function endStep(db: Kysely<Tables>, rollout: Rollout, at: number): Promise<RolloutAction> {
  if (rollout.step + 1 >= rollout.steps.length) return complete(db, rollout, at);
  const took = (await countSteps(db, [rollout.id])).get(rollout.id)?.has(rollout.step);
  // Nothing is learned from waiting after a step that found no device.
  if (!took) return nextStep(rollout);
  return { kind: 'waiting', actor: 'system', changes: { state: 'waiting', step_ended_at: at, message: null } };
}

function nextStep({ step }: Rollout): RolloutAction {
  const changes = {
    state: 'running',
    step: step + 1,
    step_started_at: null,
    step_ended_at: null,
    message: null,
  } as const;
  return { kind: 'next_step', actor: 'system', changes };
}

async function complete(db: Kysely<Tables>, rollout: Rollout, at: number): Promise<RolloutAction> {
  const { version, settings } = rollout;
  const release = { version, immediate: settings.immediate, by: 'system', at };
  const released = await releaseToScope(db, rollout, release);
  const ended = { step_ended_at: at, ended_at: at };
  if (released) return { kind: 'completed', actor: 'system', changes: { ...ended, state: 'completed', message: null } };
  const message = 'The groups that it was for are gone';
  return { kind: 'aborted', actor: 'system', changes: { ...ended, state: 'aborted', message } };
}
