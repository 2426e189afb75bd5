import type { Kysely } from 'kysely';
import type { Bus } from '../../bus/index.ts';
import type { Tables } from '../../store/index.ts';
import { holdProduct } from '../devices/index.ts';
import type { ProductContext } from '../products/index.ts';
import { findReleases, requireReleasable } from '../releases/index.ts';
import { actorName } from './actor-name.ts';
import { tellOfRollout, writeEntry } from './change-rollout.ts';
import { type ParsedRollout, parseRollout, type RolloutInput } from './parse-rollout.ts';
import { type Rollout, rolloutChanges } from './rollout.ts';
import { badRollout, rolloutUnderWay, tooManyRollouts, wrongState } from './rollout-errors.ts';
import { countRollouts, findActiveRollouts, findGroupsNamed, insertRollout } from './rollout-store.ts';

/** Of one product, those that have ended among them. */
const MAX_ROLLOUTS = 200;
const ID_BYTES = 12;

/**
 * Begins the release of a version in steps. Its first step is chosen at once, by the `RolloutRunner`.
 * @throws DomainError `rollout.invalid`, which names the field; those of a release for a version that there is not, is archived or never ran (OTA-08);
 *   `rollout.under_way`, `rollout.too_many`; `rollout.wrong_state` when a higher version is released to one of the groups.
 */
export async function createRollout(ctx: ProductContext, bus: Bus, input: RolloutInput): Promise<Rollout> {
  const parsed = parseRollout(input);
  const { id: productId } = ctx.product;
  const at = ctx.clock.now();
  const actor = actorName(ctx.actor);
  const id = ctx.entropy.bytes(ID_BYTES).toString('hex');
  const made = await ctx.store.db.transaction().execute(async (db) => {
    await holdProduct(db, ctx.product);
    await requireReleasable(db, productId, { version: parsed.version, groups: [] });
    await requireGroups(db, productId, parsed);
    await requireEffect(db, productId, parsed);
    const [active] = await findActiveRollouts(db, productId);
    if (active !== undefined) throw rolloutUnderWay(active.id, active.state);
    if ((await countRollouts(db, productId)) >= MAX_ROLLOUTS) throw tooManyRollouts(MAX_ROLLOUTS);
    const rollout = await insertRollout(db, { id, productId, ...parsed, createdBy: actor, createdAt: at });
    return { rollout, counts: await writeEntry(db, rollout, { kind: 'created', actor }, at) };
  });
  bus.publish(rolloutChanges, { rolloutId: id });
  await tellOfRollout({ ...ctx, bus }, made.rollout, made.counts);
  return made.rollout;
}

async function requireGroups(db: Kysely<Tables>, productId: number, { scope, steps }: ParsedRollout): Promise<void> {
  const named: [field: string, names: readonly string[]][] = [['groups', scope.groups]];
  steps.forEach((step, index) => {
    if ('groups' in step) named.push([`steps.${index}.groups`, step.groups]);
  });
  for (const [field, names] of named) {
    const present = await findGroupsNamed(db, productId, names);
    const missing = names.find((name) => !present.has(name));
    if (missing !== undefined) throw badRollout(`${field}: the product has no such group: ${missing}`);
  }
}

/** Of several versions that are released to the groups of a device the highest wins (OTA-17), so that a lower one would reach nobody until it is released to all at once. */
async function requireEffect(db: Kysely<Tables>, productId: number, { version, scope }: ParsedRollout): Promise<void> {
  const releases = await findReleases(db, productId);
  const higher = scope.groups.find((name) => (releases.get(name)?.version ?? 0) > version);
  if (higher === undefined) return;
  throw wrongState(
    `Version ${releases.get(higher)?.version} is released to the group ${higher}, and would be replaced by version ${version} at once: release version ${version} to it instead`,
  );
}
