import { days } from '@cloudchamber/kernel';
import type { Kysely } from 'kysely';
import type { IntegrationLogRow } from '../../store/tables/integrations.ts';
import type { Tables } from '../../store/tables.ts';
import type { IntegrationOwner } from './integration.ts';

export interface IntegrationCounter {
  /** Begin of the day in UTC, ms. */
  readonly day: number;
  readonly success: number;
  readonly error: number;
  /** Skipped, since the host had too many errors. */
  readonly sleep: number;
}

export interface IntegrationLog {
  readonly kind: 'success' | 'error';
  /** ms UTC */
  readonly at: number;
  /** The triggering event. */
  readonly event: unknown;
  /** As it was sent. */
  readonly request: string;
  /** As it came. */
  readonly response: string;
}

/** How an integration did in the last 30 days. */
export interface IntegrationSummary {
  readonly success: number;
  readonly error: number;
  readonly sleep: number;
  /** The last request; null when there was none. */
  readonly last: Pick<IntegrationLog, 'kind' | 'at'> | null;
}

const KEPT = days(30);
const LOGS_EACH = 10;
const KINDS = ['success', 'error'] as const;

export async function findCounters(
  db: Kysely<Tables>,
  integrationId: string,
  now: number,
): Promise<IntegrationCounter[]> {
  return db
    .selectFrom('integration_counters')
    .select(['day', 'success', 'error', 'sleep'])
    .where('integration_id', '=', integrationId)
    .where('day', '>', now - KEPT)
    .orderBy('day', 'desc')
    .execute();
}

export async function findLogs(db: Kysely<Tables>, integrationId: string, now: number): Promise<IntegrationLog[]> {
  const rows = await Promise.all(KINDS.map((kind) => findLogsOf(db, integrationId, kind, now)));
  return rows
    .flat()
    .toSorted((a, b) => b.at - a.at || b.sequence - a.sequence)
    .map(({ kind, at, event, request, response }) => ({ kind, at, event: JSON.parse(event), request, response }));
}

function findLogsOf(db: Kysely<Tables>, integrationId: string, kind: IntegrationLogRow['kind'], now: number) {
  return db
    .selectFrom('integration_logs')
    .selectAll()
    .where('integration_id', '=', integrationId)
    .where('kind', '=', kind)
    .where('at', '>', now - KEPT)
    .orderBy('sequence', 'desc')
    .limit(LOGS_EACH)
    .execute();
}

/** How each integration of an owner did; those without any outcome are left out. @param now ms UTC @returns by id */
export async function findSummaries(
  db: Kysely<Tables>,
  owner: IntegrationOwner,
  now: number,
): Promise<ReadonlyMap<string, IntegrationSummary>> {
  const [counts, logs] = await Promise.all([sumCounters(db, owner, now), findLastLogs(db, owner, now)]);
  const summaries = new Map<string, IntegrationSummary>();
  for (const { integration_id: id, success, error, sleep } of counts) {
    summaries.set(id, { success: Number(success), error: Number(error), sleep: Number(sleep), last: null });
  }
  for (const { integration_id: id, kind, at } of logs) {
    const known = summaries.get(id) ?? { success: 0, error: 0, sleep: 0, last: null };
    const last = known.last === null || Number(at) > known.last.at ? { kind, at: Number(at) } : known.last;
    summaries.set(id, { ...known, last });
  }
  return summaries;
}

function sumCounters(db: Kysely<Tables>, owner: IntegrationOwner, now: number) {
  return db
    .selectFrom('integration_counters')
    .innerJoin('integrations', 'integrations.id', 'integration_counters.integration_id')
    .select((is) => [
      'integration_id',
      is.fn.sum<number | string>('success').as('success'),
      is.fn.sum<number | string>('error').as('error'),
      is.fn.sum<number | string>('sleep').as('sleep'),
    ])
    .where('owner_kind', '=', owner.kind)
    .where('owner_id', '=', owner.id)
    .where('day', '>', now - KEPT)
    .groupBy('integration_id')
    .execute();
}

function findLastLogs(db: Kysely<Tables>, owner: IntegrationOwner, now: number) {
  return db
    .selectFrom('integration_logs')
    .innerJoin('integrations', 'integrations.id', 'integration_logs.integration_id')
    .select((is) => ['integration_id', 'kind', is.fn.max<number | string>('at').as('at')])
    .where('owner_kind', '=', owner.kind)
    .where('owner_id', '=', owner.id)
    .where('at', '>', now - KEPT)
    .groupBy(['integration_id', 'kind'])
    .execute();
}
