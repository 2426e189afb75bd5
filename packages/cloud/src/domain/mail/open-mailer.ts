import { join } from 'node:path';
import type { Clock, Entropy } from '@cloudchamber/kernel';
import { Mailbox } from './mailbox.ts';
import type { Mailer } from './mailer.ts';
import { SmtpMailer } from './smtp-mailer.ts';

const MAILBOX_FOLDER = 'mailbox';

export interface MailSettings {
  readonly dataDir: string;
  /** CHAMBER_SMTP_URL. */
  readonly smtpUrl?: string;
  /** CHAMBER_MAIL_FROM. */
  readonly mailFrom: string;
}

/** The mailer that the settings ask for: SMTP, or else a mailbox in the data folder, which is told apart so that operators can read it. */
export function openMailer(
  { dataDir, smtpUrl, mailFrom }: MailSettings,
  ambient: { readonly clock: Clock; readonly entropy: Entropy },
): { readonly mailer: Mailer; readonly mailbox?: Mailbox } {
  const { clock, entropy } = ambient;
  const shared = { from: mailFrom, clock, entropy };
  if (smtpUrl !== undefined) return { mailer: new SmtpMailer({ ...shared, url: smtpUrl }) };
  const mailbox = new Mailbox({ ...shared, folder: join(dataDir, MAILBOX_FOLDER) });
  return { mailer: mailbox, mailbox };
}
