import type { DeviceId } from '@cloudchamber/kernel';
import type { Kysely } from 'kysely';
import type { Bus } from '../../bus/index.ts';
import type { Store, Tables } from '../../store/index.ts';
import { subjectIdOf } from '../accounts/index.ts';
import type { ProductContext } from '../products/index.ts';
import { findReleases, findTargetFacts, requireReleasable, resolveTarget } from '../releases/index.ts';
import { actorName } from './actor-name.ts';
import { announceRelease, changeRollout } from './change-rollout.ts';
import { releaseToScope } from './release-to-scope.ts';
import { isActive, type Rollout } from './rollout.ts';
import { hurrySucceeded, pageOfDevices, retargetSucceeded } from './rollout-device-store.ts';
import { badRollout, rolloutNotFound, wrongState } from './rollout-errors.ts';
import { requireRollout } from './show-rollout.ts';

export interface RollBackInput {
  /** `release`: what is released to the devices otherwise. A number: that version, which is then released to the scope. */
  readonly to: 'release' | number;
  /** Devices that are online don't wait for their next handshake. */
  readonly immediate: boolean;
}

/** What becomes of the devices that run the version. */
export interface TakenBack {
  readonly devices: number;
  /** By version, the lowest first. */
  readonly backTo: readonly { readonly version: number; readonly devices: number }[];
  /** Those that keep running it, since there is nothing to send them. */
  readonly staying: number;
  /** For people: that, and what cannot be taken back. */
  readonly text: string;
}

const BATCH = 500;
const PAGE = 200;

/**
 * Ends a rollout and takes it back: what it put devices on doesn't count any more, so that they are sent what is released to them otherwise; or, with a
 * version, that version is released to the scope.
 * @throws DomainError `rollout.not_found`; `rollout.invalid` when the version is its own; `rollout.wrong_state` when it was rolled back, or is completed and no
 *   version is named; those of a release for a version that there is not, is archived or never ran
 */
export async function rollBackRollout(
  ctx: ProductContext,
  bus: Bus,
  id: string,
  { to, immediate }: RollBackInput,
): Promise<{ readonly rollout: Rollout; readonly takenBack: TakenBack }> {
  const found = await requireRollout(ctx, id);
  if (to === found.version) throw badRollout('to: is the version of the rollout itself');
  requireState(found, to);
  const actor = actorName(ctx.actor);
  const at = ctx.clock.now();
  const prepare = (db: Kysely<Tables>) => retarget(db, id, immediate ? undefined : at);
  // Most of them a little at a time; those that have succeeded meanwhile with the change itself.
  if (to === 'release') await prepare(ctx.store.db);
  const rollout = await changeRollout({ ...ctx, bus }, found, async (db, now) => {
    requireState(now, to);
    if (to === 'release') await prepare(db);
    else {
      await requireReleasable(db, now.productId, { version: to, groups: [] });
      if (!(await releaseToScope(db, now, { version: to, immediate, by: subjectIdOf(ctx.actor), at }))) {
        throw wrongState('The groups that the rollout was for are gone: roll it back to what is released');
      }
    }
    const message = `Rolled back to ${to === 'release' ? 'what is released' : `version ${to}`} by ${actor}`;
    const changes = { state: 'rolled_back', ended_at: now.endedAt ?? at, message } as const;
    return { kind: 'rolled_back', actor, changes };
  });
  if (rollout === undefined) throw rolloutNotFound();
  if (to !== 'release') await announceRelease({ ...ctx, bus }, rollout.productId, { version: to, immediate });
  return { rollout, takenBack: await forecast(ctx.store, rollout) };
}

function requireState({ state }: Rollout, to: RollBackInput['to']): void {
  if (isActive(state) || state === 'aborted') return;
  if (state === 'rolled_back') throw wrongState('The rollout is rolled back already');
  if (to !== 'release') return;
  throw wrongState(
    'The rollout is completed, so that its version is the release now: name the version to go back to, such as to: 6',
  );
}

/** @param at devices wait for a handshake after this time (ms UTC); for none when undefined */
async function retarget(db: Kysely<Tables>, id: string, at: number | undefined): Promise<void> {
  for (let changed = BATCH; changed >= BATCH; ) {
    changed = await (at === undefined ? hurrySucceeded(db, id, BATCH) : retargetSucceeded(db, id, at, BATCH));
  }
}

/** What the devices that run the version are to run now. */
async function forecast(store: Store, { id, productId, version }: Rollout): Promise<TakenBack> {
  const releases = await findReleases(store.history, productId);
  const counts = new Map<number, number>();
  let staying = 0;
  let after: DeviceId | undefined;
  do {
    const page = await pageOfDevices(store.history, id, 'succeeded', after, PAGE);
    const ids = page.map(({ deviceId }) => deviceId);
    for (const member of (await findTargetFacts(store.history, ids)).values()) {
      if (member.productId !== productId || member.running !== version) continue;
      const target = resolveTarget(member.facts, releases)?.version ?? version;
      if (target === version) staying += 1;
      else counts.set(target, (counts.get(target) ?? 0) + 1);
    }
    after = page.length < PAGE ? undefined : ids.at(-1);
  } while (after !== undefined);
  const backTo = [...counts].map(([to, devices]) => ({ version: to, devices })).sort((a, b) => a.version - b.version);
  const devices = backTo.reduce((sum, one) => sum + one.devices, staying);
  return { devices, backTo, staying, text: textFor(version, backTo, staying) };
}

function textFor(version: number, backTo: TakenBack['backTo'], staying: number): string {
  const sentences = backTo.map((to) => `${devicesOf(to.devices)} of version ${version} to get version ${to.version}.`);
  if (staying > 0) {
    sentences.push(
      `${devicesOf(staying)} to keep running version ${version}: there is nothing else to send them, since no other version is released or locked for them.`,
    );
  }
  if (backTo.length > 0) {
    sentences.push(
      'The application and its assets are replaced; parts of Device OS that came with it stay, since they never go back.',
    );
  }
  sentences.push('A device that no longer connects cannot be helped over the air.');
  return sentences.join(' ');
}

function devicesOf(count: number): string {
  return count === 1 ? '1 device is' : `${count} devices are`;
}
