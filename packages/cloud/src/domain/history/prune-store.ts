import { days } from '@cloudchamber/kernel';
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Engine, Tables } from '../../store/index.ts';
import type { EventRetentionRow } from '../../store/tables/event-history.ts';
import type { Range } from './history-store.ts';
import type { RetentionPlace } from './retention-store.ts';

/** Which of the events in a range are to go. */
export interface Doomed {
  /** Published before this, ms UTC; any when left out. */
  readonly before?: number;
  /** Only of this account or product, and only what nobody else keeps at the time `now`. */
  readonly of?: { readonly place: RetentionPlace; readonly now: number };
}

/**
 * Deletes events of the range, but none that is still to be delivered. Writes; the range should be short.
 * @returns how many.
 */
export async function deleteEvents(
  db: Kysely<Tables>,
  { first, last }: Range,
  { before, of }: Doomed,
): Promise<number> {
  let query = db.deleteFrom('events').where('sequence', '>=', first).where('sequence', '<=', last).where(notOwed());
  if (before !== undefined) query = query.where('published_at', '<', before);
  if (of !== undefined) {
    const { place, now } = of;
    query = place.kind === 'user' ? query.where('owner_id', '=', place.id) : query.where('product_id', '=', place.id);
    query = query.where(notKeptByAccount(now)).where(notKeptByProduct(now));
  }
  const { numDeletedRows } = await query.executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/** The first event of the range that would be deleted if it were not still to be delivered. */
export async function findFirstOwed(
  db: Kysely<Tables>,
  { first, last }: Range,
  place: RetentionPlace,
): Promise<number | undefined> {
  const row = await db
    .selectFrom('events')
    .select('sequence')
    .where('sequence', '>=', first)
    .where('sequence', '<=', last)
    .where(place.kind === 'user' ? 'owner_id' : 'product_id', '=', place.id)
    .where(sql<SqlBool>`not ${notOwed()}`)
    .orderBy('sequence')
    .limit(1)
    .executeTakeFirst();
  return row?.sequence;
}

function notOwed(): RawBuilder<SqlBool> {
  return sql`(not exists (select 1 from deliveries d where d.event_sequence = events.sequence and d.due_at is not null))`;
}

/** An account keeps its events for its days, or without a choice as long as the server does. Customers keep none: their product does. */
function notKeptByAccount(now: number): RawBuilder<SqlBool> {
  return sql`not exists (select 1 from users u left join event_retention r on r.place_kind = 'user' and r.place_id = u.id
    where u.id = events.owner_id and ${stillKept(now)})`;
}

function notKeptByProduct(now: number): RawBuilder<SqlBool> {
  return sql`not exists (select 1 from products p left join event_retention r on r.place_kind = 'product' and r.place_id = cast(p.id as text)
    where p.id = events.product_id and ${stillKept(now)})`;
}

function stillKept(now: number): RawBuilder<SqlBool> {
  return sql`(r.days is null or events.published_at + cast(${days(1)} as bigint) * r.days >= ${now})`;
}

/** Choices after the given one, by kind and place. */
export async function findRetentions(
  db: Kysely<Tables>,
  after: Pick<EventRetentionRow, 'place_kind' | 'place_id'>,
  limit: number,
): Promise<EventRetentionRow[]> {
  return db
    .selectFrom('event_retention')
    .selectAll()
    .where((is) =>
      is.or([
        is('place_kind', '>', after.place_kind),
        is.and([is('place_kind', '=', after.place_kind), is('place_id', '>', after.place_id)]),
      ]),
    )
    .orderBy('place_kind')
    .orderBy('place_id')
    .limit(limit)
    .execute();
}

/** Notes how far a choice was carried out, unless it was made anew meanwhile. */
export async function notePruned(db: Kysely<Tables>, row: EventRetentionRow, prunedTo: number): Promise<void> {
  await db
    .updateTable('event_retention')
    .set({ pruned_to: prunedTo })
    .where('place_kind', '=', row.place_kind)
    .where('place_id', '=', row.place_id)
    .where('days', '=', row.days)
    .where('pruned_to', '=', row.pruned_to)
    .execute();
}

/** Forgets the choices of accounts and products that are gone. */
export async function deleteOrphanedRetentions(db: Kysely<Tables>): Promise<void> {
  await db
    .deleteFrom('event_retention')
    .where(
      sql<SqlBool>`case place_kind when 'user' then not exists (select 1 from users u where u.id = place_id)
        else not exists (select 1 from products p where p.id = cast(place_id as integer)) end`,
    )
    .execute();
}

/** What a row and its entries in the indexes take besides name and data, as measured with an owner, a product and a device. */
const ROW_BYTES: Readonly<Record<Engine, number>> = { sqlite: 205, postgres: 390 };
/** Events of each sample, and how many samples. */
const SAMPLE = 16;
const SAMPLES = 64;

/**
 * About how many events there are in the range of positions, and how many bytes they take: counted where they are few, from samples over the whole range
 * otherwise, since positions of deleted events are missing.
 */
export async function estimateSize(
  { engine, history }: { readonly engine: Engine; readonly history: Kysely<Tables> },
  { first, last }: Range,
): Promise<{ readonly events: number; readonly bytes: number }> {
  const width = (last - first + 1) / SAMPLES;
  let events = 0;
  let bytes = 0;
  for (let at = 0; at < SAMPLES; at++) {
    const from = first + Math.floor(at * width);
    const to = first + Math.floor((at + 1) * width) - 1;
    if (to < from) continue;
    const rows = await history
      .selectFrom('events')
      .select(['sequence', sql<number>`length(name) + coalesce(length(data), 0)`.as('bytes')])
      .where('sequence', '>=', from)
      .where('sequence', '<=', to)
      .orderBy('sequence')
      .limit(SAMPLE)
      .execute();
    const lastSampled = rows.length < SAMPLE ? to : (rows.at(-1)?.sequence ?? to);
    const share = (to - from + 1) / (lastSampled - from + 1);
    events += rows.length * share;
    for (const row of rows) bytes += (row.bytes + ROW_BYTES[engine]) * share;
  }
  return { events: Math.round(events), bytes: Math.round(bytes) };
}
