import { hours } from '@cloudchamber/kernel';
import {
  type AccountServices,
  announce,
  checkNewPassword,
  deleteTokensOf,
  invalidMailToken,
  keepMailToken,
  mayMailAgain,
  newMailToken,
  peekMailToken,
  takeMailToken,
} from '../accounts/index.ts';
import type { Ambient } from '../context.ts';
import { sendMail } from '../mail/index.ts';
import { customerName, isEmail } from './customer.ts';
import { changeCustomerPassword, findCustomerByName } from './customer-store.ts';
import type { CustomerPlace } from './enter-with-client.ts';

const PURPOSE = 'reset_customer_password';
const LIFETIME = hours(1);

/**
 * Mails a link of one hour for a new password, if the product has a customer with this e-mail address and a password. Everything happens after
 * this returns, so that neither the reply nor the time until it tells whether there is one. While five such mails wait for an answer no other
 * goes out.
 */
export function requestCustomerReset(
  ctx: Ambient,
  services: Pick<AccountServices, 'mailer' | 'publicUrl' | 'aside'>,
  { product }: CustomerPlace,
  email: string,
): void {
  const username = customerName(email);
  if (username === undefined || !isEmail(username)) return;
  services.aside.run('mail for a password reset of a customer', async () => {
    const customer = await findCustomerByName(ctx.store.db, product.id, username);
    if (customer === undefined || !customer.hasPassword) return;
    if (!(await mayMailAgain(ctx, customer.id, PURPOSE))) return;
    const made = newMailToken(ctx, PURPOSE, customer.id, LIFETIME);
    const link = `${services.publicUrl}/reset-customer-password?token=${made.token}`;
    await sendMail(ctx, services.mailer, resetMail(username, product.name, link));
    await ctx.store.db.transaction().execute((db) => keepMailToken(ctx, db, made));
  });
}

/** Does a token for a new password still work? For the page that asks for one. */
export async function isCustomerResetToken(ctx: Pick<Ambient, 'store' | 'clock'>, token: string): Promise<boolean> {
  return (await peekMailToken(ctx, PURPOSE, token)) !== undefined;
}

/**
 * Sets the password of the customer that a mail went to, and logs it out everywhere.
 * @throws DomainError `invalid` for a bad password (the token stays good) and `invalid_mail_token`.
 */
export async function resetCustomerPassword(
  ctx: Ambient,
  services: Pick<AccountServices, 'hasher' | 'tokens' | 'bus'>,
  { token, password }: { readonly token: string; readonly password: string },
): Promise<void> {
  checkNewPassword(password);
  // Asked before the work of hashing, which a token that was guessed must not cause.
  if (!(await isCustomerResetToken(ctx, token))) throw invalidMailToken();
  const hash = await services.hasher.hash(password, ctx.entropy);
  const revoked = await ctx.store.db.transaction().execute(async (db) => {
    const id = await takeMailToken(ctx, db, PURPOSE, token);
    if (!(await changeCustomerPassword(db, id, hash))) throw invalidMailToken();
    return deleteTokensOf(db, { kind: 'customer', id });
  });
  announce(services, revoked);
}

const resetMail = (to: string, product: string, link: string) => ({
  to,
  subject: 'Reset your password',
  text: `Somebody asked to reset your password for ${product}. Open this page to choose a new one:

${link}

The link works once, within the next hour. If it was not you, ignore this mail: your password stays as it is.
`,
});
