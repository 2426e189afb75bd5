import type pg from 'pg';
import type { BatchOutcome } from '../event-appender.ts';
import type { NewEvent } from '../event-log.ts';

const INSERT_EVENTS = `insert into events (owner_id, product_id, device_id, publisher, name, data, content_format, ttl, published_at)
    select owner_id, product_id, device_id, publisher, name, data, content_format, ttl, published_at
    from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::int[], $8::int[], $9::bigint[])
      with ordinality as batch (owner_id, product_id, device_id, publisher, name, data, content_format, ttl, published_at, position)
    order by position
    returning sequence`;

const APPEND = { name: 'append-events', text: INSERT_EVENTS };

const MARK = { name: 'append-marks', text: 'insert into session_marks (marks) values ($1) returning sequence' };

/** One statement, so one commit and one round trip. */
const APPEND_WITH_MARKS = {
  name: 'append-events-and-marks',
  text: `with marked as (insert into session_marks (marks) values ($10) returning sequence)
    ${INSERT_EVENTS}, (select sequence from marked) as mark_sequence`,
};

interface AppendedRow {
  readonly sequence: number;
  readonly mark_sequence?: number;
}

/**
 * One insert per batch. Rows that the server calls bad themselves (SQLSTATE classes 22 and 23, such as a NUL in text) are found by halving,
 * so that they cost their neighbours nothing. Marks are stored before or with the events, never after.
 */
export async function appendToPostgres(
  pool: pg.Pool,
  events: readonly NewEvent[],
  marks?: Uint8Array,
): Promise<BatchOutcome> {
  if (events.length === 0) return marks === undefined ? { sequences: [] } : insertMarks(pool, marks);
  try {
    return await insert(pool, events, marks);
  } catch (error) {
    if (!isRowsOwnFault(error)) throw error;
    if (marks !== undefined) return { ...(await insertMarks(pool, marks)), ...(await appendToPostgres(pool, events)) };
    if (events.length === 1) return { sequences: [Number.NaN], refusal: error.message };
    const middle = events.length >> 1;
    const head = await appendToPostgres(pool, events.slice(0, middle));
    const tail = await appendToPostgres(pool, events.slice(middle));
    const refusal = head.refusal ?? tail.refusal;
    const sequences = [...Array.from(head.sequences), ...Array.from(tail.sequences)];
    return { sequences, ...(refusal === undefined ? {} : { refusal }) };
  }
}

async function insertMarks(pool: pg.Pool, marks: Uint8Array): Promise<BatchOutcome> {
  const { rows } = await pool.query<AppendedRow>({ ...MARK, values: [marks] });
  return { sequences: [], ...(rows[0] && { markSequence: rows[0].sequence }) };
}

async function insert(pool: pg.Pool, events: readonly NewEvent[], marks?: Uint8Array): Promise<BatchOutcome> {
  const { rows } = await pool.query<AppendedRow>({
    ...(marks === undefined ? APPEND : APPEND_WITH_MARKS),
    values: [
      events.map((event) => event.ownerId),
      events.map((event) => event.productId),
      events.map((event) => event.deviceId),
      events.map((event) => event.publisher),
      events.map((event) => event.name),
      events.map((event) => event.data),
      events.map((event) => event.contentFormat),
      events.map((event) => event.ttlSeconds),
      events.map((event) => event.publishedAt),
      ...(marks === undefined ? [] : [marks]),
    ],
  });
  const markSequence = rows[0]?.mark_sequence;
  return {
    // Numbers are given in the order of `position`; RETURNING promises no order of its own.
    sequences: rows.map((row) => row.sequence).sort((a, b) => a - b),
    ...(markSequence === undefined ? {} : { markSequence }),
  };
}

function isRowsOwnFault(error: unknown): error is Error {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  return error.code.startsWith('22') || error.code.startsWith('23');
}
