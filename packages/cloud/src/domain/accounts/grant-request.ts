import type { Kysely } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import type { AccountServices } from './account-services.ts';
import type { AuthenticatedClient, ClientCredentials } from './authenticate-client.ts';
import type { Credentials } from './check-password.ts';
import type { IssuedToken } from './issue-token.ts';
import type { User } from './user.ts';

/** What came to the token endpoint. */
export interface GrantRequest {
  readonly grantType: string | undefined;
  readonly client: ClientCredentials;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly refreshToken?: string | undefined;
  readonly code?: string | undefined;
  readonly redirectUri?: string | undefined;
  readonly codeVerifier?: string | undefined;
  readonly mfaToken?: string | undefined;
  readonly otp?: string | undefined;
  readonly scope?: string | undefined;
  /** Seconds, 0 for never. */
  readonly expiresIn?: number | undefined;
  /** ISO 8601, null for never. */
  readonly expiresAt?: string | null | undefined;
  /** Where it comes from, an IP address. */
  readonly address: string;
}

/** A customer of a product, as far as a grant needs it. */
export interface GrantCustomer {
  readonly id: string;
  /** True when it has a password, or an account that it logs in with; false for one that only its product's server speaks for. */
  readonly logsIn: boolean;
}

/** A customer whose password was right, and which one that was (`passwordMark`). */
export interface LoggedInCustomer extends GrantCustomer {
  readonly passwordMark: string;
}

/** What grants ask of the customers of products. That domain stands above this one, so it is passed in. */
export interface CustomerGrants {
  find(ctx: Pick<Ambient, 'store'>, productId: number, username: string): Promise<GrantCustomer | undefined>;
  /** @throws DomainError as `checkPassword` does. */
  checkPassword(
    ctx: Pick<Ambient, 'store'>,
    services: Pick<AccountServices, 'hasher' | 'throttle'>,
    productId: number,
    credentials: Credentials,
  ): Promise<LoggedInCustomer>;
  /** The customer that the account logs in as, or undefined. */
  findLinked(db: Kysely<Tables>, productId: number, userId: string): Promise<GrantCustomer | undefined>;
  /** As `findLinked`, and makes the customer when there is none; undefined when another customer has the account's e-mail address. */
  link(
    ctx: Pick<Ambient, 'clock' | 'entropy'>,
    db: Kysely<Tables>,
    productId: number,
    user: User,
  ): Promise<GrantCustomer | undefined>;
  /** The name of a product, or undefined when it is gone. */
  productName(ctx: Pick<Ambient, 'store'>, productId: number): Promise<string | undefined>;
}

export type GrantServices = AccountServices & { readonly customers: CustomerGrants };

export type Grant = (
  ctx: Ambient,
  services: GrantServices,
  request: GrantRequest,
  client: AuthenticatedClient,
) => Promise<IssuedToken>;

/** @throws DomainError `invalid_request` when a field was not sent. */
export function required(value: string | undefined, name: string): string {
  if (value !== undefined && value !== '') return value;
  throw new DomainError('invalid', 'invalid_request', `${name} is missing`);
}
