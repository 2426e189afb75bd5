export { Mailbox, type MailboxEntry } from './mailbox.ts';
export type { Mail, Mailer } from './mailer.ts';
export { MemoryMailer } from './memory-mailer.ts';
export { openMailer } from './open-mailer.ts';
export { sendMail } from './send-mail.ts';
