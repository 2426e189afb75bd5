import { days } from '@cloudchamber/kernel';
import type { Ambient, UserActor, UserContext } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import { sendMail } from '../mail/index.ts';
import type { AccountServices } from './account-services.ts';
import { keepMailToken, mayMailAgain, newMailToken, takeMailToken } from './mail-token.ts';
import { deleteMailTokens } from './mail-token-store.ts';
import { mails } from './mails.ts';
import { getUser } from './user.ts';
import { findUserRow, markEmailVerified } from './user-store.ts';

export const VERIFICATION_LIFETIME = days(7);

/** @returns the page that a verification mail leads to. */
export function verificationLink(services: Pick<AccountServices, 'publicUrl'>, token: string): string {
  return `${services.publicUrl}/verify-email?token=${token}`;
}

/**
 * Mails another link that confirms the address of the caller's account.
 * @returns false when the address is confirmed already, and then there is no mail.
 * @throws DomainError `limit_exceeded` while five such mails wait for an answer, `mail_unavailable`.
 */
export async function requestVerification(
  ctx: UserContext,
  services: Pick<AccountServices, 'mailer' | 'publicUrl'>,
): Promise<boolean> {
  const user = await getUser(ctx, ctx.actor.userId);
  if (user.emailVerifiedAt !== null) return false;
  if (!(await mayMailAgain(ctx, user.id, 'verify_email'))) {
    throw new DomainError('limit_exceeded', 'too_many_mails', 'Several of these mails were sent: use the newest one');
  }
  const made = newMailToken(ctx, 'verify_email', user.id, VERIFICATION_LIFETIME);
  await sendMail(ctx, services.mailer, mails.verification(user.username, verificationLink(services, made.token)));
  await ctx.store.db.transaction().execute((db) => keepMailToken(ctx, db, made));
  return true;
}

/**
 * Confirms the address that a verification mail went to; having its token is the proof.
 * @returns whose address it is.
 * @throws DomainError `invalid_mail_token`.
 */
export function verifyEmail(
  ctx: Pick<Ambient, 'store' | 'clock'>,
  token: string,
): Promise<Pick<UserActor, 'userId' | 'username'>> {
  return ctx.store.db.transaction().execute(async (db) => {
    const userId = await takeMailToken(ctx, db, 'verify_email', token);
    await markEmailVerified(db, userId, ctx.clock.now());
    await deleteMailTokens(db, userId, 'verify_email');
    return { userId, username: (await findUserRow(db, 'id', userId))?.username ?? '' };
  });
}
