import { days } from '@cloudchamber/kernel';
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import { type Engine, type Store, type StoredEvent, storedEventOf, type Tables } from '../../store/index.ts';

/** What may be read in the order of positions by an index: one owner or product, all products of an organization, or everything. */
export type Lane =
  | { readonly by: 'owner'; readonly id: string }
  | { readonly by: 'product'; readonly id: number }
  | { readonly by: 'organization'; readonly id: string }
  | { readonly by: 'everything' };

/** Part of a lane: from `first` to `last`, both included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** What an event of a lane must fulfil besides. */
export interface EventFilter {
  readonly deviceId?: string | undefined;
  /** ms UTC, both included. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly namePrefix?: string | undefined;
  readonly text?: string | undefined;
  /** Leaves out what is older than its product keeps its events: now in ms UTC, and the days of products that have chosen none. */
  readonly kept?: { readonly now: number; readonly days: number } | undefined;
}

type Reader = Pick<Store, 'engine' | 'history'>;
type Order = 'asc' | 'desc';

/** The products that an organization owns now. */
export async function findProductIds(db: Kysely<Tables>, organizationId: string): Promise<number[]> {
  const rows = await db
    .selectFrom('products')
    .select('id')
    .where('owner_kind', '=', 'organization')
    .where('owner_id', '=', organizationId)
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * Where the next `size` events of the lane end, in the range and in that order, whatever is in them; of an organization, so many of each product
 * at most. Reads as many entries of an index.
 * @returns the last position of them, or undefined when the range has no more than that.
 */
export async function findBoundary(
  { engine, history }: Reader,
  lane: Lane,
  range: Range,
  order: Order,
  size: number,
): Promise<number | undefined> {
  if (lane.by === 'organization') {
    const rows = await history
      .selectFrom('products as p')
      .select((is) =>
        is
          .selectFrom('events as e')
          .select('e.sequence')
          .where(within(engine, sql.ref('e.product_id'), sql.ref('p.id'), range))
          .orderBy('e.product_id', order)
          .orderBy('e.sequence', order)
          .limit(1)
          .offset(size)
          .as('boundary'),
      )
      .where('p.owner_kind', '=', 'organization')
      .where('p.owner_id', '=', lane.id)
      .execute();
    const found = rows.flatMap(({ boundary }) => (boundary === null ? [] : [boundary]));
    if (found.length === 0) return undefined;
    return order === 'asc' ? Math.min(...found) - 1 : Math.max(...found) + 1;
  }
  let query = history
    .selectFrom('events as e')
    .select('e.sequence')
    .where(inLane(engine, lane, range));
  if (lane.by !== 'everything') query = query.orderBy(columnOf(lane), order);
  const row = await query.orderBy('e.sequence', order).limit(1).offset(size).executeTakeFirst();
  if (row === undefined) return undefined;
  return order === 'asc' ? row.sequence - 1 : row.sequence + 1;
}

/** Events of the range that pass, at most `limit`. Which have a text in them is only narrowed down: bytes of data may look like it to PostgreSQL. */
export async function findEvents(
  { engine, history }: Reader,
  lane: Lane,
  range: Range,
  filter: EventFilter,
  order: Order,
  limit: number,
): Promise<StoredEvent[]> {
  const conditions = conditionsOf(engine, filter);
  let query =
    lane.by === 'organization'
      ? history
          .selectFrom('products as p')
          // A cross join, since SQLite keeps its order: it would otherwise read the events of everybody.
          .crossJoin('events as e')
          .where('p.owner_kind', '=', 'organization')
          .where('p.owner_id', '=', lane.id)
          .where(within(engine, sql.ref('e.product_id'), sql.ref('p.id'), range))
      : history.selectFrom('events as e').where(inLane(engine, lane, range));
  if (lane.by !== 'everything' && lane.by !== 'organization') query = query.orderBy(columnOf(lane), order);
  for (const condition of conditions) query = query.where(condition);
  const rows = await query.selectAll('e').orderBy('e.sequence', order).limit(limit).execute();
  return rows.map(storedEventOf);
}

function inLane(engine: Engine, lane: Exclude<Lane, { by: 'organization' }>, range: Range): RawBuilder<SqlBool> {
  if (lane.by === 'everything') return sql`e.sequence >= ${range.first} and e.sequence <= ${range.last}`;
  return within(engine, sql.ref(columnOf(lane)), sql`${lane.id}`, range);
}

function columnOf({ by }: Exclude<Lane, { by: 'organization' | 'everything' }>) {
  const columns = { owner: 'e.owner_id', product: 'e.product_id' } as const;
  return columns[by];
}

/**
 * Events with that value in a column of an index, in the range. As pairs on PostgreSQL, which would else read by the primary key, in the order that is
 * asked for, whatever it has to skip; as it is usual on SQLite, which reads more than the range for pairs.
 */
function within(
  engine: Engine,
  column: RawBuilder<unknown>,
  value: RawBuilder<unknown>,
  { first, last }: Range,
): RawBuilder<SqlBool> {
  return engine === 'sqlite'
    ? sql`${column} = ${value} and e.sequence >= ${first} and e.sequence <= ${last}`
    : sql`${column} is not null and (${column}, e.sequence) >= (${value}, ${first}) and (${column}, e.sequence) <= (${value}, ${last})`;
}

function conditionsOf(engine: Engine, filter: EventFilter): RawBuilder<SqlBool>[] {
  const { deviceId, from, to, namePrefix, text, kept } = filter;
  const conditions: RawBuilder<SqlBool>[] = [];
  if (deviceId !== undefined) conditions.push(sql`e.device_id = ${deviceId}`);
  if (from !== undefined) conditions.push(sql`e.published_at >= ${from}`);
  if (to !== undefined) conditions.push(sql`e.published_at <= ${to}`);
  if (namePrefix !== undefined && namePrefix !== '') {
    // Not LIKE: SQLite's ignores case. Not a range: PostgreSQL may collate by language.
    const length = [...namePrefix].length;
    conditions.push(sql`substr(e.name, 1, ${sql.lit(length)}) = ${namePrefix}`);
  }
  if (text !== undefined && text !== '') conditions.push(mayContain(engine, text));
  if (kept !== undefined) {
    const chosen = sql`(select r.days from event_retention r where r.place_kind = 'product' and r.place_id = cast(e.product_id as text))`;
    conditions.push(
      sql`e.published_at + cast(${days(1)} as bigint) * coalesce(${chosen}, ${kept.days}) >= ${kept.now}`,
    );
  }
  return conditions;
}

function mayContain(engine: Engine, text: string): RawBuilder<SqlBool> {
  if (engine === 'sqlite') {
    return sql`(instr(lower(e.name), lower(${text})) > 0 or instr(lower(e.data), lower(${text})) > 0)`;
  }
  // Of bytes as text there is only this form, in which what is not ASCII is written in octal.
  const escaped = (value: RawBuilder<unknown>) => sql`lower(encode(${value}, 'escape') collate "C")`;
  const needle = escaped(sql`convert_to(${text}, 'UTF8')`);
  const name = escaped(sql`convert_to(e.name, 'UTF8')`);
  return sql`(strpos(${name}, ${needle}) > 0 or strpos(${escaped(sql.ref('e.data'))}, ${needle}) > 0)`;
}
