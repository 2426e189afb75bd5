import { hours } from '@cloudchamber/kernel';
import type { Ambient, UserActor } from '../context.ts';
import { sendMail } from '../mail/index.ts';
import type { AccountServices } from './account-services.ts';
import { checkNewPassword } from './create-user.ts';
import {
  invalidMailToken,
  keepMailToken,
  mayMailAgain,
  newMailToken,
  peekMailToken,
  takeMailToken,
} from './mail-token.ts';
import { deleteMailTokens } from './mail-token-store.ts';
import { mails } from './mails.ts';
import { announce, deleteTokensOf } from './revoke-tokens.ts';
import { tellOwner } from './tell-owner.ts';
import { findUserByName } from './user.ts';
import { findUserRow, markEmailVerified, updateUserRow } from './user-store.ts';

const RESET_LIFETIME = hours(1);
const LONGEST_USERNAME = 254;

/** @returns the page that a mail for a new password leads to. */
export function resetLink(services: Pick<AccountServices, 'publicUrl'>, token: string): string {
  return `${services.publicUrl}/reset-password?token=${token}`;
}

/**
 * Mails a link of one hour for a new password, if that address has an account. Everything happens after this returns, so that neither the reply nor
 * the time until it tells whether there is one. While five such mails wait for an answer no other goes out.
 */
export function requestPasswordReset(
  ctx: Ambient,
  services: Pick<AccountServices, 'mailer' | 'publicUrl' | 'aside'>,
  username: string,
): void {
  if (username.length > LONGEST_USERNAME) return;
  services.aside.run('mail for a password reset', async () => {
    const user = await findUserByName(ctx, username);
    if (user === undefined || !(await mayMailAgain(ctx, user.id, 'reset_password'))) return;
    const made = newMailToken(ctx, 'reset_password', user.id, RESET_LIFETIME);
    await sendMail(ctx, services.mailer, mails.passwordReset(user.username, resetLink(services, made.token)));
    await ctx.store.db.transaction().execute((db) => keepMailToken(ctx, db, made));
  });
}

/** Does a token for a new password still work? For the page that asks for one. */
export async function isResetToken(ctx: Pick<Ambient, 'store' | 'clock'>, token: string): Promise<boolean> {
  return (await peekMailToken(ctx, 'reset_password', token)) !== undefined;
}

/**
 * Sets the password of the account that a mail went to. All its tokens are revoked, its other reset links stop working, and its address counts as
 * confirmed. A second factor stays on.
 * @returns whose password it is.
 * @throws DomainError `invalid` for a bad password (the token stays good) and `invalid_mail_token`.
 */
export async function resetPassword(
  ctx: Ambient,
  services: Pick<AccountServices, 'hasher' | 'tokens' | 'bus' | 'mailer' | 'aside'>,
  input: { readonly token: string; readonly password: string },
): Promise<Pick<UserActor, 'userId' | 'username'>> {
  checkNewPassword(input.password);
  // Asked before the work of hashing, which a token that was guessed must not cause.
  if (!(await isResetToken(ctx, input.token))) throw invalidMailToken();
  const hash = await services.hasher.hash(input.password, ctx.entropy);
  const { revoked, userId, username } = await ctx.store.db.transaction().execute(async (db) => {
    const id = await takeMailToken(ctx, db, 'reset_password', input.token);
    if (!(await updateUserRow(db, id, { password_hash: hash }))) throw invalidMailToken();
    await markEmailVerified(db, id, ctx.clock.now());
    await deleteMailTokens(db, id);
    const user = await findUserRow(db, 'id', id);
    const username = user?.username ?? '';
    return { revoked: await deleteTokensOf(db, { kind: 'user', id }), userId: id, username };
  });
  announce(services, revoked);
  tellOwner(ctx, services, mails.passwordChanged(username));
  return { userId, username };
}
