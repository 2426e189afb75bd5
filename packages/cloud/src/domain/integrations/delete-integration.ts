import type { Kysely } from 'kysely';
import type { Bus } from '../../bus/index.ts';
import type { Tables } from '../../store/index.ts';
import type { Ambient } from '../context.ts';
import { holdOwner } from './hold-owner.ts';
import type { IntegrationOwner } from './integration.ts';
import { integrationChanges, readCards } from './integration-changes.ts';
import { integrationNotFound } from './integration-errors.ts';
import { deleteIntegrationRow, deleteIntegrationsOf } from './integration-store.ts';

/** Deletes an integration with its counters and logs. @throws DomainError `integration.not_found`, also for that of another owner. */
export async function deleteIntegration(
  ctx: Ambient,
  { bus }: { readonly bus: Bus },
  owner: IntegrationOwner,
  id: string,
): Promise<void> {
  const cards = await ctx.store.db.transaction().execute(async (db) => {
    await holdOwner(db, owner);
    if (!(await deleteIntegrationRow(db, owner, id))) throw integrationNotFound();
    return readCards(db, owner);
  });
  bus.publish(integrationChanges, { owner, cards });
  ctx.log.info({ integration: id, owner: owner.id }, 'integration deleted');
}

/**
 * What becomes of the integrations of an account, product or organization that is being deleted: they end with it.
 * @returns for the deletion, which calls it after its commit.
 */
export async function endIntegrations(
  db: Kysely<Tables>,
  { bus }: { readonly bus: Bus },
  owner: IntegrationOwner,
): Promise<() => void> {
  await deleteIntegrationsOf(db, owner);
  return () => bus.publish(integrationChanges, { owner, cards: [] });
}
