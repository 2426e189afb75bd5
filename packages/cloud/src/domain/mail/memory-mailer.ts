import { checkMail } from './check-mail.ts';
import type { Mail, Mailer } from './mailer.ts';

/** For tests: keeps what was sent. */
export class MemoryMailer implements Mailer {
  readonly sent: Mail[] = [];
  /** What the next mails are refused with, while it is set. */
  failure: Error | undefined;

  async send(mail: Mail): Promise<void> {
    checkMail(mail);
    if (this.failure !== undefined) throw this.failure;
    this.sent.push(mail);
  }

  async close(): Promise<void> {}
}
