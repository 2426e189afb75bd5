import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import { type Engine, type StoredEvent, storedEventOf, type Tables } from '../../store/index.ts';
import type { StreamFilter } from '../events/index.ts';

/** A query looks at no more positions than this, whatever its filter: it holds up nobody else for long. */
const SPAN = 10_000;
const LONGEST_NAME_BYTES = 64;

/** A part of the log. */
export interface LogPage {
  /** In the order of their sequences. */
  readonly events: readonly StoredEvent[];
  /** Everything that passes, up to this sequence, has been read. */
  readonly through: number;
  /** There was nothing behind it when the page was read. */
  readonly atEnd: boolean;
}

/** Sequence of the oldest and the newest event in the log, undefined for an empty one. */
export async function findLogEnds(
  db: Kysely<Tables>,
): Promise<{ readonly oldest: number; readonly newest: number } | undefined> {
  const newest = await findNewest(db);
  if (newest === undefined) return undefined;
  const first = await db.selectFrom('events').select('sequence').orderBy('sequence').limit(1).executeTakeFirst();
  return { oldest: first?.sequence ?? newest, newest };
}

/** Sequence of the newest event, undefined for an empty log. */
export async function findNewest(db: Kysely<Tables>): Promise<number | undefined> {
  const query = db.selectFrom('events').select('sequence').orderBy('sequence', 'desc').limit(1);
  return (await query.executeTakeFirst())?.sequence;
}

/** The highest sequence that was ever given, also when its event is not kept any more. */
export async function findLastGiven(db: Kysely<Tables>, engine: Engine): Promise<number> {
  const query =
    engine === 'sqlite'
      ? sql<{ last: number | null }>`select max(seq) as last from sqlite_sequence where name = 'events'`
      : sql<{
          last: number | null;
        }>`select pg_sequence_last_value(pg_get_serial_sequence('events', 'sequence')) as last`;
  return (await query.execute(db)).rows[0]?.last ?? 0;
}

export async function isKept(db: Kysely<Tables>, sequence: number): Promise<boolean> {
  const query = db.selectFrom('events').select('sequence').where('sequence', '=', sequence);
  return (await query.executeTakeFirst()) !== undefined;
}

/** Events behind `after` that pass, at most `limit`; where few pass, a page may have none and still not be the last. */
export async function readLogPage(
  db: Kysely<Tables>,
  filter: StreamFilter,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<LogPage> {
  // Asked for first: what is committed meanwhile is behind it.
  const newest = (await findNewest(db)) ?? after;
  if (newest <= after) return { events: [], through: after, atEnd: true };
  if (!canPass(filter)) return { events: [], through: newest, atEnd: true };
  const through = Math.min(newest, after + SPAN);
  const rows = await passing(db, filter)
    .selectAll()
    .where('sequence', '>', after)
    .where('sequence', '<=', through)
    .orderBy('sequence')
    .limit(limit)
    .execute();
  const last = rows.length === limit ? rows.at(-1) : undefined;
  const end = last?.sequence ?? through;
  return { events: rows.map(storedEventOf), through: end, atEnd: end === newest };
}

/** Those of the events that are still kept and pass. @param sequences a few hundred at most */
export async function readEventsAt(
  db: Kysely<Tables>,
  filter: StreamFilter,
  sequences: readonly number[],
): Promise<StoredEvent[]> {
  if (!canPass(filter) || sequences.length === 0) return [];
  const query = passing(db, filter).selectAll().where('sequence', 'in', sequences).orderBy('sequence');
  return (await query.execute()).map(storedEventOf);
}

/** How many events behind `after` pass, counted up to `most`, and among so many positions of the log at most. */
export async function countPassing(
  db: Kysely<Tables>,
  filter: StreamFilter,
  { after, most }: { readonly after: number; readonly most: number },
): Promise<number> {
  if (!canPass(filter)) return 0;
  const some = passing(db, filter)
    .select('sequence')
    .where('sequence', '>', after)
    .where('sequence', '<=', after + SPAN)
    .limit(most);
  const { count } = await db
    .selectFrom(some.as('some'))
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** No event has a name with a control character, and PostgreSQL takes no NUL. */
function canPass({ namePrefix = '' }: StreamFilter): boolean {
  return Buffer.byteLength(namePrefix) <= LONGEST_NAME_BYTES && !namePrefix.includes('\0');
}

function passing(db: Kysely<Tables>, { place, deviceId, namePrefix = '' }: StreamFilter) {
  let query: SelectQueryBuilder<Tables, 'events', object> = db.selectFrom('events');
  if (place.kind === 'owner') query = query.where('owner_id', '=', place.id);
  else if (place.kind === 'product') query = query.where('product_id', '=', place.id);
  else {
    const { id } = place;
    query = query.where('product_id', 'in', (from) =>
      from
        .selectFrom('products')
        .select('products.id')
        .where('owner_kind', '=', 'organization')
        .where('products.owner_id', '=', id),
    );
  }
  if (deviceId !== undefined) query = query.where('device_id', '=', deviceId);
  if (namePrefix === '') return query;
  // As the log's own reading: neither LIKE, whose case SQLite ignores, nor a range, which PostgreSQL may collate by language.
  const length = [...namePrefix].length;
  return query.where(sql<string>`substr(name, 1, ${sql.lit(length)})`, '=', namePrefix);
}
