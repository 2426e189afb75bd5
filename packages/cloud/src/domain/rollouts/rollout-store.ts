import type { Kysely, Selectable, Updateable } from 'kysely';
import type { RolloutRow } from '../../store/tables/fleets.ts';
import type { Tables } from '../../store/tables.ts';
import {
  ACTIVE_STATES,
  type PassedOver,
  type Rollout,
  type RolloutScope,
  type RolloutSettings,
  type RolloutStep,
} from './rollout.ts';

/** What a change of a rollout writes. */
export type RolloutChanges = Updateable<
  Pick<
    RolloutRow,
    | 'state'
    | 'step'
    | 'step_started_at'
    | 'step_ended_at'
    | 'ended_at'
    | 'resumed_at'
    | 'forgiven_at'
    | 'message'
    | 'passed_over'
  >
>;

/** A rollout that begins: its first step is to be chosen. */
export type NewRollout = Pick<
  Rollout,
  'id' | 'productId' | 'version' | 'scope' | 'steps' | 'settings' | 'createdBy' | 'createdAt'
>;

export async function insertRollout(db: Kysely<Tables>, rollout: NewRollout): Promise<Rollout> {
  const row = await db
    .insertInto('rollouts')
    .values({
      id: rollout.id,
      product_id: rollout.productId,
      version: rollout.version,
      scope: JSON.stringify(rollout.scope),
      steps: JSON.stringify(rollout.steps),
      settings: JSON.stringify(rollout.settings),
      state: 'running',
      step: 0,
      created_by: rollout.createdBy,
      created_at: rollout.createdAt,
      updated_at: rollout.createdAt,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return rolloutOf(row);
}

export async function findRollout(db: Kysely<Tables>, id: string, productId?: number): Promise<Rollout | undefined> {
  const query = db.selectFrom('rollouts').selectAll().where('id', '=', id);
  const row = await (productId === undefined ? query : query.where('product_id', '=', productId)).executeTakeFirst();
  return row && rolloutOf(row);
}

/** Holds the rollout until the transaction ends. @returns it, or undefined when there is none */
export async function lockRollout(db: Kysely<Tables>, id: string): Promise<Rollout | undefined> {
  const row = await db
    .updateTable('rollouts')
    .set((rollout) => ({ updated_at: rollout.ref('updated_at') }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  return row && rolloutOf(row);
}

export async function changeRolloutRow(
  db: Kysely<Tables>,
  id: string,
  at: number,
  changes: RolloutChanges,
): Promise<Rollout> {
  const row = await db
    .updateTable('rollouts')
    .set({ ...changes, updated_at: at })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return rolloutOf(row);
}

/** Those that have not ended, of a product or of all. */
export async function findActiveRollouts(db: Kysely<Tables>, productId?: number): Promise<Rollout[]> {
  const all = db.selectFrom('rollouts').selectAll().where('state', 'in', ACTIVE_STATES);
  const query = productId === undefined ? all : all.where('product_id', '=', productId);
  return (await query.execute()).map(rolloutOf);
}

export async function countRollouts(db: Kysely<Tables>, productId: number): Promise<number> {
  const { count } = await db
    .selectFrom('rollouts')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('product_id', '=', productId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Where a page of rollouts begins: behind this one. */
export interface RolloutPosition {
  readonly createdAt: number;
  readonly id: string;
}

/** Newest first. */
export async function pageOfRollouts(
  db: Kysely<Tables>,
  productId: number,
  after: RolloutPosition | undefined,
  limit: number,
): Promise<Rollout[]> {
  const all = db.selectFrom('rollouts').selectAll().where('product_id', '=', productId);
  const behind =
    after === undefined
      ? all
      : all.where((row) =>
          row.or([
            row('created_at', '<', after.createdAt),
            row.and([row('created_at', '=', after.createdAt), row('id', '<', after.id)]),
          ]),
        );
  const rows = await behind.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map(rolloutOf);
}

/** Which of the names are groups of the product. At most a few hundred names. */
export async function findGroupsNamed(
  db: Kysely<Tables>,
  productId: number,
  names: readonly string[],
): Promise<Set<string>> {
  if (names.length === 0) return new Set();
  const rows = await db
    .selectFrom('device_groups')
    .select('name')
    .where('product_id', '=', productId)
    .where('name', 'in', names)
    .execute();
  return new Set(rows.map(({ name }) => name));
}

function rolloutOf(row: Selectable<RolloutRow>): Rollout {
  return {
    id: row.id,
    productId: row.product_id,
    version: row.version,
    scope: JSON.parse(row.scope) as RolloutScope,
    steps: JSON.parse(row.steps) as RolloutStep[],
    settings: JSON.parse(row.settings) as RolloutSettings,
    state: row.state,
    step: row.step,
    stepStartedAt: row.step_started_at,
    stepEndedAt: row.step_ended_at,
    resumedAt: row.resumed_at,
    forgivenAt: row.forgiven_at,
    endedAt: row.ended_at,
    message: row.message,
    passedOver: row.passed_over === null ? null : (JSON.parse(row.passed_over) as PassedOver),
    createdBy: row.created_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
