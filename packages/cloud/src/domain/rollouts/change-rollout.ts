import type { Kysely } from 'kysely';
import type { Tables } from '../../store/index.ts';
import { firmwareTargets } from '../devices/index.ts';
import { announceFirmware } from '../releases/index.ts';
import { lockTeam } from '../teams/index.ts';
import { type Rollout, type RolloutCounts, rolloutChanges } from './rollout.ts';
import { countDevices } from './rollout-device-store.ts';
import type { RolloutParts } from './rollout-parts.ts';
import { changeRolloutRow, lockRollout, type RolloutChanges } from './rollout-store.ts';
import { appendEntry, type EntryKind } from './timeline-store.ts';

/** Something that happens to a rollout. */
export interface RolloutAction {
  readonly kind: EntryKind;
  /** Name of the account or program that does it, or `system`. */
  readonly actor: string;
  readonly changes: RolloutChanges;
  /** What the timeline says of it; the message of the rollout when absent. */
  readonly message?: string | null;
}

/** What devices should run doesn't change by these: their offers have a message of their own. */
const WITHOUT_TARGETS: readonly EntryKind[] = ['created', 'next_step', 'offered', 'waiting'];

/**
 * Changes a rollout as `decide` says, which sees it as it is behind the locks of its product and of itself; writes its timeline in the same
 * transaction, and tells streams of it afterwards.
 * @param decide resolves with undefined when nothing is to change
 * @returns the rollout as it is then, or undefined when nothing was changed or there is none any more
 */
export async function changeRollout(
  parts: RolloutParts,
  { id, productId }: Pick<Rollout, 'id' | 'productId'>,
  decide: (db: Kysely<Tables>, rollout: Rollout) => Promise<RolloutAction | undefined>,
): Promise<Rollout | undefined> {
  const at = parts.clock.now();
  const done = await parts.store.db.transaction().execute(async (db) => {
    if (!(await lockTeam(db, { kind: 'product', id: String(productId) }))) return undefined;
    const before = await lockRollout(db, id);
    const taken = before && (await decide(db, before));
    if (taken === undefined) return undefined;
    const rollout = await changeRolloutRow(db, id, at, taken.changes);
    return { rollout, taken, counts: await writeEntry(db, rollout, taken, at) };
  });
  if (done === undefined) return undefined;
  const { rollout, taken, counts } = done;
  if (!WITHOUT_TARGETS.includes(taken.kind)) parts.bus.publish(firmwareTargets, { productId });
  parts.bus.publish(rolloutChanges, { rolloutId: id });
  await tellOfRollout(parts, rollout, counts);
  return rollout;
}

/** Writes what has happened into the timeline. @returns the counts at this time */
export async function writeEntry(
  db: Kysely<Tables>,
  { id, step, state, message: why }: Rollout,
  { kind, actor, message = why }: Pick<RolloutAction, 'kind' | 'actor' | 'message'>,
  at: number,
): Promise<RolloutCounts> {
  const counts = await countDevices(db, id);
  await appendEntry(db, id, { at, kind, actor, step, state, message, counts });
  return counts;
}

/**
 * Publishes `particle/firmware/rollout/<state>` to the streams of the product, and `particle/firmware/release` when the version has become a release. What is lost
 * there stands in the timeline.
 */
export async function tellOfRollout(parts: RolloutParts, rollout: Rollout, counts: RolloutCounts): Promise<void> {
  const { id, productId, version, step, state, message, settings } = rollout;
  const data = { rollout: id, version, step: step + 1, state, message, counts };
  await announceFirmware(parts, parts.bus, productId, { name: `particle/firmware/rollout/${state}`, data });
  if (state === 'completed') await announceRelease(parts, productId, { version, immediate: settings.immediate });
}

/** Publishes `particle/firmware/release`. */
export async function announceRelease(
  parts: RolloutParts,
  productId: number,
  data: { readonly version: number; readonly immediate: boolean },
): Promise<void> {
  await announceFirmware(parts, parts.bus, productId, { name: 'particle/firmware/release', data });
}
