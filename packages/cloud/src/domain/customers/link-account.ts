import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import { type AccountServices, announce, deleteTokensOfMany, newId, type User } from '../accounts/index.ts';
import type { Ambient } from '../context.ts';
import { lockTeam } from '../teams/index.ts';
import type { Customer } from './customer.ts';
import { findCustomersOfAccount, findLinkedCustomer, insertCustomer } from './customer-store.ts';

/**
 * The customer that an account is in a product, made at its first consent (PRD-19). An account never takes over a customer that was there before:
 * nobody has proved that they are one person.
 * @returns undefined when the product has another customer with the account's e-mail address.
 */
export async function linkAccount(
  ctx: Pick<Ambient, 'clock' | 'entropy'>,
  db: Kysely<Tables>,
  productId: number,
  user: User,
): Promise<Customer | undefined> {
  const known = await findLinkedCustomer(db, productId, user.id);
  if (known !== undefined) return known;
  // Whoever deletes the product holds this lock too, so that no customer outlives it.
  if (!(await lockTeam(db, { kind: 'product', id: String(productId) }))) return undefined;
  const { first_name: first, last_name: last } = user.accountInfo;
  await insertCustomer(db, {
    id: newId(ctx.entropy),
    product_id: productId,
    username: user.username,
    full_name: `${first} ${last}`.trim() || null,
    password_hash: null,
    user_id: user.id,
    created_at: ctx.clock.now(),
  });
  return findLinkedCustomer(db, productId, user.id);
}

/**
 * Logs out the customers that an account was, when it is deleted. They stay, for the products' servers to speak for.
 * @returns what an account's end calls in its transaction.
 */
export function endLinkedLogins(
  services: Pick<AccountServices, 'tokens' | 'bus'>,
): (db: Kysely<Tables>, userId: string) => Promise<() => void> {
  return async (db, userId) => {
    const revoked = await deleteTokensOfMany(db, 'customer', await findCustomersOfAccount(db, userId));
    return () => announce(services, revoked);
  };
}
