import type { Bus } from '../../bus/index.ts';
import { isUniqueViolation } from '../../store/index.ts';
import { permissionDenied } from '../authorization/index.ts';
import { DomainError } from '../domain-error.ts';
import { parsePlaceName } from '../place-name.ts';
import { lockTeam } from '../teams/index.ts';
import { type Product, type ProductContext, productChanges } from './product.ts';
import { nameKeyOf, parseDescription, productNameTaken } from './product-name.ts';
import { changedSettings, type ProductSettingsInput } from './product-settings.ts';
import { changeProduct, findProduct } from './product-store.ts';

/** What is left out stays. */
export interface ProductUpdate {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly settings?: ProductSettingsInput | undefined;
  /** Only to be told that it cannot change: the number that it has is taken. */
  readonly platformId?: number | undefined;
}

/**
 * Changes name, description and settings (PRD-26). The slug stays.
 * @throws DomainError `invalid`, `product_name_taken`; `permission_denied` when the product was deleted meanwhile.
 */
export async function updateProduct(ctx: ProductContext, bus: Bus, input: ProductUpdate): Promise<Product> {
  const { id, platformId } = ctx.product;
  if (input.platformId !== undefined && input.platformId !== platformId) {
    throw new DomainError('invalid', 'platform_fixed', 'The platform of a product cannot change: make a new product');
  }
  const name = input.name === undefined ? undefined : parsePlaceName(input.name);
  const description = input.description === undefined ? undefined : parseDescription(input.description);
  const changed = await ctx.store.db
    .transaction()
    .execute(async (db) => {
      // Settings are read behind the lock, so that of two changes at once none is lost.
      if (!(await lockTeam(db, { kind: 'product', id: String(id) }))) return undefined;
      const before = await findProduct(db, id);
      if (before === undefined) return undefined;
      const settings = input.settings && JSON.stringify(changedSettings(before.settings, input.settings));
      return changeProduct(db, before, {
        ...(name !== undefined && { name, name_key: nameKeyOf(name) }),
        ...(description !== undefined && { description }),
        ...(settings !== undefined && { settings }),
        updated_at: ctx.clock.now(),
      });
    })
    .catch((error: unknown) => {
      if (name !== undefined && isUniqueViolation(error)) throw productNameTaken(name);
      throw error;
    });
  if (changed === undefined) throw permissionDenied();
  bus.publish(productChanges, { productId: id });
  return changed;
}
