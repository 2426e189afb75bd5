import { stripVTControlCharacters } from 'node:util';

/** What came from a device or another person, safe to print on one line: no escape sequences, no control characters but tabs. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/(?!\t)\p{Cc}/gu, '\ufffd');
}
