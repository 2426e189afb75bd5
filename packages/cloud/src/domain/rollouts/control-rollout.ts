import type { Kysely } from 'kysely';
import type { Bus } from '../../bus/index.ts';
import type { Tables } from '../../store/index.ts';
import type { ProductContext } from '../products/index.ts';
import { actorName } from './actor-name.ts';
import { changeRollout, type RolloutAction } from './change-rollout.ts';
import { isActive, type Rollout, type RolloutState } from './rollout.ts';
import { countDevices } from './rollout-device-store.ts';
import { rolloutNotFound, wrongState } from './rollout-errors.ts';
import { requireRollout } from './show-rollout.ts';
import { countEntries } from './timeline-store.ts';

/** One that is paused and resumed again and again has a timeline with an end. */
const MOST_ENTRIES = 1000;

/**
 * Nothing more is offered or started; transfers that are under way end.
 * @throws DomainError `rollout.not_found`; `rollout.wrong_state` unless it is running or waiting, or when its timeline is full
 */
export function pauseRollout(ctx: ProductContext, bus: Bus, id: string): Promise<Rollout> {
  return control(ctx, bus, id, async (db, { state }, actor) => {
    if (state !== 'running' && state !== 'waiting') throw refusedIn(state, 'paused', 'running or waiting');
    if ((await countEntries(db, id)) >= MOST_ENTRIES) {
      throw wrongState('The rollout was paused and resumed too often: abort it, or let it end');
    }
    return { kind: 'paused', actor, changes: { state: 'paused', message: `Paused by ${actor}` } };
  });
}

/**
 * Goes on where it stood still. Devices that wait have their whole time anew. After a halt the failures so far are forgiven.
 * @throws DomainError `rollout.not_found`; `rollout.wrong_state` unless it is paused or halted
 */
export function resumeRollout(ctx: ProductContext, bus: Bus, id: string): Promise<Rollout> {
  return control(ctx, bus, id, async (db, { state, stepEndedAt }, actor) => {
    if (state !== 'paused' && state !== 'halted') throw refusedIn(state, 'resumed', 'paused or halted');
    const at = ctx.clock.now();
    const next: RolloutState = stepEndedAt === null ? 'running' : 'waiting';
    const changes = { state: next, resumed_at: at, message: null };
    if (state === 'paused') return { kind: 'resumed', actor, changes };
    const { failed } = await countDevices(db, id);
    const message = `${failed} failure${failed === 1 ? '' : 's'} so far no longer count`;
    return { kind: 'resumed', actor, message, changes: { ...changes, forgiven_at: at } };
  });
}

/**
 * Ends it: devices that run the version stay on it, all others get what is released to them otherwise.
 * @throws DomainError `rollout.not_found`; `rollout.wrong_state` when it has ended
 */
export function abortRollout(ctx: ProductContext, bus: Bus, id: string): Promise<Rollout> {
  return control(ctx, bus, id, async (_db, { state }, actor) => {
    if (!isActive(state)) throw refusedIn(state, 'aborted', 'running, waiting, paused or halted');
    const changes = { state: 'aborted', ended_at: ctx.clock.now(), message: `Aborted by ${actor}` } as const;
    return { kind: 'aborted', actor, changes };
  });
}

async function control(
  ctx: ProductContext,
  bus: Bus,
  id: string,
  decide: (db: Kysely<Tables>, rollout: Rollout, actor: string) => Promise<RolloutAction>,
): Promise<Rollout> {
  const rollout = await requireRollout(ctx, id);
  const changed = await changeRollout({ ...ctx, bus }, rollout, (db, now) => decide(db, now, actorName(ctx.actor)));
  if (changed === undefined) throw rolloutNotFound();
  return changed;
}

function refusedIn(state: RolloutState, what: string, states: string) {
  return wrongState(`The rollout is ${state.replace('_', ' ')}: only one that is ${states} can be ${what}`);
}
