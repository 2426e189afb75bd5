import { DomainError } from '../domain-error.ts';
import type { AccountServices, Ambient } from './account-services.ts';
import { createUser, type NewUser } from './create-user.ts';
import type { User } from './user.ts';

/** Who may make an account by themselves (`CHAMBER_SIGNUP`). */
export type SignupPolicy = 'open' | 'invite' | 'closed';

/**
 * Makes an account for somebody who asks for one.
 * @throws DomainError `forbidden` when the policy does not let them, and what `createUser` throws.
 */
export async function signUp(
  ctx: Pick<Ambient, 'store' | 'clock' | 'entropy'>,
  services: Pick<AccountServices, 'hasher' | 'signup'>,
  input: Pick<NewUser, 'username' | 'password' | 'accountInfo'>,
): Promise<User> {
  if (services.signup === 'closed') {
    throw new DomainError('forbidden', 'signup_closed', 'This server takes no new accounts');
  }
  if (services.signup === 'invite') {
    throw new DomainError(
      'forbidden',
      'signup_by_invitation',
      'This server takes new accounts by invitation only: ask its operator',
    );
  }
  const { username, password, accountInfo } = input;
  return createUser(ctx, services, { username, password, ...(accountInfo !== undefined && { accountInfo }) });
}
