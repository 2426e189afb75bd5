import type { Bus } from '../../bus/index.ts';
import { findUserByName } from '../accounts/index.ts';
import { permissionDenied } from '../authorization/index.ts';
import type { Ambient, TokenContext } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import { enterOrganization } from '../organizations/index.ts';
import { lockOwner } from './lock-owner.ts';
import { type Product, type ProductContext, type ProductOwner, productChanges } from './product.ts';
import { changeProduct, deleteMember, findProduct } from './product-store.ts';

/**
 * Gives the product to an organization that the caller may make products in (OWN-02). Devices, their claims, customers, the team and tokens stay, and
 * nothing disconnects.
 * @param selector the organization's id or slug
 * @throws DomainError `permission_denied` for an organization that the caller has no such part in; `owner_changed`.
 */
export async function transferToOrganization(ctx: ProductContext, bus: Bus, selector: string): Promise<Product> {
  const { organization } = await enterOrganization(ctx, selector, 'products:create');
  return transfer(ctx, bus, ctx.product, { kind: 'organization', id: organization.id });
}

/**
 * An operator gives a product to an account (OWN-01).
 * @param selector the product's id or slug
 * @param username the account's e-mail
 * @throws DomainError `operator_only`, `not_found` when there is no such product or account; `owner_changed`.
 */
export async function transferToAccount(
  ctx: TokenContext,
  bus: Bus,
  selector: string | number,
  username: string,
): Promise<Product> {
  if (ctx.actor.kind !== 'user' || !ctx.actor.operator) {
    throw new DomainError(
      'forbidden',
      'operator_only',
      'Only an operator of this server may give a product to another account: ask one',
    );
  }
  const product = await findProduct(ctx.store.db, selector);
  if (product === undefined) throw new DomainError('not_found', 'product_not_found', 'There is no such product');
  const user = await findUserByName(ctx, username);
  if (user === undefined) {
    throw new DomainError('not_found', 'user_not_found', 'There is no account with that e-mail address');
  }
  return transfer(ctx, bus, product, { kind: 'user', id: user.id });
}

async function transfer(ctx: Ambient, bus: Bus, product: Product, owner: ProductOwner): Promise<Product> {
  const moved = await ctx.store.db.transaction().execute(async (db) => {
    if (!(await lockOwner(db, owner))) throw permissionDenied();
    const set = { owner_kind: owner.kind, owner_id: owner.id, updated_at: ctx.clock.now() };
    const changed = await changeProduct(db, product, set);
    // The owner of a product has no row in its team.
    if (owner.kind === 'user') await deleteMember(db, product.id, owner.id);
    return changed;
  });
  if (moved === undefined) {
    throw new DomainError('conflict', 'owner_changed', 'The owner of the product changed meanwhile: look at it again');
  }
  bus.publish(productChanges, { productId: product.id, what: 'moved' });
  ctx.log.info({ product: product.id, from: product.owner.id, to: owner.id }, 'product transferred');
  return moved;
}
