import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import { findOrganization } from '../organizations/index.ts';
import { findMemberIds } from '../teams/index.ts';
import type { Product } from './product.ts';

/** Ids of every account that has a role in the product: its owner, its team, and those of the organization that owns it (PRD-12). */
export async function productPeople(db: Kysely<Tables>, product: Pick<Product, 'id' | 'owner'>): Promise<Set<string>> {
  const { id, owner } = product;
  const team = await findMemberIds(db, { kind: 'product', id: String(id) });
  if (owner.kind === 'user') return new Set([owner.id, ...team]);
  const organization = await findOrganization(db, owner.id);
  const members = await findMemberIds(db, { kind: 'organization', id: owner.id });
  return new Set([...(organization ? [organization.ownerId] : []), ...members, ...team]);
}
