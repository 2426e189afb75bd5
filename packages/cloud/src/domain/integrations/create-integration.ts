import type { Entropy } from '@cloudchamber/kernel';
import type { Kysely } from 'kysely';
import type { Tables } from '../../store/index.ts';
import { newId } from '../accounts/index.ts';
import type { Ambient } from '../context.ts';
import { holdOwner } from './hold-owner.ts';
import type { Integration, IntegrationOwner } from './integration.ts';
import { type IntegrationCard, integrationChanges, readCards } from './integration-changes.ts';
import { MOST_INTEGRATIONS, tooManyIntegrations } from './integration-errors.ts';
import { rowOf } from './integration-row.ts';
import type { IntegrationServices } from './integration-services.ts';
import { type IntegrationSettings, parseSettings } from './integration-settings.ts';
import { countIntegrations, insertIntegration, integrationOf } from './integration-store.ts';
import { keepSecrets, MASK } from './secret-fields.ts';

const SIGNING_SECRET_BYTES = 24;

export interface NewIntegration {
  readonly integration: Integration;
  /** What requests of a webhook are signed with: told here only. */
  readonly signingSecret: string | undefined;
}

/**
 * Makes an integration; events trigger it from now on. The same settings twice make two.
 * @param input section 4.1 or 4.3 of the event notes
 * @throws DomainError `integration.invalid`, `integration.unavailable`, `integration.too_many`; `permission_denied` when the owner is gone.
 */
export async function createIntegration(
  ctx: Ambient,
  services: IntegrationServices,
  owner: IntegrationOwner,
  input: Readonly<Record<string, unknown>>,
): Promise<NewIntegration> {
  const settings = signedSettings(ctx.entropy, owner, keepSecrets(withoutMaskedSecret(input), undefined));
  const { created, cards } = await ctx.store.db.transaction().execute(async (db) => {
    await holdOwner(db, owner);
    return insertWithin(ctx, services, db, owner, settings);
  });
  services.bus.publish(integrationChanges, { owner, cards });
  ctx.log.info({ integration: created.integration.id, owner: owner.id }, 'integration created');
  return created;
}

/** What an answer showed of another integration has its mask in it: the new one gets a secret of its own. */
function withoutMaskedSecret(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return input.signing_secret === MASK ? { ...input, signing_secret: undefined } : input;
}

/** Checks settings, and gives a webhook a signing secret where it has none. @throws DomainError as `parseSettings` */
export function signedSettings(
  entropy: Entropy,
  owner: IntegrationOwner,
  given: Readonly<Record<string, unknown>>,
): IntegrationSettings {
  const settings = parseSettings(given, owner);
  const { target } = settings;
  if (target.type !== 'Webhook' || target.signingSecret !== undefined) return settings;
  const secret = `whsec_${entropy.bytes(SIGNING_SECRET_BYTES).toString('base64')}`;
  return parseSettings({ ...settings.given, signing_secret: secret }, owner);
}

/** Stores a new integration of an owner that is held. @throws DomainError `integration.too_many` */
export async function insertWithin(
  ctx: Pick<Ambient, 'clock' | 'entropy'>,
  { secrets }: Pick<IntegrationServices, 'secrets'>,
  db: Kysely<Tables>,
  owner: IntegrationOwner,
  settings: IntegrationSettings,
): Promise<{ readonly created: NewIntegration; readonly cards: readonly IntegrationCard[] }> {
  if ((await countIntegrations(db, owner)) >= MOST_INTEGRATIONS) throw tooManyIntegrations();
  const at = ctx.clock.now();
  const row = rowOf(secrets, { id: newId(ctx.entropy), owner, settings, createdAt: at, updatedAt: at });
  await insertIntegration(db, row);
  const signingSecret = settings.target.type === 'Webhook' ? settings.target.signingSecret : undefined;
  return { created: { integration: integrationOf(row), signingSecret }, cards: await readCards(db, owner) };
}
