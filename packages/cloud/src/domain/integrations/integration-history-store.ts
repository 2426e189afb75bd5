import { days } from '@cloudchamber/kernel';
import type { Kysely } from 'kysely';
import type { IntegrationLogRow } from '../../store/tables/integrations.ts';
import type { Tables } from '../../store/tables.ts';

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
