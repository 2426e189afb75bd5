import type { CustomerGrants, GrantCustomer } from '../accounts/index.ts';
import { findProduct } from '../products/index.ts';
import { checkCustomerPassword } from './check-customer-password.ts';
import { type Customer, customerName } from './customer.ts';
import { findCustomerByName, findLinkedCustomer } from './customer-store.ts';
import { linkAccount } from './link-account.ts';

/** What the token endpoint and the consent page need of customers. */
export const customerGrants: CustomerGrants = {
  find: async (ctx, productId, username) => {
    const name = customerName(username);
    return name === undefined ? undefined : granted(await findCustomerByName(ctx.store.db, productId, name));
  },
  checkPassword: async (ctx, services, productId, credentials) => {
    const customer = await checkCustomerPassword(ctx, services, productId, credentials);
    return { ...grantCustomer(customer), passwordMark: customer.passwordMark };
  },
  findLinked: async (db, productId, userId) => granted(await findLinkedCustomer(db, productId, userId)),
  link: async (ctx, db, productId, user) => granted(await linkAccount(ctx, db, productId, user)),
  productName: async (ctx, productId) => (await findProduct(ctx.store.db, productId))?.name,
};

function granted(customer: Customer | undefined): GrantCustomer | undefined {
  return customer && grantCustomer(customer);
}

function grantCustomer(customer: Customer): GrantCustomer {
  return { id: customer.id, logsIn: customer.hasPassword || customer.userId !== null };
}
