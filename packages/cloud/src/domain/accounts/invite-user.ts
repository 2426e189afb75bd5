import { days } from '@cloudchamber/kernel';
import type { UserContext } from '../context.ts';
import type { AccountServices } from './account-services.ts';
import { type NewUser, newUserRow } from './create-user.ts';
import { introduceUser } from './introduce-user.ts';
import { mails } from './mails.ts';
import { resetLink } from './reset-password.ts';
import type { User } from './user.ts';

const INVITATION_LIFETIME = days(7);

/**
 * For operators: makes an account without a password, whatever the sign-up policy says, and mails its owner a link to choose one.
 * @throws DomainError `invalid` for a bad e-mail address, `conflict` when it has an account, `mail_unavailable`.
 */
export async function inviteUser(
  ctx: UserContext,
  services: Pick<AccountServices, 'hasher' | 'mailer' | 'publicUrl'>,
  input: Pick<NewUser, 'username' | 'accountInfo'>,
): Promise<User> {
  const row = await newUserRow(ctx, services, input);
  return introduceUser(ctx, services, row, {
    purpose: 'reset_password',
    lifetimeMs: INVITATION_LIFETIME,
    write: (token) => mails.invitation(row.username, resetLink(services, token), services.publicUrl),
  });
}
