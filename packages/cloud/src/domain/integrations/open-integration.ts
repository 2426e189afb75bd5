import type { SecretBox, Store } from '../../store/index.ts';
import type { IntegrationOwner } from './integration.ts';
import { settingsOf } from './integration-row.ts';
import type { IntegrationServices } from './integration-services.ts';
import type { IntegrationSettings } from './integration-settings.ts';
import { findAnyIntegrationRow, type StoredIntegration } from './integration-store.ts';

/** An integration with its secrets: for what calls it, never for an answer or a log. */
export interface OpenIntegration {
  readonly id: string;
  readonly owner: IntegrationOwner;
  readonly settings: IntegrationSettings;
}

/**
 * The integration that something is owed to, whoever owns it.
 * @returns null when it was deleted.
 * @throws ChamberError `secret.unreadable` when its secrets were sealed under another key.
 */
export async function openIntegration(
  { store }: { readonly store: Pick<Store, 'reads'> },
  { secrets }: Pick<IntegrationServices, 'secrets'>,
  id: string,
): Promise<OpenIntegration | null> {
  const row = await findAnyIntegrationRow(store.reads, id);
  return row === undefined ? null : openRow(secrets, row);
}

/** @throws ChamberError `secret.unreadable` */
export function openRow(box: SecretBox, row: StoredIntegration): OpenIntegration {
  return { id: row.id, owner: { kind: row.owner_kind, id: row.owner_id }, settings: settingsOf(box, row) };
}
