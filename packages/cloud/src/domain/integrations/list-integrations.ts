import type { Ambient } from '../context.ts';
import type { Integration, IntegrationOwner } from './integration.ts';
import { integrationNotFound } from './integration-errors.ts';
import {
  findCounters,
  findLogs,
  findSummaries,
  type IntegrationCounter,
  type IntegrationLog,
  type IntegrationSummary,
} from './integration-history-store.ts';
import { findIntegrationRow, findIntegrationRows, integrationOf } from './integration-store.ts';

export interface IntegrationDetails {
  readonly integration: Integration;
  /** Outcomes of each day of the last 30 that had any, the newest first. */
  readonly counters: readonly IntegrationCounter[];
  /** The last ten requests and the last ten errors of the last 30 days, the newest first, secrets masked (UI-24). */
  readonly logs: readonly IntegrationLog[];
}

/** The integrations of an owner, oldest first. */
export async function listIntegrations(
  ctx: Pick<Ambient, 'store'>,
  owner: IntegrationOwner,
): Promise<readonly Integration[]> {
  return (await findIntegrationRows(ctx.store.db, owner)).map(integrationOf);
}

/** How the integrations of an owner did in the last 30 days. @returns by id; those without any outcome are left out */
export function summarizeIntegrations(
  ctx: Pick<Ambient, 'store' | 'clock'>,
  owner: IntegrationOwner,
): Promise<ReadonlyMap<string, IntegrationSummary>> {
  return findSummaries(ctx.store.db, owner, ctx.clock.now());
}

/** @throws DomainError `integration.not_found`, also for that of another owner. */
export async function getIntegration(
  ctx: Pick<Ambient, 'store' | 'clock'>,
  owner: IntegrationOwner,
  id: string,
): Promise<IntegrationDetails> {
  const { db } = ctx.store;
  const row = await findIntegrationRow(db, owner, id);
  if (row === undefined) throw integrationNotFound();
  const now = ctx.clock.now();
  const [counters, logs] = await Promise.all([findCounters(db, id, now), findLogs(db, id, now)]);
  return { integration: integrationOf(row), counters, logs };
}
