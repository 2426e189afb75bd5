import type { Store } from '../../store/index.ts';
import type { ProductContext } from '../products/index.ts';
import type { Rollout, RolloutDeviceState } from './rollout.ts';
import { countSteps, pageOfDevices, type RolloutDevice, type StepCounts } from './rollout-device-store.ts';
import { badCursor, rolloutNotFound } from './rollout-errors.ts';
import { findRollout, pageOfRollouts, type RolloutPosition } from './rollout-store.ts';
import { pageOfEntries, type TimelineEntry } from './timeline-store.ts';

/** A rollout with the counts of its steps. */
export interface ShownRollout {
  readonly rollout: Rollout;
  readonly counts: StepCounts;
}

/** A part of a list. */
export interface Page {
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** A page, and what `cursor` takes for the next one; null on the last. */
type Paged<Key extends string, Item> = { readonly [K in Key]: readonly Item[] } & { readonly next: string | null };

/** The product's rollouts, newest first. @throws DomainError `rollout.invalid` for a cursor that is none */
export async function listRollouts(
  ctx: ProductContext,
  { cursor, limit }: Page,
): Promise<Paged<'rollouts', ShownRollout>> {
  const found = await pageOfRollouts(ctx.store.history, ctx.product.id, positionOf(cursor), limit + 1);
  const rollouts = await withCounts(ctx.store, found.slice(0, limit));
  const last = found.length > limit ? rollouts.at(-1)?.rollout : undefined;
  return { rollouts, next: last === undefined ? null : `${last.createdAt}.${last.id}` };
}

/** @throws DomainError `rollout.not_found` */
export async function getRollout(ctx: ProductContext, id: string): Promise<ShownRollout> {
  return showRollout(ctx.store, await requireRollout(ctx, id));
}

/** A rollout with the counts of its steps as they are now. */
export async function showRollout(store: Store, rollout: Rollout): Promise<ShownRollout> {
  const [shown = { rollout, counts: new Map() }] = await withCounts(store, [rollout]);
  return shown;
}

/** The devices that it has reached, by id. @throws DomainError `rollout.not_found`; `rollout.invalid` for a cursor that is none */
export async function listRolloutDevices(
  ctx: ProductContext,
  id: string,
  { state, cursor, limit }: Page & { readonly state?: RolloutDeviceState | undefined },
): Promise<Paged<'devices', RolloutDevice>> {
  await requireRollout(ctx, id);
  if (cursor !== undefined && !/^[0-9a-f]{24}$/.test(cursor)) throw badCursor();
  const found = await pageOfDevices(ctx.store.history, id, state, cursor, limit + 1);
  const devices = found.slice(0, limit);
  return { devices, next: found.length > limit ? (devices.at(-1)?.deviceId ?? null) : null };
}

/** What happened to it, in order. @throws DomainError `rollout.not_found`; `rollout.invalid` for a cursor that is none */
export async function listTimeline(
  ctx: ProductContext,
  id: string,
  { cursor = '0', limit }: Page,
): Promise<Paged<'entries', TimelineEntry>> {
  await requireRollout(ctx, id);
  if (!/^\d{1,9}$/.test(cursor)) throw badCursor();
  const found = await pageOfEntries(ctx.store.history, id, Number(cursor), limit + 1);
  const entries = found.slice(0, limit);
  return { entries, next: found.length > limit ? String(entries.at(-1)?.sequence) : null };
}

/** @throws DomainError `rollout.not_found`, also for a rollout of another product */
export async function requireRollout({ store, product }: ProductContext, id: string): Promise<Rollout> {
  const rollout = await findRollout(store.db, id, product.id);
  if (rollout === undefined) throw rolloutNotFound();
  return rollout;
}

async function withCounts(store: Store, rollouts: readonly Rollout[]): Promise<ShownRollout[]> {
  const counts = await countSteps(
    store.history,
    rollouts.map(({ id }) => id),
  );
  return rollouts.map((rollout) => ({ rollout, counts: counts.get(rollout.id) ?? new Map() }));
}

function positionOf(cursor: string | undefined): RolloutPosition | undefined {
  if (cursor === undefined) return undefined;
  const [, createdAt, id] = /^(\d{1,15})\.([0-9a-f]{24})$/.exec(cursor) ?? [];
  if (createdAt === undefined || id === undefined) throw badCursor();
  return { createdAt: Number(createdAt), id };
}
