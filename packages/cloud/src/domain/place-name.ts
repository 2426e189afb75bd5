import { DomainError } from './domain-error.ts';

const LONGEST = 100;

/** Characters that would not show, or would turn the text around them. */
const INVISIBLE = /[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/**
 * The name of a product or an organization: 1 to 100 characters, without blanks around it.
 * @throws DomainError `invalid`
 */
export function parsePlaceName(text: string): string {
  const name = text.trim();
  const length = [...name].length;
  if (length >= 1 && length <= LONGEST && !INVISIBLE.test(name)) return name;
  throw new DomainError(
    'invalid',
    'invalid_request',
    `name must have 1 to ${LONGEST} characters, none of them a control character`,
  );
}
