import { DomainError } from '../domain-error.ts';

const LONGEST_DESCRIPTION = 1000;

/** Control characters other than tabs and ends of lines. */
const CONTROL = /[^\P{Cc}\t\n\r]|\p{Cs}/u;

/** What makes names the same: without case, and with single spaces (PRD-02). */
export function nameKeyOf(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();
}

/** @returns the description without blanks around it. @throws DomainError `invalid` beyond 1000 characters. */
export function parseDescription(text: string): string {
  const description = text.trim();
  if ([...description].length <= LONGEST_DESCRIPTION && !CONTROL.test(description)) return description;
  throw new DomainError(
    'invalid',
    'invalid_request',
    `description must have at most ${LONGEST_DESCRIPTION} characters, none of them a control character`,
  );
}

/** @param name as the caller gave it */
export const productNameTaken = (name: string) =>
  new DomainError(
    'conflict',
    'product_name_taken',
    `The name "${name}" is taken: names of products are unique over the whole cloud. Choose another one.`,
  );
