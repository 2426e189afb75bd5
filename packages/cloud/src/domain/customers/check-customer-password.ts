import {
  type AccountServices,
  type Credentials,
  LONGEST_PASSWORD,
  type LoggedInCustomer,
  type LoginAttempt,
  passwordMark,
  wrongCredentials,
} from '../accounts/index.ts';
import type { Ambient } from '../context.ts';
import { type Customer, customerName } from './customer.ts';
import { findCustomerByName, findCustomerPassword } from './customer-store.ts';

/**
 * The customer of a product that username and password belong to (PRD-17). One that does not exist, and one without password, cost the same
 * work and get the same answer as a wrong password.
 * @throws DomainError `invalid` (`invalid_grant`) when they are wrong, `limit_exceeded` after ten wrong ones in a row, `unavailable` when too many log in at once.
 */
export async function checkCustomerPassword(
  ctx: Pick<Ambient, 'store'>,
  services: Pick<AccountServices, 'hasher' | 'throttle'>,
  productId: number,
  credentials: Credentials,
): Promise<Customer & Pick<LoggedInCustomer, 'passwordMark'>> {
  const username = customerName(credentials.username);
  if (username === undefined || credentials.password.length > LONGEST_PASSWORD) throw wrongCredentials();
  const customer = await findCustomerByName(ctx.store.db, productId, username);
  const hash = customer && (await findCustomerPassword(ctx.store.db, customer.id));
  let attempt: LoginAttempt | undefined;
  const matches = await services.hasher.verify(credentials.password, hash ?? undefined, () => {
    attempt = services.throttle.begin(`customer ${productId} ${username}`, credentials.address);
  });
  if (matches && customer !== undefined) {
    attempt?.succeeded();
    return { ...customer, passwordMark: passwordMark(hash ?? null) };
  }
  attempt?.failed();
  throw wrongCredentials();
}
