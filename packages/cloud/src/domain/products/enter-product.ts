import type { Scope } from '@cloudchamber/contract';
import {
  apiUserRefused,
  permissionDenied,
  permissionsOf,
  type Role,
  roleTooWeak,
  scopesOfRole,
  strongerRole,
} from '../authorization/index.ts';
import type { ApiUserActor, TokenContext } from '../context.ts';
import { findOrganization, organizationRole } from '../organizations/index.ts';
import { findRole } from '../teams/index.ts';
import type { Product, ProductContext } from './product.ts';
import { findProduct } from './product-store.ts';

/** The role of an account in a product: its own, or the one in the organization that owns the product, whichever is stronger (ORG-04). */
export async function productRole(
  ctx: Pick<TokenContext, 'store'>,
  product: Pick<Product, 'id' | 'owner'>,
  userId: string,
): Promise<Role | undefined> {
  const { owner } = product;
  if (owner.kind === 'user' && owner.id === userId) return 'Owner';
  const role = await findRole(ctx.store.reads, { kind: 'product', id: String(product.id) }, userId);
  if (owner.kind === 'user') return role;
  const organization = await findOrganization(ctx.store.reads, owner.id);
  return strongerRole(role, organization && (await organizationRole(ctx, organization, userId)));
}

/**
 * The product that a path names, for somebody who may do `scope` in it (API-20).
 * @throws DomainError `permission_denied`, alike for a foreign product and for one that does not exist; `unauthorized` for an API user without the scope.
 */
export async function enterProduct(ctx: TokenContext, selector: string, scope: Scope): Promise<ProductContext> {
  const { actor } = ctx;
  if (actor.kind === 'api_user' && !actor.scopes.includes(scope)) throw apiUserRefused();
  const product = await findProduct(ctx.store.reads, selector);
  if (product === undefined) throw permissionDenied();
  switch (actor.kind) {
    case 'user': {
      const role = await productRole(ctx, product, actor.userId);
      if (role === undefined) throw permissionDenied();
      if (!scopesOfRole[role].has(scope)) throw roleTooWeak(role, scope);
      return { ...ctx, product, scope, role };
    }
    case 'product':
      if (actor.productId !== product.id || !permissionsOf(actor, undefined).has(scope)) throw permissionDenied();
      return { ...ctx, product, scope, role: undefined };
    case 'api_user':
      if (!worksFor(actor, product)) throw permissionDenied();
      return { ...ctx, product, scope, role: undefined };
    case 'customer':
      throw permissionDenied();
  }
}

function worksFor(actor: ApiUserActor, product: Product): boolean {
  if (actor.teamKind === 'product') return actor.teamId === String(product.id);
  return product.owner.kind === 'organization' && product.owner.id === actor.teamId;
}
