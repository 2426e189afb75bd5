import { DomainError } from '../domain-error.ts';
import type { AccountServices, Ambient } from './account-services.ts';
import type { LoginAttempt } from './login-throttle.ts';
import { type User, userFromRow } from './user.ts';
import { findUserRow } from './user-store.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
  /** Where they come from, an IP address. */
  readonly address: string;
}

const LONGEST_PASSWORD = 1024;

/**
 * The account that e-mail and password belong to. An unknown account costs the same work and gets the same answer as a wrong password.
 * @throws DomainError `invalid` (`invalid_grant`) when they are wrong, `limit_exceeded` after ten wrong ones in a row, `unavailable` when too many log in at once.
 */
export async function checkPassword(
  ctx: Pick<Ambient, 'store'>,
  services: Pick<AccountServices, 'hasher' | 'throttle'>,
  credentials: Credentials,
): Promise<User> {
  const username = credentials.username.trim().toLowerCase();
  if (username.length > 254 || credentials.password.length > LONGEST_PASSWORD) throw wrongCredentials();
  const row = await findUserRow(ctx.store.db, 'username', username);
  let attempt: LoginAttempt | undefined;
  const matches = await services.hasher.verify(credentials.password, row?.password_hash, () => {
    attempt = services.throttle.begin(username, credentials.address);
  });
  if (matches && row !== undefined) {
    attempt?.succeeded();
    return userFromRow(row);
  }
  attempt?.failed();
  throw wrongCredentials();
}

function wrongCredentials(): DomainError {
  return new DomainError('invalid', 'invalid_grant', 'User credentials are invalid');
}
