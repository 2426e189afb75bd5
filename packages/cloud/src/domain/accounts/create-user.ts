import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import type { AccountServices } from './account-services.ts';
import { newId } from './secrets.ts';
import { type AccountInfo, parseUsername, type User, userFromRow } from './user.ts';
import { insertUser, type StoredUser } from './user-store.ts';

export interface NewUser {
  readonly username: string;
  /** Left out for an account that can't log in before its owner sets a password by mail. */
  readonly password?: string;
  readonly accountInfo?: Partial<AccountInfo>;
  readonly operator?: boolean;
  /** True when somebody vouches for the address; otherwise its owner confirms it by mail. */
  readonly emailVerified?: boolean;
}

const SHORTEST_PASSWORD = 8;
const LONGEST_PASSWORD = 1024;

/**
 * Makes an account, whatever the sign-up policy says: for start-up, operators and `signUp`.
 * @throws DomainError `invalid` for a bad e-mail address or password, `conflict` when the address has an account.
 */
export async function createUser(
  ctx: Pick<Ambient, 'store' | 'clock' | 'entropy'>,
  services: Pick<AccountServices, 'hasher'>,
  input: NewUser,
): Promise<User> {
  const row = await newUserRow(ctx, services, input);
  if (!(await insertUser(ctx.store.db, row))) throw usernameTaken();
  return userFromRow(row);
}

/** Checks everything about a new account and hashes its password; nothing is stored yet. @throws DomainError `invalid`. */
export async function newUserRow(
  ctx: Pick<Ambient, 'clock' | 'entropy'>,
  services: Pick<AccountServices, 'hasher'>,
  input: NewUser,
): Promise<StoredUser> {
  const username = parseUsername(input.username);
  if (input.password !== undefined) checkNewPassword(input.password);
  const now = ctx.clock.now();
  return {
    id: newId(ctx.entropy),
    username,
    password_hash: input.password === undefined ? '' : await services.hasher.hash(input.password, ctx.entropy),
    account_info: JSON.stringify({
      first_name: input.accountInfo?.first_name ?? '',
      last_name: input.accountInfo?.last_name ?? '',
      company_name: input.accountInfo?.company_name ?? '',
      business_account: input.accountInfo?.business_account ?? false,
    } satisfies AccountInfo),
    operator: input.operator === true ? 1 : 0,
    created_at: now,
    email_verified_at: input.emailVerified === true ? now : null,
    mfa_secret: null,
    mfa_enabled_at: null,
    mfa_last_step: null,
  };
}

export function usernameTaken(): DomainError {
  return new DomainError('conflict', 'username_taken', 'That e-mail address has an account already');
}

/** @throws DomainError `invalid` when a password is too short or too long. */
export function checkNewPassword(password: string): void {
  if (password.length >= SHORTEST_PASSWORD && password.length <= LONGEST_PASSWORD) return;
  throw new DomainError(
    'invalid',
    'invalid_request',
    `password must have ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters`,
  );
}
