import type { Kysely } from 'kysely';
import type { Tables } from '../../store/index.ts';
import type { OwedEvent } from '../integrations/index.ts';

/** An event that is owed to an integration. */
export interface Delivery {
  readonly id: number;
  readonly integrationId: string;
  /** When it was first owed, or last replayed, ms UTC. */
  readonly createdAt: number;
  /** When it is attempted next, ms UTC; null when it failed and is kept. */
  readonly dueAt: number | null;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly eventSequence: number;
  /** Null when the event log doesn't have it any more. */
  readonly event: OwedEvent | null;
}

/** A delivery that waits for its next attempt. */
export type WaitingDelivery = Delivery & { readonly dueAt: number };

/** Deliveries of an integration that wait, those that are due first, first; also those whose time has not come. */
export async function findWaiting(
  db: Kysely<Tables>,
  integrationId: string,
  limit: number,
  after?: { readonly dueAt: number; readonly id: number },
): Promise<WaitingDelivery[]> {
  let query = joined(db)
    .where('deliveries.integration_id', '=', integrationId)
    .where('due_at', 'is not', null)
    .orderBy('due_at')
    .orderBy('deliveries.id')
    .limit(limit);
  if (after !== undefined) {
    query = query
      .where('due_at', '>=', after.dueAt)
      .where((is) => is.or([is('due_at', '>', after.dueAt), is('deliveries.id', '>', after.id)]));
  }
  const rows = await query.execute();
  return rows.map(toDelivery).filter((delivery): delivery is WaitingDelivery => delivery.dueAt !== null);
}

/** Deliveries of an integration that failed and are kept, newest first. */
export async function findFailed(
  db: Kysely<Tables>,
  integrationId: string,
  limit: number,
  before?: number,
): Promise<Delivery[]> {
  // Ordered by due_at, which is null in all of them, because the index is.
  let query = joined(db)
    .where('deliveries.integration_id', '=', integrationId)
    .where('due_at', 'is', null)
    .orderBy('due_at', 'desc')
    .orderBy('deliveries.id', 'desc')
    .limit(limit);
  if (before !== undefined) query = query.where('deliveries.id', '<', before);
  return (await query.execute()).map(toDelivery);
}

export async function findDelivery(
  db: Kysely<Tables>,
  integrationId: string,
  id: number,
): Promise<Delivery | undefined> {
  const row = await joined(db)
    .where('deliveries.id', '=', id)
    .where('deliveries.integration_id', '=', integrationId)
    .executeTakeFirst();
  return row && toDelivery(row);
}

/** The first id after `after` in the order of ids of an integration that has deliveries, kept failures too. */
export async function nextOwedIntegration(db: Kysely<Tables>, after: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('deliveries')
    .select('integration_id')
    .where('integration_id', '>', after)
    .orderBy('integration_id')
    .limit(1)
    .executeTakeFirst();
  return row?.integration_id;
}

/** How many deliveries an integration has in a state; at most `most` are counted. */
export async function countDeliveries(
  db: Kysely<Tables>,
  integrationId: string,
  state: 'waiting' | 'failed',
  most: number,
): Promise<number> {
  const row = await db
    .selectFrom(
      db
        .selectFrom('deliveries')
        .select('due_at')
        .where('integration_id', '=', integrationId)
        .where('due_at', state === 'failed' ? 'is' : 'is not', null)
        .limit(most)
        .as('counted'),
    )
    .select((is) => is.fn.countAll<number>().as('count'))
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** Makes a delivery due at once, as if it had just been owed. @returns whether there is such a one. */
export async function makeDue(db: Kysely<Tables>, integrationId: string, ids: readonly number[], now: number) {
  const changed = await db
    .updateTable('deliveries')
    .set({ due_at: now, created_at: now, attempts: 0, last_error: null })
    .where('integration_id', '=', integrationId)
    .where('id', 'in', ids)
    .returning('id')
    .execute();
  return changed.length;
}

/** @returns whether it was there, and whether it waited. */
export async function deleteDelivery(
  db: Kysely<Tables>,
  integrationId: string,
  id: number,
): Promise<{ readonly waited: boolean } | undefined> {
  const row = await db
    .deleteFrom('deliveries')
    .where('id', '=', id)
    .where('integration_id', '=', integrationId)
    .returning('due_at')
    .executeTakeFirst();
  return row && { waited: row.due_at !== null };
}

/** What is owed to an integration that is gone, and its kept failures. @returns how many rows went, at most `limit`. */
export async function deleteOwed(db: Kysely<Tables>, integrationId: string, limit: number): Promise<number> {
  const gone = await db
    .deleteFrom('deliveries')
    .where('id', 'in', (is) =>
      is.selectFrom('deliveries').select('id').where('integration_id', '=', integrationId).limit(limit),
    )
    .returning('id')
    .execute();
  return gone.length;
}

/** Deletes kept failures of an integration: those from before `before`, and the oldest beyond `most`. @returns how many went, at most `limit`. */
export async function deleteOldFailures(
  db: Kysely<Tables>,
  integrationId: string,
  { before, most, limit }: { readonly before: number; readonly most: number; readonly limit: number },
): Promise<number> {
  const newestTooMany = await db
    .selectFrom('deliveries')
    .select('id')
    .where('integration_id', '=', integrationId)
    .where('due_at', 'is', null)
    .orderBy('due_at', 'desc')
    .orderBy('id', 'desc')
    .offset(most)
    .limit(1)
    .executeTakeFirst();
  const gone = await db
    .deleteFrom('deliveries')
    .where('id', 'in', (is) =>
      is
        .selectFrom('deliveries')
        .select('id')
        .where('integration_id', '=', integrationId)
        .where('due_at', 'is', null)
        .where((row) => row.or([row('created_at', '<', before), row('id', '<=', newestTooMany?.id ?? 0)]))
        .orderBy('due_at')
        .orderBy('id')
        .limit(limit),
    )
    .returning('id')
    .execute();
  return gone.length;
}

/** @returns deliveries with their events, for the caller to narrow. */
function joined(db: Kysely<Tables>) {
  return (
    db
      .selectFrom('deliveries')
      .leftJoin('events', 'events.sequence', 'deliveries.event_sequence')
      // Of a device that has another product or owner by now this one learns nothing.
      .leftJoin('devices', (join) =>
        join
          .onRef('devices.id', '=', 'events.device_id')
          .onRef('devices.product_id', '=', 'events.product_id')
          .onRef('devices.owner_id', 'is not distinct from', 'events.owner_id'),
      )
      .selectAll('deliveries')
      .select([
        'events.sequence',
        'events.owner_id',
        'events.product_id',
        'events.device_id',
        'events.publisher',
        'events.name',
        'events.data',
        'events.content_format',
        'events.ttl',
        'events.published_at',
        'devices.firmware_version',
      ])
  );
}

type JoinedRow = Awaited<ReturnType<ReturnType<typeof joined>['execute']>>[number];

function toDelivery(row: JoinedRow): Delivery {
  return {
    id: row.id,
    integrationId: row.integration_id,
    createdAt: row.created_at,
    dueAt: row.due_at,
    attempts: row.attempts,
    lastError: row.last_error,
    eventSequence: row.event_sequence,
    event: eventOf(row),
  };
}

function eventOf(row: JoinedRow): OwedEvent | null {
  const { sequence, publisher, name, content_format: contentFormat, ttl, published_at: publishedAt } = row;
  // All of them are there or none is.
  if (sequence === null || publisher === null || name === null) return null;
  if (contentFormat === null || ttl === null || publishedAt === null) return null;
  return {
    sequence,
    ownerId: row.owner_id,
    productId: row.product_id,
    deviceId: row.device_id,
    publisher,
    name,
    data: row.data === null ? null : new Uint8Array(row.data),
    contentFormat,
    ttlSeconds: ttl,
    publishedAt,
    firmwareVersion: row.firmware_version,
  };
}
