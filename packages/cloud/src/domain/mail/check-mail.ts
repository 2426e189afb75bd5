import { DomainError } from '../domain-error.ts';
import type { Mail } from './mailer.ts';

const LONGEST_SUBJECT = 200;
const LONGEST_TEXT = 100_000;
/** One address and nothing else: no list, no comment, no line break that would begin another header (RFC 5322 section 3.4.1). */
const ADDRESS = /^[^\s@<>"(),:;[\]\\\p{Cc}]{1,64}@[^\s@<>"(),:;\\\p{Cc}]{1,190}$/u;
const CONTROL = /\p{Cc}/u;

/** @throws DomainError `invalid` (`invalid_mail`) when address or subject could add headers or recipients, or the mail is too long. */
export function checkMail(mail: Mail): void {
  if (!ADDRESS.test(mail.to)) throw badMail('A mail goes to one address');
  if (mail.subject === '' || mail.subject.length > LONGEST_SUBJECT || CONTROL.test(mail.subject)) {
    throw badMail(`The subject of a mail is one line of at most ${LONGEST_SUBJECT} characters`);
  }
  if (mail.text.length > LONGEST_TEXT) throw badMail(`A mail has at most ${LONGEST_TEXT} characters`);
}

function badMail(message: string): DomainError {
  return new DomainError('invalid', 'invalid_mail', message);
}
