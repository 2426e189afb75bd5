import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../store/index.ts';
import type { RolloutState } from '../../store/tables/fleets.ts';

/** Whom a version is for: the product's default, groups, or both. Nobody when neither. */
export interface ReleaseScope {
  readonly productDefault: boolean;
  readonly groups: readonly string[];
}

/** A version and whom it is released to from now on. */
export interface ReleaseToWrite extends ReleaseScope {
  readonly productId: number;
  readonly version: number;
  /** Devices that are online don't wait for their next handshake. */
  readonly immediate: boolean;
  /** The account, API user or product; `system`. */
  readonly by: string;
  /** ms UTC */
  readonly at: number;
}

/** A rollout, as far as releases have to know it. */
export interface RolloutScope extends ReleaseScope {
  readonly id: string;
  readonly version: number;
  readonly state: RolloutState;
  /** The groups that its steps name. */
  readonly stepGroups: readonly string[];
}

/** The name under which the default release is kept. */
const DEFAULT = '';
const UNDER_WAY: readonly RolloutState[] = ['running', 'waiting', 'paused'];
const NOT_ENDED: readonly RolloutState[] = [...UNDER_WAY, 'halted'];
const WITHOUT_EFFECT: readonly RolloutState[] = ['completed', 'rolled_back'];

/**
 * Releases a version to exactly this scope: what it was released to beside that has no release any more, and what was released there before gives way. Call it
 * behind the product's lock, in a transaction that has found version and groups.
 */
export async function writeRelease(db: Kysely<Tables>, release: ReleaseToWrite): Promise<void> {
  const { productId, version, at, by, immediate } = release;
  const names = [...(release.productDefault ? [DEFAULT] : []), ...release.groups];
  const earlier = await releasedAtOf(db, release);
  const withdrawn = [...earlier.keys()].filter((name) => !names.includes(name));
  if (withdrawn.length > 0) {
    await db
      .deleteFrom('firmware_releases')
      .where('product_id', '=', productId)
      .where('group_name', 'in', withdrawn)
      .execute();
    // What is released to them beside that is older than their session, and still waits for the next one.
    for (const name of withdrawn) if (name !== DEFAULT) await retargetGroup(db, productId, name, at);
  }
  if (withdrawn.length > 0 || names.length > 0) await noteRelease(db, release, names.length > 0);
  if (names.length === 0) return;
  // What waits for its turn since the earlier release of the same version needn't wait for another handshake.
  const rollouts = await newestRolloutChange(db, productId);
  const releasedAt = (name: string): number => {
    const before = earlier.get(name);
    return before === undefined || immediate || before <= rollouts ? at : before;
  };
  const rest = { product_id: productId, version, immediate: immediate ? 1 : 0, released_by: by };
  await db
    .insertInto('firmware_releases')
    .values(names.map((name) => ({ ...rest, group_name: name, released_at: releasedAt(name) })))
    .onConflict((conflict) =>
      conflict.columns(['product_id', 'group_name']).doUpdateSet((row) => ({
        version: row.ref('excluded.version'),
        immediate: row.ref('excluded.immediate'),
        released_by: row.ref('excluded.released_by'),
        released_at: row.ref('excluded.released_at'),
      })),
    )
    .execute();
}

/** Rollouts of the product that are under way and whose scope has something of `scope`. */
export async function findRolloutsOver(
  db: Kysely<Tables>,
  productId: number,
  scope: ReleaseScope,
): Promise<RolloutScope[]> {
  const rollouts = await findRolloutScopes(db, productId, UNDER_WAY);
  return rollouts.filter(
    ({ productDefault, groups }) =>
      (productDefault && scope.productDefault) || groups.some((name) => scope.groups.includes(name)),
  );
}

/** Rollouts of the product that have not ended and name the group, in their scope or in a step. */
export async function findRolloutsNaming(
  db: Kysely<Tables>,
  productId: number,
  group: string,
): Promise<RolloutScope[]> {
  const rollouts = await findRolloutScopes(db, productId, NOT_ENDED);
  return rollouts.filter(({ groups, stepGroups }) => groups.includes(group) || stepGroups.includes(group));
}

/** Rollouts that have ended go on to be for a group that gets another name. */
export async function renameInRollouts(db: Kysely<Tables>, productId: number, from: string, to: string): Promise<void> {
  const rollouts = await findRolloutScopes(db, productId);
  for (const { id, productDefault, groups } of rollouts.filter((rollout) => rollout.groups.includes(from))) {
    const scope = { productDefault, groups: groups.map((name) => (name === from ? to : name)) };
    await db
      .updateTable('rollouts')
      .set({ scope: JSON.stringify(scope) })
      .where('id', '=', id)
      .execute();
  }
}

/** Rollouts of the version, in whatever state. */
export async function findRolloutsOf(db: Kysely<Tables>, productId: number, version: number): Promise<RolloutScope[]> {
  return (await findRolloutScopes(db, productId)).filter((rollout) => rollout.version === version);
}

/** A group that gets another name takes what is released to it along. */
export async function renameReleases(db: Kysely<Tables>, productId: number, from: string, to: string): Promise<void> {
  await db
    .updateTable('firmware_releases')
    .set({ group_name: to })
    .where('product_id', '=', productId)
    .where('group_name', '=', from)
    .execute();
}

export async function deleteReleasesTo(db: Kysely<Tables>, productId: number, group: string): Promise<void> {
  await db
    .deleteFrom('firmware_releases')
    .where('product_id', '=', productId)
    .where('group_name', '=', group)
    .execute();
}

/** The members of a group count as retargeted. */
export async function retargetGroup(db: Kysely<Tables>, productId: number, group: string, at: number): Promise<void> {
  await db
    .updateTable('devices')
    .set({ retargeted_at: at })
    .where('product_id', '=', productId)
    .where('id', 'in', (row) =>
      row
        .selectFrom('device_group_members')
        .select('device_id')
        .where('product_id', '=', productId)
        .where('name', '=', group),
    )
    .execute();
}

/** Deletes the firmware of a product that ends, its releases and rollouts. The bytes are pruned later. */
export async function deleteFirmwareOf(db: Kysely<Tables>, productId: number): Promise<void> {
  const rollouts = db.selectFrom('rollouts').select('id').where('product_id', '=', productId);
  await db.deleteFrom('rollout_devices').where('rollout_id', 'in', rollouts).execute();
  await db.deleteFrom('rollout_timeline').where('rollout_id', 'in', rollouts).execute();
  await db.deleteFrom('rollouts').where('product_id', '=', productId).execute();
  await db.deleteFrom('firmware_releases').where('product_id', '=', productId).execute();
  await db.deleteFrom('product_firmware').where('product_id', '=', productId).execute();
}

async function noteRelease(
  db: Kysely<Tables>,
  { productId, version, at }: ReleaseToWrite,
  isReleased: boolean,
): Promise<void> {
  await db
    .updateTable('product_firmware')
    .set({ updated_at: at })
    .$if(isReleased, (query) => query.set({ first_released_at: sql<number>`coalesce(first_released_at, ${at})` }))
    .where('product_id', '=', productId)
    .where('version', '=', version)
    .execute();
}

/** Where the version is released to, and since when. */
async function releasedAtOf(
  db: Kysely<Tables>,
  { productId, version }: Pick<ReleaseToWrite, 'productId' | 'version'>,
): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('firmware_releases')
    .select(['group_name', 'released_at'])
    .where('product_id', '=', productId)
    .where('version', '=', version)
    .execute();
  return new Map(rows.map(({ group_name, released_at }) => [group_name, released_at]));
}

/** When something last happened to a rollout that still has its effect; 0 for never. */
async function newestRolloutChange(db: Kysely<Tables>, productId: number): Promise<number> {
  const row = await db
    .selectFrom('rollouts')
    .select((rollout) => rollout.fn.max('updated_at').as('at'))
    .where('product_id', '=', productId)
    .where('state', 'not in', WITHOUT_EFFECT)
    .executeTakeFirst();
  return Number(row?.at ?? 0);
}

async function findRolloutScopes(
  db: Kysely<Tables>,
  productId: number,
  states?: readonly RolloutState[],
): Promise<RolloutScope[]> {
  const all = db
    .selectFrom('rollouts')
    .select(['id', 'version', 'state', 'scope', 'steps'])
    .where('product_id', '=', productId);
  const query = states === undefined ? all : all.where('state', 'in', states);
  const rows = await query.orderBy('created_at').orderBy('id').execute();
  return rows.map(({ id, version, state, scope, steps }) => {
    const { productDefault, groups } = JSON.parse(scope) as ReleaseScope;
    const stepGroups = (JSON.parse(steps) as { readonly groups?: readonly string[] }[]).flatMap(
      (step) => step.groups ?? [],
    );
    return { id, version, state, productDefault, groups, stepGroups };
  });
}
