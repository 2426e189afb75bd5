import type { Kysely } from 'kysely';
import type { Tables } from '../../store/index.ts';
import { apiUserRefused, permissionDenied } from '../authorization/index.ts';
import type { TokenContext, UserContext } from '../context.ts';
import type { OrganizationContext } from '../organizations/index.ts';
import { enterProduct } from './enter-product.ts';
import type { Product } from './product.ts';
import { findProduct, findProductsOf, findProductsOwnedBy } from './product-store.ts';

/** The products of the caller's own space: those that it owns, and those whose team it is in (LST-02, API-24). */
export function listOwnProducts(ctx: UserContext): Promise<Product[]> {
  return findProductsOf(ctx.store.db, ctx.actor.userId, 'own');
}

/**
 * Every product that the caller can see: an account also those of its organizations, a program those of its team, a product's token that product.
 * @throws DomainError `unauthorized` for an API user without `products:list`, `permission_denied` for a customer and for a token without that scope.
 */
export async function listProducts(ctx: TokenContext): Promise<Product[]> {
  const { actor } = ctx;
  switch (actor.kind) {
    case 'user':
      return findProductsOf(ctx.store.db, actor.userId, 'all');
    case 'product':
      return [(await enterProduct(ctx, String(actor.productId), 'products:list')).product];
    case 'api_user': {
      if (!actor.scopes.includes('products:list')) throw apiUserRefused();
      if (actor.teamKind === 'organization') {
        return findProductsOwnedBy(ctx.store.db, { kind: 'organization', id: actor.teamId });
      }
      const product = await findProduct(ctx.store.db, actor.teamId);
      return product === undefined ? [] : [product];
    }
    case 'customer':
      throw permissionDenied();
  }
}

/** The products of an organization that was entered with `products:list` (API-30). */
export function listOrganizationProducts(ctx: OrganizationContext): Promise<Product[]> {
  return findProductsOwnedBy(ctx.store.db, { kind: 'organization', id: ctx.organization.id });
}

/** Names of what an account owns, for which it cannot be deleted: transfer or delete them first. */
export async function findOwnedProductNames(db: Kysely<Tables>, userId: string): Promise<string[]> {
  const products = await findProductsOwnedBy(db, { kind: 'user', id: userId });
  return products.map(({ name }) => name);
}
