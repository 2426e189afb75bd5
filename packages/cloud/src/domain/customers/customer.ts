import type { Selectable } from 'kysely';
import type { CustomerRow } from '../../store/tables/tenancy.ts';
import { DomainError } from '../domain-error.ts';

/** An end user of a product (PRD-16 to PRD-20). */
export interface Customer {
  /** 24 hex digits; `devices.owner_id` of the customer's devices. */
  readonly id: string;
  readonly productId: number;
  /** An e-mail address in lower case, or any other text that is unique in the product. */
  readonly username: string;
  readonly fullName: string | null;
  /** True when it has a password of its own; false for a shadow customer and for one that logs in with an account. */
  readonly hasPassword: boolean;
  /** The account that it logs in with, or null. */
  readonly userId: string | null;
}

export function customerFromRow(row: Selectable<CustomerRow>): Customer {
  return {
    id: row.id,
    productId: row.product_id,
    username: row.username,
    fullName: row.full_name,
    hasPassword: row.password_hash !== null,
    userId: row.user_id,
  };
}

const LONGEST = 254;
const EMAIL = /^[^\s@<>"]+@[^\s@<>"]+$/;
const CONTROL = /\p{Cc}/u;

/** @returns a username as customers are known by it: trimmed, an e-mail address in lower case, anything else as given. Undefined when it cannot be one. */
export function customerName(text: string): string | undefined {
  const name = text.trim();
  if (name === '' || name.length > LONGEST || CONTROL.test(name)) return undefined;
  return isEmail(name) ? name.toLowerCase() : name;
}

/** Does the username have the shape of an e-mail address? */
export function isEmail(username: string): boolean {
  return EMAIL.test(username);
}

/** As `customerName`. @throws DomainError `invalid` when it cannot be one. */
export function parseCustomerName(text: string): string {
  const name = customerName(text);
  if (name !== undefined) return name;
  const rule = `email must be an e-mail address or another unique text of 1 to ${LONGEST} characters`;
  throw new DomainError('invalid', 'invalid_request', rule);
}

export const unknownCustomer = () =>
  new DomainError('not_found', 'customer_not_found', 'Customer not found for this product');
