import type { Clock, Entropy } from '@cloudchamber/kernel';
import { mailDate } from './mail-date.ts';
import type { Mail } from './mailer.ts';

/** What every mail of a cloud shares. */
export interface Envelope {
  readonly from: string;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

/** @returns a mail as nodemailer takes it. Date and id are ours, so that nothing asks the system for time or chance. */
export function envelopeOf({ from, clock, entropy }: Envelope, mail: Mail) {
  const host = /@([^\s@>]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
  return {
    from,
    to: { name: '', address: mail.to },
    subject: mail.subject,
    text: mail.text,
    date: mailDate(clock.now()),
    messageId: `<${entropy.bytes(16).toString('hex')}@${host}>`,
    // Asks mail programs not to answer with holiday notices (RFC 3834 section 5).
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}
