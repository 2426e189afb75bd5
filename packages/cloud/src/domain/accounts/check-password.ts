import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import type { AccountServices } from './account-services.ts';
import type { LoginAttempt } from './login-throttle.ts';
import { passwordMark } from './password-mark.ts';
import { type User, userFromRow } from './user.ts';
import { findUserRow } from './user-store.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
  /** Where they come from, an IP address. */
  readonly address: string;
}

/** An account whose password was right, and which one that was (`passwordMark`). */
export interface LoggedIn extends User {
  readonly passwordMark: string;
}

export const LONGEST_PASSWORD = 1024;

/**
 * The account that e-mail and password belong to. An unknown account costs the same work and gets the same answer as a wrong password.
 * @throws DomainError `invalid` (`invalid_grant`) when they are wrong, `limit_exceeded` after ten wrong ones in a row, `unavailable` when too many log in at once.
 */
export async function checkPassword(
  ctx: Pick<Ambient, 'store'>,
  services: Pick<AccountServices, 'hasher' | 'throttle'>,
  credentials: Credentials,
): Promise<LoggedIn> {
  const username = credentials.username.trim().toLowerCase();
  if (username.length > 254 || credentials.password.length > LONGEST_PASSWORD) throw wrongCredentials();
  const row = await findUserRow(ctx.store.db, 'username', username);
  let attempt: LoginAttempt | undefined;
  const matches = await services.hasher.verify(credentials.password, row?.password_hash || undefined, () => {
    attempt = services.throttle.begin(username, credentials.address);
  });
  if (matches && row !== undefined) {
    attempt?.succeeded();
    return { ...userFromRow(row), passwordMark: passwordMark(row.password_hash) };
  }
  attempt?.failed();
  throw wrongCredentials();
}

/** An account or customer that there is not looks the same as a wrong password. */
export function wrongCredentials(): DomainError {
  return new DomainError('invalid', 'invalid_grant', 'User credentials are invalid');
}
