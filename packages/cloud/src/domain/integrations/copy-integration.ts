import { permissionDenied } from '../authorization/index.ts';
import type { ProductContext } from '../products/index.ts';
import { insertWithin, type NewIntegration, signedSettings } from './create-integration.ts';
import { holdOwner } from './hold-owner.ts';
import type { IntegrationOwner } from './integration.ts';
import { integrationChanges, readCards } from './integration-changes.ts';
import { integrationNotFound, invalidSettings } from './integration-errors.ts';
import { settingsOf } from './integration-row.ts';
import type { IntegrationServices } from './integration-services.ts';
import { deleteIntegrationRow, findIntegrationRow } from './integration-store.ts';

export interface CopyInput {
  /** One of the caller's own. */
  readonly id: string;
  /** Delete it, so that no event triggers both. */
  readonly move?: boolean | undefined;
}

/**
 * Copies or moves an integration of the caller's account into a product (PRD-27), with its secrets but for the signing secret, which is a new one. History
 * stays with the account, and what is still owed to one that is moved is not delivered any more.
 * @throws DomainError `integration.not_found`; `integration.invalid` for one of a single device, since a product's fires for all of them;
 * `integration.too_many`; `permission_denied` for callers that are no account.
 */
export async function copyIntegration(
  ctx: ProductContext,
  services: IntegrationServices,
  { id, move = false }: CopyInput,
): Promise<NewIntegration> {
  const { actor } = ctx;
  if (actor.kind !== 'user') throw permissionDenied();
  const from: IntegrationOwner = { kind: 'user', id: actor.userId };
  const to: IntegrationOwner = { kind: 'product', id: String(ctx.product.id) };
  const { created, changes } = await ctx.store.db.transaction().execute(async (db) => {
    // The account first, as everywhere: of two who copy at once neither waits with a lock that the other needs.
    await holdOwner(db, from);
    await holdOwner(db, to);
    const row = await findIntegrationRow(db, from, id);
    if (row === undefined) throw integrationNotFound();
    if (row.device_id !== null) {
      const text =
        'This integration is for one device, but those of a product are for all its devices: update it without deviceID first';
      throw invalidSettings(text);
    }
    const { signing_secret: _, ...given } = settingsOf(services.secrets, row).given;
    const inserted = await insertWithin(ctx, services, db, to, signedSettings(ctx.entropy, to, given));
    const changes = [{ owner: to, cards: inserted.cards }];
    if (move) {
      await deleteIntegrationRow(db, from, id);
      changes.push({ owner: from, cards: await readCards(db, from) });
    }
    return { created: inserted.created, changes };
  });
  for (const change of changes) services.bus.publish(integrationChanges, change);
  ctx.log.info({ integration: id, product: ctx.product.id, move }, 'integration copied into a product');
  return created;
}
