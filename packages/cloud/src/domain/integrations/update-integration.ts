import type { Ambient } from '../context.ts';
import { signedSettings } from './create-integration.ts';
import { holdOwner } from './hold-owner.ts';
import type { Integration, IntegrationOwner } from './integration.ts';
import { integrationChanges, readCards } from './integration-changes.ts';
import { integrationNotFound, invalidSettings } from './integration-errors.ts';
import { maskedSettingsOf, rowOf, secretsOf } from './integration-row.ts';
import type { IntegrationServices } from './integration-services.ts';
import { findIntegrationRow, integrationOf, replaceIntegration } from './integration-store.ts';
import { keepSecrets, type Secrets } from './secret-fields.ts';

/**
 * Replaces all settings of an integration; only its id, type, counters, logs and what is owed to it stay. A secret stays when its mask is sent back and the
 * address leads to the same host; the signing secret stays unless another is sent.
 * @throws DomainError `integration.not_found`, also for that of another owner; `integration.invalid`, `integration.unavailable`.
 */
export async function updateIntegration(
  ctx: Ambient,
  services: IntegrationServices,
  owner: IntegrationOwner,
  id: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Integration> {
  const { changed, cards } = await ctx.store.db.transaction().execute(async (db) => {
    await holdOwner(db, owner);
    const before = await findIntegrationRow(db, owner, id);
    if (before === undefined) throw integrationNotFound();
    const type = before.integration_type;
    const secrets = secretsOf(services.secrets, before);
    const given = keepSecrets({ integration_type: type, ...input }, { masked: maskedSettingsOf(before), secrets });
    const settings = signedSettings(ctx.entropy, owner, withSigningSecret(given, secrets));
    if (settings.type !== type)
      throw invalidSettings(`integration_type: stays ${type}: make another integration instead`);
    const row = rowOf(services.secrets, {
      id,
      owner,
      settings,
      createdAt: before.created_at,
      updatedAt: ctx.clock.now(),
    });
    if (!(await replaceIntegration(db, owner, row))) throw integrationNotFound();
    return { changed: integrationOf(row), cards: await readCards(db, owner) };
  });
  services.bus.publish(integrationChanges, { owner, cards });
  return changed;
}

function withSigningSecret(given: Readonly<Record<string, unknown>>, { signing_secret: known }: Secrets) {
  const sent = given.signing_secret;
  const isSent = sent !== undefined && sent !== null && sent !== '';
  return isSent || known === undefined ? given : { ...given, signing_secret: known };
}
