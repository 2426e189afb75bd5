import type { Scope } from '@cloudchamber/contract';
import { apiUserRefused, permissionDenied, type Role, roleTooWeak, scopesOfRole } from '../authorization/index.ts';
import type { TokenContext } from '../context.ts';
import { findRole } from '../teams/index.ts';
import type { Organization, OrganizationContext } from './organization.ts';
import { findOrganization } from './organization-store.ts';

/** The role of an account in an organization (ORG-05). */
export async function organizationRole(
  ctx: Pick<TokenContext, 'store'>,
  organization: Pick<Organization, 'id' | 'ownerId'>,
  userId: string,
): Promise<Role | undefined> {
  if (organization.ownerId === userId) return 'Owner';
  return findRole(ctx.store.reads, { kind: 'organization', id: organization.id }, userId);
}

/**
 * The organization that a path names, for somebody who may do `scope` in it.
 * @throws DomainError `permission_denied`, alike for a foreign organization and for one that does not exist; `unauthorized` for an API user without the scope.
 */
export async function enterOrganization(
  ctx: TokenContext,
  selector: string,
  scope: Scope,
): Promise<OrganizationContext> {
  const { actor } = ctx;
  if (actor.kind === 'api_user' && !actor.scopes.includes(scope)) throw apiUserRefused();
  const organization = await findOrganization(ctx.store.reads, selector);
  if (actor.kind === 'api_user') {
    const own = actor.teamKind === 'organization' && actor.teamId === organization?.id;
    if (organization === undefined || !own) throw permissionDenied();
    return { ...ctx, organization, scope, role: undefined };
  }
  if (actor.kind !== 'user' || organization === undefined) throw permissionDenied();
  const role = await organizationRole(ctx, organization, actor.userId);
  if (role === undefined) throw permissionDenied();
  if (!scopesOfRole[role].has(scope)) throw roleTooWeak(role, scope);
  return { ...ctx, organization, scope, role };
}
