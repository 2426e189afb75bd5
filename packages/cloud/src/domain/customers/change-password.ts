import { type AccountServices, announce, checkNewPassword, deleteTokensOf } from '../accounts/index.ts';
import type { ProductContext } from '../products/index.ts';
import { unknownCustomer } from './customer.ts';
import { customerOf } from './customer-of.ts';
import { changeCustomerPassword } from './customer-store.ts';

/**
 * Gives a customer of the product a new password, and logs it out everywhere.
 * @throws DomainError `not_found`, `invalid` for a bad password.
 */
export async function setCustomerPassword(
  ctx: ProductContext,
  services: Pick<AccountServices, 'hasher' | 'tokens' | 'bus'>,
  username: string,
  password: string,
): Promise<void> {
  checkNewPassword(password);
  const { id } = await customerOf(ctx, username);
  const hash = await services.hasher.hash(password, ctx.entropy);
  const revoked = await ctx.store.db.transaction().execute(async (db) => {
    if (!(await changeCustomerPassword(db, id, hash))) throw unknownCustomer();
    return deleteTokensOf(db, { kind: 'customer', id });
  });
  announce(services, revoked);
}
