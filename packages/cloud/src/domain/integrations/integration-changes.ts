import type { Kysely } from 'kysely';
import { defineTopic } from '../../bus/index.ts';
import type { Tables } from '../../store/index.ts';
import type { IntegrationOwner } from './integration.ts';
import { findIntegrationRows, type StoredIntegration } from './integration-store.ts';

/** What triggers an enabled integration. */
export interface IntegrationCard {
  readonly id: string;
  /** Names of triggering events begin so, case and all. */
  readonly prefix: string;
  readonly deviceId: string | null;
  /** Of an organization: only devices of these products; null for all. */
  readonly products: readonly number[] | null;
}

/** What a verb has just committed: all enabled integrations of an owner as they are now. */
export interface IntegrationChange {
  readonly owner: IntegrationOwner;
  readonly cards: readonly IntegrationCard[];
}

export const integrationChanges = defineTopic<IntegrationChange>('integrations');

export async function readCards(db: Kysely<Tables>, owner: IntegrationOwner): Promise<IntegrationCard[]> {
  return (await findIntegrationRows(db, owner)).filter((row) => row.disabled === 0).map(cardOf);
}

export function cardOf(row: StoredIntegration): IntegrationCard {
  const { id, event: prefix, device_id: deviceId } = row;
  return { id, prefix, deviceId, products: row.owner_kind === 'organization' ? productsOf(row.settings) : null };
}

/** As `parseSettings` understands the key. */
function productsOf(settings: string): readonly number[] | null {
  const { products } = JSON.parse(settings) as { readonly products?: readonly (number | string)[] };
  return products === undefined ? null : products.map(Number);
}
