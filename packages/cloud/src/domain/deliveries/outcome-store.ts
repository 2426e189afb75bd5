import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../store/index.ts';

/** What becomes of a delivery. */
export type Outcome = {
  readonly deliveryId: number;
  readonly integrationId: string;
  /** ms UTC */
  readonly at: number;
  /** What the day's counters are told; nothing for an attempt that was none. */
  readonly counts: 'success' | 'error' | 'sleep' | null;
  readonly log: OutcomeLog | null;
} & (
  | { readonly state: 'delivered' }
  /** `dueAt` in ms UTC. */
  | { readonly state: 'waiting'; readonly dueAt: number; readonly attempts: number; readonly error: string | null }
  | { readonly state: 'failed'; readonly attempts: number; readonly error: string }
);

/** One of the last requests of an integration, or of its last failures. */
export interface OutcomeLog {
  readonly kind: 'success' | 'error';
  /** JSON of the triggering event. */
  readonly event: string;
  readonly request: string;
  readonly response: string;
}

/** Events that an integration was not given, since too many wait for it already. */
export interface Refusals {
  readonly integrationId: string;
  readonly at: number;
  readonly count: number;
  readonly log: OutcomeLog;
}

/** Of each kind, for each integration (section 5 of the event notes). */
const LOGS_KEPT = 10;
const DAY = 86_400_000;

/** Stores outcomes: rows of deliveries, counters of days and logs, for the integrations that are still there. One transaction is the caller's to open. */
export async function storeOutcomes(
  db: Kysely<Tables>,
  outcomes: readonly Outcome[],
  refusals: readonly Refusals[],
): Promise<void> {
  await settleDeliveries(db, outcomes);
  const known = await findKnown(db, [...outcomes, ...refusals]);
  await addCounts(db, countsOf(outcomes, refusals, known));
  await addLogs(db, logsOf(outcomes, refusals, known));
}

async function settleDeliveries(db: Kysely<Tables>, outcomes: readonly Outcome[]): Promise<void> {
  const done = outcomes.filter(({ state }) => state === 'delivered').map(({ deliveryId }) => deliveryId);
  if (done.length > 0) await db.deleteFrom('deliveries').where('id', 'in', done).execute();
  const kept = outcomes.filter((outcome) => outcome.state !== 'delivered');
  if (kept.length === 0) return;
  const values = sql.join(
    kept.map((outcome) => {
      const dueAt = outcome.state === 'waiting' ? outcome.dueAt : null;
      const { deliveryId, attempts, error } = outcome;
      return sql`(cast(${deliveryId} as bigint), cast(${dueAt} as bigint), cast(${attempts} as integer), cast(${error} as text))`;
    }),
  );
  await sql`update deliveries set due_at = changed.column2, attempts = changed.column3, last_error = changed.column4
    from (values ${values}) as changed where deliveries.id = changed.column1`.execute(db);
}

/** Which of the integrations are still there. One that is deleted at this moment fails the transaction, and not the next one. */
async function findKnown(
  db: Kysely<Tables>,
  concerned: readonly { readonly integrationId: string }[],
): Promise<ReadonlySet<string>> {
  const ids = [...new Set(concerned.map(({ integrationId }) => integrationId))];
  if (ids.length === 0) return new Set();
  const rows = await db.selectFrom('integrations').select('id').where('id', 'in', ids).execute();
  return new Set(rows.map(({ id }) => id));
}

interface DayCount {
  readonly integration_id: string;
  readonly day: number;
  success: number;
  error: number;
  sleep: number;
}

function countsOf(
  outcomes: readonly Outcome[],
  refusals: readonly Refusals[],
  known: ReadonlySet<string>,
): readonly DayCount[] {
  const counts = new Map<string, DayCount>();
  const add = (integrationId: string, at: number, kind: 'success' | 'error' | 'sleep', count: number): void => {
    if (!known.has(integrationId)) return;
    const day = at - (at % DAY);
    const key = `${integrationId} ${day}`;
    const sums = counts.get(key) ?? { integration_id: integrationId, day, success: 0, error: 0, sleep: 0 };
    sums[kind] += count;
    counts.set(key, sums);
  };
  for (const { integrationId, at, counts: kind } of outcomes) if (kind !== null) add(integrationId, at, kind, 1);
  for (const { integrationId, at, count } of refusals) add(integrationId, at, 'error', count);
  // In one order, so that two transactions don't wait for each other in a circle.
  return [...counts.values()].toSorted((one, other) => (one.integration_id < other.integration_id ? -1 : 1));
}

async function addCounts(db: Kysely<Tables>, counts: readonly DayCount[]): Promise<void> {
  if (counts.length === 0) return;
  await db
    .insertInto('integration_counters')
    .values(counts)
    .onConflict((conflict) =>
      conflict.columns(['integration_id', 'day']).doUpdateSet((row) => ({
        success: sql`integration_counters.success + ${row.ref('excluded.success')}`,
        error: sql`integration_counters.error + ${row.ref('excluded.error')}`,
        sleep: sql`integration_counters.sleep + ${row.ref('excluded.sleep')}`,
      })),
    )
    .execute();
}

interface NewLog {
  readonly integration_id: string;
  readonly kind: 'success' | 'error';
  readonly at: number;
  readonly event: string;
  readonly request: string;
  readonly response: string;
}

/** By integration and kind, the newest of each. */
function logsOf(
  outcomes: readonly Outcome[],
  refusals: readonly Refusals[],
  known: ReadonlySet<string>,
): readonly (readonly NewLog[])[] {
  const logs = new Map<string, NewLog[]>();
  for (const { integrationId, at, log } of [...outcomes, ...refusals]) {
    if (log === null || !known.has(integrationId)) continue;
    const { kind, event, request, response } = log;
    const key = `${integrationId} ${kind}`;
    logs.set(key, [...(logs.get(key) ?? []), { integration_id: integrationId, kind, at, event, request, response }]);
  }
  return [...logs.values()].map((list) => list.slice(-LOGS_KEPT));
}

async function addLogs(db: Kysely<Tables>, logs: readonly (readonly NewLog[])[]): Promise<void> {
  const rows = logs.flat();
  if (rows.length === 0) return;
  await db.insertInto('integration_logs').values(rows).execute();
  for (const [first] of logs) {
    if (first === undefined) continue;
    const { integration_id: id, kind } = first;
    const oldest = db
      .selectFrom('integration_logs')
      .select('sequence')
      .where('integration_id', '=', id)
      .where('kind', '=', kind)
      .orderBy('sequence', 'desc')
      .offset(LOGS_KEPT)
      .limit(1);
    await db
      .deleteFrom('integration_logs')
      .where('integration_id', '=', id)
      .where('kind', '=', kind)
      .where('sequence', '<=', oldest)
      .execute();
  }
}

/** Deletes logs and counters from before `before`. @returns how many logs went, at most `limit` */
export async function deleteOldHistory(db: Kysely<Tables>, before: number, limit: number): Promise<number> {
  await db
    .deleteFrom('integration_counters')
    .where('day', '<', before - DAY)
    .execute();
  // Logs are few, twenty an integration: those that are old are the first ones of an integration that was not triggered since.
  const gone = await db
    .deleteFrom('integration_logs')
    .where('sequence', 'in', (is) =>
      is.selectFrom('integration_logs').select('sequence').where('at', '<', before).orderBy('sequence').limit(limit),
    )
    .returning('sequence')
    .execute();
  return gone.length;
}
