import type pg from 'pg';
import { OperationSums } from '../data-operations.ts';
import type { BatchCompany, BatchOutcome } from '../event-appender.ts';
import type { NewEvent } from '../event-log.ts';

const INSERT_EVENTS = `insert into events (owner_id, product_id, device_id, publisher, name, data, content_format, ttl, published_at)
    select owner_id, product_id, device_id, publisher, name, data, content_format, ttl, published_at
    from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::int[], $8::int[], $9::bigint[])
      with ordinality as batch (owner_id, product_id, device_id, publisher, name, data, content_format, ttl, published_at, position)
    order by position
    returning sequence`;

const APPEND = { name: 'append-events', text: INSERT_EVENTS };

/** Adds up as `OperationSums` did; its order keeps two processes from waiting for each other in a circle. */
const insertOperations = (first: number): string => `insert into data_operations
      (hour, owner_id, product_id, device_id, kind, count)
    select * from unnest($${first}::bigint[], $${first + 1}::text[], $${first + 2}::int[], $${first + 3}::text[], $${first + 4}::text[], $${first + 5}::bigint[])
    on conflict (owner_id, product_id, device_id, hour, kind) do update set count = data_operations.count + excluded.count`;

/**
 * Events with everything that belongs into their commit: one statement, so one commit and one round trip. Sequences are given in the order of
 * `position`, which is how a delivery finds its event.
 */
const APPEND_WITH_COMPANY = {
  name: 'append-events-with-company',
  text: `with
    marked as (insert into session_marks (marks) select $10::bytea where $10::bytea is not null returning sequence),
    stored as (${INSERT_EVENTS}),
    numbered as (select sequence, row_number() over (order by sequence) as position from stored),
    owed as (insert into deliveries (integration_id, event_sequence, created_at, due_at)
      select integration_id, numbered.sequence, at, at
      from unnest($11::int[], $12::text[], $13::bigint[]) with ordinality as owing (position, integration_id, at, delivery)
      join numbered using (position) order by delivery),
    counted as (${insertOperations(14)})
    select sequence, (select sequence from marked) as mark_sequence from numbered`,
};

/** The same without events, which `unnest` of nothing would return no row for. */
const COMPANY = {
  name: 'append-company',
  text: `with
    marked as (insert into session_marks (marks) select $1::bytea where $1::bytea is not null returning sequence),
    counted as (${insertOperations(2)})
    select (select sequence from marked) as mark_sequence`,
};

interface AppendedRow {
  readonly sequence: number;
  readonly mark_sequence?: number | null;
}

/**
 * One insert per batch. Rows that the server calls bad themselves (SQLSTATE classes 22 and 23, such as a NUL in text) are found by halving,
 * so that they cost their neighbours nothing. Their company is stored before or with the events, never after.
 */
export async function appendToPostgres(
  pool: pg.Pool,
  events: readonly NewEvent[],
  company: BatchCompany = {},
): Promise<BatchOutcome> {
  const alone = company.marks === undefined && company.operations === undefined;
  if (events.length === 0) return alone ? { sequences: [] } : insertCompany(pool, company);
  try {
    return await insert(pool, events, company);
  } catch (error) {
    if (!isRowsOwnFault(error)) throw error;
    if (!alone) return { ...(await insertCompany(pool, company)), ...(await appendToPostgres(pool, events)) };
    if (events.length === 1) return { sequences: [Number.NaN], refusal: error.message };
    const middle = events.length >> 1;
    const head = await appendToPostgres(pool, events.slice(0, middle));
    const tail = await appendToPostgres(pool, events.slice(middle));
    const refusal = head.refusal ?? tail.refusal;
    const sequences = [...Array.from(head.sequences), ...Array.from(tail.sequences)];
    return { sequences, ...(refusal === undefined ? {} : { refusal }) };
  }
}

async function insertCompany(pool: pg.Pool, { marks, operations = [] }: BatchCompany): Promise<BatchOutcome> {
  const sums = new OperationSums();
  sums.restore(operations);
  const values = [marks ?? null, ...columnsOf(sums)];
  const { rows } = await pool.query<Pick<AppendedRow, 'mark_sequence'>>({ ...COMPANY, values });
  return { sequences: [], ...markOf(rows[0]) };
}

async function insert(pool: pg.Pool, events: readonly NewEvent[], company: BatchCompany): Promise<BatchOutcome> {
  const { rows } = await pool.query<AppendedRow>(statementOf(events, company));
  return {
    // RETURNING promises no order of its own.
    sequences: rows.map((row) => row.sequence).sort((a, b) => a - b),
    ...markOf(rows[0]),
  };
}

function statementOf(events: readonly NewEvent[], { marks, operations = [] }: BatchCompany): pg.QueryConfig {
  const columns = [
    events.map((event) => event.ownerId),
    events.map((event) => event.productId),
    events.map((event) => event.deviceId),
    events.map((event) => event.publisher),
    events.map((event) => event.name),
    events.map((event) => event.data),
    events.map((event) => event.contentFormat),
    events.map((event) => event.ttlSeconds),
    events.map((event) => event.publishedAt),
  ];
  const owing = events.flatMap(({ deliveries = [], publishedAt }, index) =>
    deliveries.map((integrationId) => ({ position: index + 1, integrationId, publishedAt })),
  );
  const sums = new OperationSums();
  sums.restore(operations);
  for (const { counted, publishedAt: at, ownerId, productId, deviceId } of events) {
    if (counted === true) sums.add({ kind: 'publish', ownerId, productId, deviceId, at });
  }
  if (marks === undefined && owing.length === 0 && sums.size === 0) return { ...APPEND, values: columns };
  const values = [
    ...columns,
    marks ?? null,
    owing.map(({ position }) => position),
    owing.map(({ integrationId }) => integrationId),
    owing.map(({ publishedAt }) => publishedAt),
    ...columnsOf(sums),
  ];
  return { ...APPEND_WITH_COMPANY, values };
}

/** The values of `insertOperations`. */
function columnsOf(sums: OperationSums): unknown[] {
  const counts = sums.take();
  return [
    counts.map(({ hour }) => hour),
    counts.map(({ ownerId }) => ownerId),
    counts.map(({ productId }) => productId),
    counts.map(({ deviceId }) => deviceId),
    counts.map(({ kind }) => kind),
    counts.map(({ count }) => count),
  ];
}

function markOf(row: Pick<AppendedRow, 'mark_sequence'> | undefined): Pick<BatchOutcome, 'markSequence'> {
  const markSequence = row?.mark_sequence ?? undefined;
  return markSequence === undefined ? {} : { markSequence };
}

function isRowsOwnFault(error: unknown): error is Error {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  return error.code.startsWith('22') || error.code.startsWith('23');
}
