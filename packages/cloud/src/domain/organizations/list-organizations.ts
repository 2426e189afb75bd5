import type { Kysely } from 'kysely';
import type { Tables } from '../../store/index.ts';
import type { TokenContext } from '../context.ts';
import type { Organization } from './organization.ts';
import { findOrganization, findOrganizationsOf, findOrganizationsOwnedBy } from './organization-store.ts';

/** The organizations that the caller is in, in the order of their names (ORG-06, API-29): none for a customer or for a token of a product. */
export async function listOrganizations(ctx: TokenContext): Promise<Organization[]> {
  const { actor } = ctx;
  if (actor.kind === 'user') return findOrganizationsOf(ctx.store.db, actor.userId);
  if (actor.kind !== 'api_user' || actor.teamKind !== 'organization') return [];
  const organization = await findOrganization(ctx.store.db, actor.teamId);
  return organization === undefined ? [] : [organization];
}

/** Names of the organizations that an account owns, for which it cannot be deleted. */
export async function findOwnedOrganizationNames(db: Kysely<Tables>, userId: string): Promise<string[]> {
  const organizations = await findOrganizationsOwnedBy(db, userId);
  return organizations.map(({ name }) => name);
}
