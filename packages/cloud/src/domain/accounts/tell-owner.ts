import type { Ambient } from '../context.ts';
import { type Mail, sendMail } from '../mail/index.ts';
import type { AccountServices } from './account-services.ts';

/** Mails the owner of an account about what has happened; nobody waits for it, and when it fails the log says so. */
export function tellOwner(
  ctx: Pick<Ambient, 'log'>,
  services: Pick<AccountServices, 'mailer' | 'aside'>,
  mail: Mail,
): void {
  services.aside.run(`mail: ${mail.subject}`, () => sendMail(ctx, services.mailer, mail));
}
