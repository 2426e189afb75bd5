import type pg from 'pg';
import type { BatchOutcome } from '../event-appender.ts';
import type { NewEvent } from '../event-log.ts';

const APPEND = {
  name: 'append-events',
  text: `insert into events (owner_id, product_id, device_id, publisher, name, data, content_format, ttl, published_at)
    select owner_id, product_id, device_id, publisher, name, data, content_format, ttl, published_at
    from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::int[], $8::int[], $9::bigint[])
      with ordinality as batch (owner_id, product_id, device_id, publisher, name, data, content_format, ttl, published_at, position)
    order by position
    returning sequence`,
};

/**
 * One insert per batch. Rows that the server calls bad themselves (SQLSTATE classes 22 and 23, such as a NUL in text) are found by halving,
 * so that they cost their neighbours nothing.
 */
export async function appendToPostgres(pool: pg.Pool, events: readonly NewEvent[]): Promise<BatchOutcome> {
  try {
    return { sequences: await insert(pool, events) };
  } catch (error) {
    if (!isRowsOwnFault(error)) throw error;
    if (events.length === 1) return { sequences: [Number.NaN], refusal: error.message };
    const middle = events.length >> 1;
    const head = await appendToPostgres(pool, events.slice(0, middle));
    const tail = await appendToPostgres(pool, events.slice(middle));
    const refusal = head.refusal ?? tail.refusal;
    const sequences = [...Array.from(head.sequences), ...Array.from(tail.sequences)];
    return { sequences, ...(refusal === undefined ? {} : { refusal }) };
  }
}

async function insert(pool: pg.Pool, events: readonly NewEvent[]): Promise<number[]> {
  const { rows } = await pool.query<{ sequence: number }>({
    ...APPEND,
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
    ],
  });
  // Numbers are given in the order of `position`; RETURNING promises no order of its own.
  return rows.map((row) => row.sequence).sort((a, b) => a - b);
}

function isRowsOwnFault(error: unknown): error is Error {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  return error.code.startsWith('22') || error.code.startsWith('23');
}
