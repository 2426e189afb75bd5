import type { SecretBox } from '../../store/index.ts';
import type { IntegrationRow } from '../../store/tables/integrations.ts';
import type { IntegrationOwner } from './integration.ts';
import { type IntegrationSettings, parseSettings } from './integration-settings.ts';
import { joinSecrets, type Secrets, splitSecrets } from './secret-fields.ts';

type StoredSecrets = Pick<IntegrationRow, 'id' | 'secrets'>;

export interface NewRow {
  readonly id: string;
  readonly owner: IntegrationOwner;
  /** With all secrets in it. */
  readonly settings: IntegrationSettings;
  /** ms UTC */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What the store keeps of an integration: secrets apart from the rest, and sealed. */
export function rowOf(box: SecretBox, { id, owner, settings, createdAt, updatedAt }: NewRow): IntegrationRow {
  const { masked, secrets } = splitSecrets(settings.given);
  return {
    id,
    owner_kind: owner.kind,
    owner_id: owner.id,
    integration_type: settings.type,
    event: settings.event,
    name: settings.name,
    device_id: settings.deviceId,
    settings: JSON.stringify(masked),
    secrets: box.seal(Buffer.from(JSON.stringify(secrets)), contextOf(id)),
    mode: settings.mode,
    disabled: settings.disabled ? 1 : 0,
    created_at: createdAt,
    updated_at: updatedAt,
  };
}

/** @throws ChamberError `secret.unreadable` when they were sealed under another key. */
export function secretsOf(box: SecretBox, row: StoredSecrets): Secrets {
  const plain = box.open(row.secrets, contextOf(row.id));
  return JSON.parse(Buffer.from(plain).toString('utf8')) as Secrets;
}

export function maskedSettingsOf(row: Pick<IntegrationRow, 'settings'>): Readonly<Record<string, unknown>> {
  return JSON.parse(row.settings) as Readonly<Record<string, unknown>>;
}

/** The settings with their secrets. @throws ChamberError `secret.unreadable` */
export function settingsOf(
  box: SecretBox,
  row: StoredSecrets & Pick<IntegrationRow, 'settings' | 'owner_kind'>,
): IntegrationSettings {
  return parseSettings(joinSecrets(maskedSettingsOf(row), secretsOf(box, row)), { kind: row.owner_kind });
}

const contextOf = (id: string) => `integration:${id}`;
