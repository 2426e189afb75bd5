import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import { findUserRow, type StoredUser } from './user-store.ts';

export interface AccountInfo {
  readonly first_name: string;
  readonly last_name: string;
  readonly company_name: string;
  readonly business_account: boolean;
}

export interface User {
  readonly id: string;
  /** The e-mail address in lower case. */
  readonly username: string;
  readonly accountInfo: AccountInfo;
  readonly operator: boolean;
  /** False while its owner has to set one by mail. */
  readonly hasPassword: boolean;
  /** When the address proved to be the owner's: wall time, ms; null before that. */
  readonly emailVerifiedAt: number | null;
  /** Does a log-in take a code? */
  readonly mfaEnabled: boolean;
  /** Wall time, ms. */
  readonly createdAt: number;
}

const EMAIL = /^[^\s@<>"(),:;[\]\\\p{Cc}]{1,64}@[^\s@<>"(),:;[\]\\\p{Cc}]{1,190}$/u;

/**
 * @returns an e-mail address as accounts are known by it: trimmed, lower case.
 * @throws DomainError `invalid` when it is not one.
 */
export function parseUsername(text: string): string {
  const username = text.trim().toLowerCase();
  if (!EMAIL.test(username)) throw new DomainError('invalid', 'invalid_request', 'username must be an e-mail address');
  return username;
}

export function userFromRow(row: StoredUser): User {
  return {
    id: row.id,
    username: row.username,
    accountInfo: JSON.parse(row.account_info) as AccountInfo,
    operator: row.operator === 1,
    hasPassword: row.password_hash !== '',
    emailVerifiedAt: row.email_verified_at,
    mfaEnabled: row.mfa_enabled_at !== null,
    createdAt: row.created_at,
  };
}

/** The account with this id. @throws DomainError `not_found`. */
export async function getUser(ctx: Pick<Ambient, 'store'>, userId: string): Promise<User> {
  const row = await findUserRow(ctx.store.db, 'id', userId);
  if (row === undefined) throw new DomainError('not_found', 'user_not_found', 'There is no such account');
  return userFromRow(row);
}

/** The account with this e-mail address, compared without case, or undefined. */
export async function findUserByName(ctx: Pick<Ambient, 'store'>, username: string): Promise<User | undefined> {
  const row = await findUserRow(ctx.store.db, 'username', username.trim().toLowerCase());
  return row && userFromRow(row);
}
