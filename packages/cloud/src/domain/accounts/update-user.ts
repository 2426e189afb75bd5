import { isUniqueViolation } from '../../store/index.ts';
import type { UserContext } from '../context.ts';
import { DomainError } from '../domain-error.ts';
import { sendMail } from '../mail/index.ts';
import type { AccountServices } from './account-services.ts';
import { confirmPassword } from './confirm-password.ts';
import { checkNewPassword, usernameTaken } from './create-user.ts';
import { keepMailToken, newMailToken } from './mail-token.ts';
import { deleteMailTokens } from './mail-token-store.ts';
import { mails } from './mails.ts';
import { announce, deleteOtherTokens } from './revoke-tokens.ts';
import { tellOwner } from './tell-owner.ts';
import { subjectsTopic } from './token-topic.ts';
import { type AccountInfo, getUser, parseUsername } from './user.ts';
import { findUserRow, updateUserRow } from './user-store.ts';
import { VERIFICATION_LIFETIME, verificationLink } from './verify-email.ts';

interface Confirmed {
  /** The password of now. */
  readonly currentPassword: string;
  /** Where the request comes from, an IP address. */
  readonly address: string;
  /** Revokes every token but those of the log-in that this request came with. */
  readonly invalidateTokens: boolean;
}

/** Changes what the account says of its owner; what is left out stays. */
export async function updateAccountInfo(ctx: UserContext, change: Partial<AccountInfo>): Promise<void> {
  const { accountInfo } = await getUser(ctx, ctx.actor.userId);
  const account_info = JSON.stringify({ ...accountInfo, ...change } satisfies AccountInfo);
  const still = { account_info: JSON.stringify(accountInfo) };
  if (await updateUserRow(ctx.store.db, ctx.actor.userId, { account_info }, still)) return;
  throw changedMeanwhile();
}

/**
 * Gives the account another e-mail address, at once (OWN-03, OWN-04). Everything that the account has follows, since it hangs on the account's id:
 * tokens, devices, products. The password stays; links of earlier mails stop working. The new address gets a link to confirm it, the old one a notice.
 * @throws DomainError `conflict` (`mfa_enabled`) while there is a second factor, `conflict` (`username_taken`), `invalid` for a bad address or a
 *   wrong password, `mail_unavailable`.
 */
export async function changeUsername(
  ctx: UserContext,
  services: AccountServices,
  input: Confirmed & { readonly username: string },
): Promise<void> {
  const { userId: id, tokenId } = ctx.actor;
  const username = parseUsername(input.username);
  const user = await confirmPassword(ctx, services, { password: input.currentPassword, address: input.address });
  if (user.mfaEnabled) throw mfaInTheWay();
  if (username === user.username) {
    throw new DomainError('invalid', 'invalid_request', 'The account has that e-mail address already');
  }
  if ((await findUserRow(ctx.store.db, 'username', username)) !== undefined) throw usernameTaken();
  const made = newMailToken(ctx, 'verify_email', id, VERIFICATION_LIFETIME);
  await sendMail(ctx, services.mailer, mails.newAddress(username, verificationLink(services, made.token)));
  const change = { username, email_verified_at: null };
  const revoked = await refusingTaken(() =>
    ctx.store.db.transaction().execute(async (db) => {
      const still = { username: user.username, mfa_enabled_at: null };
      if (!(await updateUserRow(db, id, change, still))) throw changedMeanwhile();
      await deleteMailTokens(db, id);
      await keepMailToken(ctx, db, made);
      return input.invalidateTokens ? deleteOtherTokens(db, { kind: 'user', id }, tokenId) : [];
    }),
  );
  announce(services, revoked);
  services.tokens.forgetSubject(id);
  services.bus.publish(subjectsTopic, { subjectId: id });
  tellOwner(ctx, services, mails.oldAddress(user.username, username));
}

/**
 * Gives the account another password; links of mails for a new one stop working.
 * @throws DomainError `invalid` for a bad password or a wrong current one.
 */
export async function changePassword(
  ctx: UserContext,
  services: AccountServices,
  input: Confirmed & { readonly password: string },
): Promise<void> {
  const { userId: id, tokenId } = ctx.actor;
  checkNewPassword(input.password);
  const before = await findUserRow(ctx.store.db, 'id', id);
  const user = await confirmPassword(ctx, services, { password: input.currentPassword, address: input.address });
  const hash = await services.hasher.hash(input.password, ctx.entropy);
  const revoked = await ctx.store.db.transaction().execute(async (db) => {
    const still = { password_hash: before?.password_hash ?? '' };
    if (!(await updateUserRow(db, id, { password_hash: hash }, still))) throw changedMeanwhile();
    await deleteMailTokens(db, id, 'reset_password');
    return input.invalidateTokens ? deleteOtherTokens(db, { kind: 'user', id }, tokenId) : [];
  });
  announce(services, revoked);
  tellOwner(ctx, services, mails.passwordChanged(user.username));
}

/** Of two accounts that take an address at once, the unique index lets one have it. */
async function refusingTaken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isUniqueViolation(error)) throw usernameTaken();
    throw error;
  }
}

function mfaInTheWay(): DomainError {
  return new DomainError(
    'conflict',
    'mfa_enabled',
    'Disable the second factor before you change the e-mail address, and enable it again afterwards',
  );
}

function changedMeanwhile(): DomainError {
  return new DomainError('conflict', 'changed_meanwhile', 'The account was changed by another request; try again');
}
