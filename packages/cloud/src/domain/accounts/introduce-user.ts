import type { Ambient } from '../context.ts';
import { type Mail, sendMail } from '../mail/index.ts';
import type { AccountServices } from './account-services.ts';
import { usernameTaken } from './create-user.ts';
import { keepMailToken, newMailToken } from './mail-token.ts';
import type { MailTokenPurpose } from './mail-token-store.ts';
import { type User, userFromRow } from './user.ts';
import { findUserRow, insertUser, type StoredUser } from './user-store.ts';

export interface Introduction {
  readonly purpose: MailTokenPurpose;
  readonly lifetimeMs: number;
  /** @returns the mail that carries the token. */
  readonly write: (token: string) => Mail;
}

/**
 * Mails the owner of a new account, then stores it together with what makes the link of the mail work: no mail, no account.
 * @throws DomainError `conflict` when the address has an account, `mail_unavailable`.
 */
export async function introduceUser(
  ctx: Ambient,
  services: Pick<AccountServices, 'mailer'>,
  row: StoredUser,
  { purpose, lifetimeMs, write }: Introduction,
): Promise<User> {
  if ((await findUserRow(ctx.store.db, 'username', row.username)) !== undefined) throw usernameTaken();
  const made = newMailToken(ctx, purpose, row.id, lifetimeMs);
  await sendMail(ctx, services.mailer, write(made.token));
  await ctx.store.db.transaction().execute(async (db) => {
    if (!(await insertUser(db, row))) throw usernameTaken();
    await keepMailToken(ctx, db, made);
  });
  return userFromRow(row);
}
