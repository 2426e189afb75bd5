import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import { type AccountServices, announce, deleteTokensOf, deleteTokensOfMany } from '../accounts/index.ts';
import type { ProductContext, ProductEnding } from '../products/index.ts';
import { customerName, unknownCustomer } from './customer.ts';
import { deleteCustomerRow, deleteCustomersOf } from './customer-store.ts';

/**
 * Takes devices and claim codes from owners that go away. Devices are a later domain, so this is passed in.
 * @returns what tells everybody; it is called after the commit.
 */
export type ReleaseDevicesOf = (db: Kysely<Tables>, ownerIds: readonly string[], at: number) => Promise<() => void>;

type Services = Pick<AccountServices, 'tokens' | 'bus'>;

/**
 * Deletes a customer of the product: its tokens and claim codes end, its devices belong to nobody.
 * @throws DomainError `not_found`.
 */
export async function removeCustomer(
  ctx: ProductContext,
  services: Services,
  username: string,
  releaseDevicesOf: ReleaseDevicesOf,
): Promise<void> {
  const name = customerName(username);
  if (name === undefined) throw unknownCustomer();
  const { revoked, tell } = await ctx.store.db.transaction().execute(async (db) => {
    const id = await deleteCustomerRow(db, ctx.product.id, name);
    if (id === undefined) throw unknownCustomer();
    return {
      revoked: await deleteTokensOf(db, { kind: 'customer', id }),
      tell: await releaseDevicesOf(db, [id], ctx.clock.now()),
    };
  });
  announce(services, revoked);
  tell();
}

/** What becomes of the customers of a product that is deleted: they go, as by `removeCustomer`. */
export function endProductCustomers(services: Services, releaseDevicesOf: ReleaseDevicesOf): ProductEnding {
  return async (db, productId, at) => {
    const ids = await deleteCustomersOf(db, productId);
    const revoked = await deleteTokensOfMany(db, 'customer', ids);
    const tell = await releaseDevicesOf(db, ids, at);
    return () => {
      announce(services, revoked);
      tell();
    };
  };
}
