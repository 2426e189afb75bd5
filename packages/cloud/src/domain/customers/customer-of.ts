import type { Product, ProductContext } from '../products/index.ts';
import { type Customer, customerName, unknownCustomer } from './customer.ts';
import { findCustomerByName } from './customer-store.ts';

/**
 * The customer of a product with this username.
 * @throws DomainError `not_found`, alike for one of another product.
 */
export async function customerOf(
  ctx: Pick<ProductContext, 'store'> & { readonly product: Pick<Product, 'id'> },
  username: string,
): Promise<Customer> {
  const name = customerName(username);
  const customer = name === undefined ? undefined : await findCustomerByName(ctx.store.db, ctx.product.id, name);
  if (customer === undefined) throw unknownCustomer();
  return customer;
}
