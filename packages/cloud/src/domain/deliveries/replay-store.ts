import { type Kysely, sql } from 'kysely';
import { contains } from '../../store/contains.ts';
import type { Tables } from '../../store/index.ts';

/** Which kept failures are meant. */
export interface FailureFilter {
  /** When they were first owed, ms UTC: from this on. */
  readonly from?: number | undefined;
  /** Before this, ms UTC. */
  readonly to?: number | undefined;
  /** Part of the last error, in any case. */
  readonly error?: string | undefined;
  /** Prefix of the event's name. */
  readonly event?: string | undefined;
}

/** Ids of kept failures whose event is still in the log, oldest first. */
export async function findFailureIds(
  db: Kysely<Tables>,
  integrationId: string,
  { from, to, error, event }: FailureFilter,
  limit: number,
): Promise<number[]> {
  let query = db
    .selectFrom('deliveries')
    .innerJoin('events', 'events.sequence', 'deliveries.event_sequence')
    .select('id')
    .where('integration_id', '=', integrationId)
    .where('due_at', 'is', null)
    .orderBy('due_at')
    .orderBy('id')
    .limit(limit);
  if (from !== undefined) query = query.where('deliveries.created_at', '>=', from);
  if (to !== undefined) query = query.where('deliveries.created_at', '<', to);
  if (error !== undefined) query = query.where(contains(sql.ref('last_error'), error));
  if (event !== undefined) {
    // Not LIKE: SQLite's ignores case.
    query = query.where(sql<string>`substr(name, 1, ${sql.lit([...event].length)})`, '=', event);
  }
  return (await query.execute()).map(({ id }) => id);
}

/** What the log says of an event without its data. */
export interface PastEvent {
  readonly sequence: number;
  readonly ownerId: string | null;
  readonly productId: number | null;
  readonly deviceId: string | null;
  readonly publisher: string;
  readonly name: string;
  readonly publishedAt: number;
}

export type HistoryPlace = { readonly ownerId: string } | { readonly productId: number };

/** Events of an owner or a product, in the order of the log, from `from` on. */
export async function findPastEvents(
  db: Kysely<Tables>,
  place: HistoryPlace,
  from: number,
  limit: number,
): Promise<PastEvent[]> {
  const query = db
    .selectFrom('events')
    .select(['sequence', 'owner_id', 'product_id', 'device_id', 'publisher', 'name', 'published_at'])
    .where('sequence', '>=', from)
    .orderBy('sequence')
    .limit(limit);
  const rows = await ('ownerId' in place
    ? query.where('owner_id', '=', place.ownerId)
    : query.where('product_id', '=', place.productId)
  ).execute();
  return rows.map((row) => ({
    sequence: row.sequence,
    ownerId: row.owner_id,
    productId: row.product_id,
    deviceId: row.device_id,
    publisher: row.publisher,
    name: row.name,
    publishedAt: row.published_at,
  }));
}

/** Owes events again. */
export async function insertDeliveries(
  db: Kysely<Tables>,
  integrationId: string,
  sequences: readonly number[],
  now: number,
): Promise<void> {
  if (sequences.length === 0) return;
  const rows = sequences.map((sequence) => ({
    integration_id: integrationId,
    event_sequence: sequence,
    created_at: now,
    due_at: now,
  }));
  await db.insertInto('deliveries').values(rows).execute();
}

/** The products of an organization, by number. */
export async function findProductIdsOf(db: Kysely<Tables>, organizationId: string): Promise<number[]> {
  const rows = await db
    .selectFrom('products')
    .select('id')
    .where('owner_kind', '=', 'organization')
    .where('owner_id', '=', organizationId)
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}
