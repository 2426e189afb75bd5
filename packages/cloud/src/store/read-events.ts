import { type Kysely, type Selectable, sql } from 'kysely';
import type { EventQuery, StoredEvent } from './event-log.ts';
import type { EventRow } from './tables/events.ts';
import type { Tables } from './tables.ts';

/** Events that match every given field, oldest first. */
export async function readEvents(db: Kysely<Tables>, query: EventQuery): Promise<StoredEvent[]> {
  let select = db.selectFrom('events').selectAll().orderBy('sequence').limit(query.limit);
  if (query.ownerId !== undefined) select = select.where('owner_id', '=', query.ownerId);
  if (query.deviceId !== undefined) select = select.where('device_id', '=', query.deviceId);
  if (query.afterSequence !== undefined) select = select.where('sequence', '>', query.afterSequence);
  if (query.namePrefix !== undefined && query.namePrefix !== '') {
    // Not LIKE: SQLite's ignores case. Not a range: PostgreSQL may collate by language.
    const length = [...query.namePrefix].length;
    select = select.where(sql<string>`substr(name, 1, ${sql.lit(length)})`, '=', query.namePrefix);
  }
  return (await select.execute()).map(storedEventOf);
}

/** An event from its row. */
export function storedEventOf(row: Selectable<EventRow>): StoredEvent {
  return {
    sequence: row.sequence,
    ownerId: row.owner_id,
    productId: row.product_id,
    deviceId: row.device_id,
    publisher: row.publisher,
    name: row.name,
    data: row.data === null ? null : new Uint8Array(row.data),
    contentFormat: row.content_format,
    ttlSeconds: row.ttl,
    publishedAt: row.published_at,
  };
}
