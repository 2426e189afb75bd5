import type { Ambient } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import type { AccountServices } from './account-services.ts';
import { type NewUser, newUserRow } from './create-user.ts';
import { introduceUser } from './introduce-user.ts';
import { mails } from './mails.ts';
import type { User } from './user.ts';
import { VERIFICATION_LIFETIME, verificationLink } from './verify-email.ts';

/** Who may make an account by themselves (`CHAMBER_SIGNUP`). */
export type SignupPolicy = 'open' | 'invite' | 'closed';

/**
 * Makes an account for somebody who asks for one, and mails a link that confirms the address; the account works before that.
 * @throws DomainError `forbidden` when the policy does not let them, what `createUser` throws, and `mail_unavailable`.
 */
export async function signUp(
  ctx: Ambient,
  services: Pick<AccountServices, 'hasher' | 'signup' | 'mailer' | 'publicUrl'>,
  input: Pick<NewUser, 'username' | 'accountInfo'> & { readonly password: string },
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
  const row = await newUserRow(ctx, services, {
    username,
    password,
    ...(accountInfo !== undefined && { accountInfo }),
  });
  return introduceUser(ctx, services, row, {
    purpose: 'verify_email',
    lifetimeMs: VERIFICATION_LIFETIME,
    write: (token) => mails.welcome(row.username, verificationLink(services, token)),
  });
}
