import { errorMessage, type Logger } from '@cloudchamber/kernel';
import { DomainError } from '../domain-error.ts';
import { checkMail } from './check-mail.ts';
import type { Mail, Mailer } from './mailer.ts';

/**
 * Sends a mail; resolves when the next station has it. Call it before the transaction that the mail tells of, so that a refusal leaves nothing half done.
 * @throws DomainError `unavailable` (`mail_unavailable`) when it was not taken, `invalid` for an address or subject that no mail may have.
 */
export async function sendMail({ log }: { readonly log: Logger }, mailer: Mailer, mail: Mail): Promise<void> {
  checkMail(mail);
  try {
    await mailer.send(mail);
  } catch (error) {
    log.error({ subject: mail.subject, error: errorMessage(error) }, 'a mail could not be sent');
    throw new DomainError(
      'unavailable',
      'mail_unavailable',
      'The mail could not be sent and nothing was changed; try again later',
    );
  }
}
