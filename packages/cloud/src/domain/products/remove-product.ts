import type { Kysely } from 'kysely';
import type { Bus } from '../../bus/index.ts';
import type { Tables } from '../../store/index.ts';
import { type AccountServices, announce, deleteTokensOf } from '../accounts/index.ts';
import { permissionDenied } from '../authorization/index.ts';
import { type ProductContext, productChanges } from './product.ts';
import { deleteClientsOf, deleteProduct } from './product-store.ts';

/**
 * What else ends with a product: called inside the transaction that deletes it, behind the product's lock. The function that it returns runs after the
 * commit, to tell others. `at` is the time of the deletion, ms UTC.
 */
export type ProductEnding = (db: Kysely<Tables>, productId: number, at: number) => Promise<() => void>;

/** The product's OAuth clients and its own tokens. */
export function endProductAccess(services: Pick<AccountServices, 'tokens' | 'bus'>): ProductEnding {
  return async (db, productId) => {
    await deleteClientsOf(db, productId);
    const tokens = await deleteTokensOf(db, { kind: 'product', id: String(productId) });
    return () => announce(services, tokens);
  };
}

/**
 * Deletes the product for good (PRD-30): its name is free again, its number is never given out again.
 * @param endings what else ends with it, in this order
 * @throws DomainError `permission_denied` when it was deleted meanwhile.
 */
export async function removeProduct(ctx: ProductContext, bus: Bus, endings: readonly ProductEnding[]): Promise<void> {
  const { id } = ctx.product;
  const announcements: (() => void)[] = [];
  await ctx.store.db.transaction().execute(async (db) => {
    if (!(await deleteProduct(db, id))) throw permissionDenied();
    for (const end of endings) announcements.push(await end(db, id, ctx.clock.now()));
  });
  for (const tell of announcements) tell();
  bus.publish(productChanges, { productId: id, what: 'removed' });
  ctx.log.info({ product: id }, 'product removed');
}
