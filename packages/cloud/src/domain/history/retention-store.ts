import type { Kysely } from 'kysely';
import type { Tables } from '../../store/index.ts';
import type { HistoryPlace } from './history-view.ts';

/** An account or a product, which may choose for how long its events are kept. */
export type RetentionPlace =
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'product'; readonly id: number };

/** What the place has chosen, in days, or undefined. */
export async function findChosenDays(db: Kysely<Tables>, { kind, id }: RetentionPlace): Promise<number | undefined> {
  const row = await db
    .selectFrom('event_retention')
    .select('days')
    .where('place_kind', '=', kind)
    .where('place_id', '=', String(id))
    .executeTakeFirst();
  return row?.days;
}

/** How many days back the place sees its events; a customer as many as its product. */
export async function daysOf(
  db: Kysely<Tables>,
  place: Exclude<HistoryPlace, { kind: 'organization' }>,
  mostDays: number,
): Promise<number> {
  const chosen = place.kind === 'product' ? await findChosenDays(db, place) : await findOwnersDays(db, place.id);
  return Math.min(chosen ?? mostDays, mostDays);
}

async function findOwnersDays(db: Kysely<Tables>, ownerId: string): Promise<number | undefined> {
  const customer = await db.selectFrom('customers').select('product_id').where('id', '=', ownerId).executeTakeFirst();
  return findChosenDays(db, customer ? { kind: 'product', id: customer.product_id } : { kind: 'user', id: ownerId });
}

/** Chooses the days, or with null no longer. What was looked at under the old choice is looked at anew. */
export async function chooseDays(db: Kysely<Tables>, { kind, id }: RetentionPlace, days: number | null): Promise<void> {
  const key = { place_kind: kind, place_id: String(id) };
  if (days === null) {
    await db
      .deleteFrom('event_retention')
      .where('place_kind', '=', key.place_kind)
      .where('place_id', '=', key.place_id)
      .execute();
    return;
  }
  await db
    .insertInto('event_retention')
    .values({ ...key, days, pruned_to: 0 })
    .onConflict((conflict) => conflict.columns(['place_kind', 'place_id']).doUpdateSet({ days, pruned_to: 0 }))
    .execute();
}
