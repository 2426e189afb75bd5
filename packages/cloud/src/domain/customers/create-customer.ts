import { days } from '@cloudchamber/kernel';
import { type AccountServices, checkNewPassword, type IssuedToken, issueToken, newId } from '../accounts/index.ts';
import { permissionDenied } from '../authorization/index.ts';
import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import { lockTeam } from '../teams/index.ts';
import { parseCustomerName } from './customer.ts';
import { findCustomerByName, insertCustomer } from './customer-store.ts';
import type { CustomerPlace } from './enter-with-client.ts';

export interface NewCustomer {
  /** An e-mail address, or another text that is unique in the product. */
  readonly username: string;
  /** Undefined for a shadow customer, whom only the product's server speaks for (PRD-18). */
  readonly password?: string | undefined;
  /** True when the program that gets the token can renew it. */
  readonly withRefresh: boolean;
}

const TOKEN_SECONDS = days(90) / 1000;

/**
 * Makes a customer of a product and logs it in (API-41).
 * @returns a token of 90 days.
 * @throws DomainError `invalid` for a bad name or password, and `customer_exists` when the product has a customer of that name.
 */
export async function createCustomer(
  ctx: Ambient,
  services: Pick<AccountServices, 'hasher'>,
  { product, clientId }: CustomerPlace,
  input: NewCustomer,
): Promise<IssuedToken> {
  const username = parseCustomerName(input.username);
  if (input.password !== undefined) checkNewPassword(input.password);
  if ((await findCustomerByName(ctx.store.db, product.id, username)) !== undefined) throw customerExists();
  const id = newId(ctx.entropy);
  const row = {
    id,
    product_id: product.id,
    username,
    full_name: null,
    password_hash: input.password === undefined ? null : await services.hasher.hash(input.password, ctx.entropy),
    user_id: null,
    created_at: ctx.clock.now(),
  };
  const token = {
    subject: { kind: 'customer' as const, id },
    clientId,
    lifetimeSeconds: TOKEN_SECONDS,
    withRefresh: input.withRefresh,
  };
  return ctx.store.db.transaction().execute(async (db) => {
    // The product may have been deleted while the password was hashed.
    if (!(await lockTeam(db, { kind: 'product', id: String(product.id) }))) throw permissionDenied();
    if (!(await insertCustomer(db, row))) throw customerExists();
    return issueToken(ctx, db, token);
  });
}

function customerExists(): DomainError {
  return new DomainError('invalid', 'customer_exists', 'This product has a customer with that email already');
}
